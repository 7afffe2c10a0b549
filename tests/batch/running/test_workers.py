"""Processes that are killed, parents that die, keyboards that interrupt, runs that race into one folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.architecture.source_tree import ROOT
from tests.batch.running.killing import children, kill_and_resume
from tests.batch.running.small_batch import run, small_work

from stresstest.batch.store.folder import Layout, read_document
from stresstest.batch.store.journal import read_journal
from stresstest.batch.store.lock import is_held

N_VALUES = 10
KILLS = 200


def command(root: Path, *more: str) -> Sequence[str]:
    module = "tests.batch.running.small_batch"
    return [sys.executable, "-m", module, str(root), "--values", str(N_VALUES), *more]


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> str:
    return run(small_work(tmp_path_factory.mktemp("whole") / "run", n_values=N_VALUES)).digest


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def rows_of(root: Path) -> Counter[str]:
    files = sorted(root.glob("results/pnl/group=*/part.parquet"))
    return Counter(name for file in files for name in pq.ParquetFile(file).read()["portfolio"].to_pylist())


@pytest.mark.long
def test_killed_at_any_moment_a_run_ends_with_the_same_digest(tmp_path: Path, digest: str) -> None:
    def check(root: Path) -> None:
        layout = Layout(root)
        assert read_document(layout.manifest)["digest"] == digest
        assert rows_of(root) == {f"p{row:03d}": 1 for row in range(7)}
        assert {entry.name for entry in root.iterdir()} == {
            "log.jsonl",
            "manifest.json",
            "plan.json",
            "results",
        }

    kills = kill_and_resume(
        lambda number: tmp_path / str(number),
        lambda root: command(root, "--seconds", "0.2"),
        check,
        KILLS,
        seed=20251003,
    )
    assert kills.total == KILLS
    assert kills.parents > KILLS // 5
    assert kills.workers > KILLS // 5


def until(path: Path, event: str) -> None:
    """Wait until a log has an event."""
    for _ in range(1200):
        if any(line["event"] == event for line in read_journal(path)):
            return
        time.sleep(0.05)
    raise TimeoutError(event)


INTERRUPTS = [
    ("processes", signal.SIGINT, 130),
    ("processes", signal.SIGTERM, 143),
    ("threads", signal.SIGINT, 130),
    ("serial", signal.SIGTERM, 143),
]


@pytest.mark.parametrize(("executor", "number", "status"), INTERRUPTS)
def test_an_interrupted_run_can_be_resumed(
    tmp_path: Path, digest: str, executor: str, number: signal.Signals, status: int
) -> None:
    root = tmp_path / "run"
    line = command(root, "--seconds", "0.1", "--executor", executor)
    process = subprocess.Popen(line, stderr=subprocess.PIPE, start_new_session=True)
    until(root / "log.jsonl", "task_done")
    os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=60)
    # Python itself ends by the signal where nobody turns the interrupt into 130, as the command line does.
    assert process.returncode in (status, -number)
    assert errors.count(b"Traceback") == (number == signal.SIGINT)
    assert not is_held(root / "lock")
    assert [line["event"] for line in read_journal(root / "log.jsonl")][-1] == "interrupted"
    done = subprocess.run(command(root), capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == digest


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    process = subprocess.Popen(command(tmp_path / "run", "--seconds", "30"))
    until(tmp_path / "run" / "log.jsonl", "task_started")
    workers = children(process.pid)
    assert len(workers) == 2
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10.0
    while any(is_running(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not [worker for worker in workers if is_running(worker)]


def is_running(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def test_of_two_runs_that_race_into_a_folder_one_proceeds(tmp_path: Path, digest: str) -> None:
    root = tmp_path / "run"
    racers = [
        subprocess.Popen(
            command(root, "--seconds", "0.3"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    ends = [(racer, *racer.communicate(timeout=120)) for racer in racers]
    assert sorted(racer.returncode for racer in racers) == [0, 5, 5, 5]
    winner = next(racer for racer in racers if racer.returncode == 0)
    for racer, out, errors in ends:
        if racer is winner:
            assert out.strip() == digest
        else:
            assert f"process {winner.pid} on " in errors


LIMITED = """
import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
runpy.run_module("tests.batch.running.small_batch", run_name="__main__")
"""


def test_a_limit_on_the_size_of_files_leaves_a_run_that_can_be_resumed(tmp_path: Path, digest: str) -> None:
    root = tmp_path / "run"
    line = [sys.executable, "-c", LIMITED, "4000", *command(root, "--executor", "serial")[3:]]
    limited = subprocess.run(line, capture_output=True, text=True, check=False, timeout=120)
    assert limited.returncode == 1
    assert "limit on the size of files is reached" in limited.stderr
    assert f"stresstest resume {root}" in limited.stderr
    assert not Layout(root).manifest.exists()
    done = subprocess.run(command(root), capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == digest
