"""Dask: a cluster that is started here, one that exists, folders that it does not see, workers that die."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import LocalCluster, Security
from tests.batch.running.real_job import write_job
from tests.batch.running.small_batch import run, small_work

from stresstest.batch import dask_runner
from stresstest.batch.jobs.job import load_job
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import run_batch
from stresstest.batch.store.journal import read_journal
from stresstest.errors import InputError, ResourceError

pytestmark = pytest.mark.filterwarnings("ignore")  # distributed warns of ports and files of its own


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> str:
    return run(small_work(tmp_path_factory.mktemp("whole") / "run")).digest


TLS_ENDS = ("client", "scheduler", "worker")


def local_cluster() -> Any:
    security = Security() if dask.config.get("distributed.comm.tls.ca-file", None) else None
    return LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        protocol="tls://" if security else None,
        security=security,
        dashboard_address=None,
        memory_limit=0,
    )


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with local_cluster() as cluster:
        yield cluster


def events_of(root: Path, event: str) -> list[dict[str, Any]]:
    return [line for line in read_journal(root / "log.jsonl") if line["event"] == event]


def test_a_cluster_that_exists_gives_the_same_digest(tmp_path: Path, digest: str, cluster: Any) -> None:
    options = BatchOptions(executor="dask", dask=cluster.scheduler_address)
    outcome = run(small_work(tmp_path / "run"), options)
    assert outcome.digest == digest
    assert cluster.scheduler_info["workers"]


def test_workers_that_do_not_see_the_folder_send_their_parts_back(
    tmp_path: Path, digest: str, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_runner, "_token", lambda _: "of another folder")
    options = BatchOptions(executor="dask", dask=cluster.scheduler_address)
    outcome = run(small_work(tmp_path / "run"), options)
    assert outcome.digest == digest
    assert len(events_of(tmp_path / "run", "task_done")) == 9


def test_a_task_that_raises_is_set_apart(tmp_path: Path, cluster: Any) -> None:
    options = BatchOptions(executor="dask", dask=cluster.scheduler_address)
    outcome = run(small_work(tmp_path / "run", trouble={"value-02": "raise"}), options)
    assert outcome.poisoned == {"value-02": ("ArithmeticError: no such number",) * 2}


def test_a_worker_that_is_killed_mid_run_changes_no_number_of_a_real_job(tmp_path: Path) -> None:
    root, job = tmp_path / "run", load_job(write_job(tmp_path / "job", draws=5_000))
    killed: list[int] = []

    def kill_a_worker() -> None:
        while not events_of(root, "task_done"):
            time.sleep(0.01)
        killed.append(worker_processes()[0])
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill_a_worker, daemon=True)
    killer.start()
    outcome = run_batch(job, root, BatchOptions(2, "dask", dask="local"))
    killer.join(timeout=60)
    assert killed
    assert outcome.poisoned == {}
    assert outcome.digest == run_batch(job, tmp_path / "whole", BatchOptions(1, "serial")).digest


def worker_processes() -> list[int]:
    """Return the grandchildren that Dask's nannies have started: processes of multiprocessing."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    found = [child for task in tasks.iterdir() for child in map(int, (task / "children").read_text().split())]
    return [child for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_a_task_that_kills_its_workers_is_set_apart_and_the_rest_completes(tmp_path: Path) -> None:
    work = small_work(tmp_path / "run", trouble={"value-02": "die"})
    outcome = run(work, BatchOptions(2, "dask", dask="local"))
    assert list(outcome.poisoned) == ["value-02"]
    assert "KilledWorker" in outcome.poisoned["value-02"][0]
    assert outcome.manifest["complete"] is False


def test_an_address_that_is_none_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ST755.*nonsense.*tls://scheduler:8786"):
        run(small_work(tmp_path / "run"), BatchOptions(executor="dask", dask="nonsense"))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key with a certificate that it has signed itself, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make certificates with")
    path = tmp_path / "both.pem"
    line = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=batch"]
    subprocess.run(
        [*line, "-keyout", path, "-out", path.with_suffix(".crt")], check=True, capture_output=True
    )
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


def test_a_cluster_with_tls_is_reached_with_the_certificates_of_dask_s_configuration(
    tmp_path: Path, digest: str, certificate: Path
) -> None:
    ends = {f"{end}.{what}": str(certificate) for end in TLS_ENDS for what in ("cert", "key")}
    tls = {f"distributed.comm.tls.{name}": value for name, value in ends.items()}
    tls["distributed.comm.tls.ca-file"] = str(certificate)
    with dask.config.set({**tls, "distributed.comm.require-encryption": True}), local_cluster() as cluster:
        assert cluster.scheduler_address.startswith("tls://")
        options = BatchOptions(executor="dask", dask=cluster.scheduler_address)
        assert run(small_work(tmp_path / "run"), options).digest == digest


def test_no_cluster_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_runner, "_SECONDS_TO_CONNECT", 1)
    with pytest.raises(ResourceError, match=r"no Dask cluster at tcp://127\.0\.0\.1:9"):
        run(small_work(tmp_path / "run"), BatchOptions(executor="dask", dask="tcp://127.0.0.1:9"))


def test_a_cluster_of_another_version_is_refused(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_runner, "source_sha256", lambda: "of another version")
    with pytest.raises(InputError, match=r"ST755.*another version of stresstest"):
        run(small_work(tmp_path / "run"), BatchOptions(executor="dask", dask=cluster.scheduler_address))


def test_a_job_leaves_nothing_where_its_cluster_is_of_no_use(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, root = load_job(write_job(tmp_path)), tmp_path / "run"
    with pytest.raises(InputError, match=r"ST755.*nonsense"):
        run_batch(job, root, BatchOptions(executor="dask", dask="nonsense"))
    monkeypatch.setattr(dask_runner, "source_sha256", lambda: "of another version")
    with pytest.raises(InputError, match=r"ST755.*another version of stresstest"):
        run_batch(job, root, BatchOptions(executor="dask", dask=cluster.scheduler_address))
    assert not root.exists()


def test_nothing_else_loads_dask() -> None:
    code = "import stresstest.batch.running.runner, sys; print({'dask', 'distributed'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"
