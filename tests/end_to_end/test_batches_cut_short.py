"""Real batches on the command line that are interrupted, run out of room or meet another run; and go on."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.batch.running.faults import failing_step
from tests.batch.running.real_job import write_job
from tests.cli.runner import ENTRY, run, start

from stresstest.batch.jobs.job import load_job
from stresstest.batch.running import runner
from stresstest.batch.running.finishing import RunOutcome
from stresstest.batch.running.memory import MemoryGauge
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.progress import Progress
from stresstest.batch.running.runner import plan_batch, resume, run_batch
from stresstest.batch.store.folder import Layout
from stresstest.batch.store.journal import read_journal
from stresstest.errors import ResourceError

SERIAL = BatchOptions(1, "serial")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The small job and the digest of its run that nothing cuts short."""
    folder = tmp_path_factory.mktemp("small")
    job = write_job(folder)
    return job, run_batch(load_job(job), folder / "run", SERIAL).digest


def until(log: Path, event: str) -> None:
    """Wait until a log has an event."""
    deadline = time.monotonic() + 120.0
    while not any(line["event"] == event for line in read_journal(log)):
        assert time.monotonic() < deadline, event
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("executor", "number", "status"), [("processes", signal.SIGINT, 130), ("serial", signal.SIGTERM, 143)]
)
def test_an_interrupted_batch_says_how_to_go_on_and_does(
    tmp_path: Path, small: tuple[Path, str], executor: str, number: signal.Signals, status: int
) -> None:
    job, digest = small
    root = tmp_path / "run"
    process = start(["batch", job, "-o", root, "--executor", executor, "--workers", "2"])
    until(root / "log.jsonl", "task_started")
    process.send_signal(number)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (status, "")
    assert "Traceback" not in err
    assert f"go on with: stresstest resume {root}" in err
    assert "cut short" in run("status", root).out
    assert resume(root).digest == digest
    assert "finished" in run("status", root).out


LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, resource.RLIM_INFINITY)); "


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_a_full_disk_ends_with_status_5_and_what_to_do(
    tmp_path: Path, small: tuple[Path, str], executor: str
) -> None:
    job, digest = small
    root = tmp_path / "run"
    line = [sys.executable, "-c", LIMITED + ENTRY, "batch", job, "-o", root, "--executor", executor]
    ended = subprocess.run(line, capture_output=True, text=True, check=False, timeout=300)
    assert (ended.returncode, ended.stdout) == (5, "")
    assert "the limit on the size of files is reached; raise it (ulimit -f)" in ended.stderr
    assert f"go on with: stresstest resume {root}" in ended.stderr
    assert not Layout(root).manifest.exists()
    assert not list(root.rglob("*.tmp"))
    assert resume(root, SERIAL).digest == digest


def test_memory_beyond_the_cap_ends_the_run_and_it_goes_on(tmp_path: Path, small: tuple[Path, str]) -> None:
    job, digest = small
    room = 200_000_000
    cap = max(MemoryGauge().read(()), plan_batch(load_job(job), SERIAL).plan.bytes) + room
    ballast = []

    def fill(progress: Progress) -> None:
        if progress.stage == "valuing" and progress.done == 1 and not ballast:
            ballast.append(np.ones(cap // 8))

    with pytest.raises(ResourceError, match=r"allowed; raise --memory(.|\n)*stresstest resume"):
        run_batch(load_job(job), tmp_path / "run", BatchOptions(1, "serial", memory=cap), fill)
    ballast.clear()
    assert read_journal(tmp_path / "run" / "log.jsonl")[-1]["event"] == "out_of_resources"
    assert resume(tmp_path / "run").digest == digest


def test_of_two_batches_into_one_folder_one_proceeds_and_the_other_names_it(
    tmp_path: Path, small: tuple[Path, str]
) -> None:
    job, digest = small
    for root in (tmp_path / str(race) for race in range(8)):
        racers = [start(["batch", job, "-o", root, "--executor", "serial"]) for _ in range(2)]
        said = [racer.communicate(timeout=300) for racer in racers]
        winner, loser = sorted(range(2), key=lambda number: racers[number].returncode)
        assert racers[winner].returncode == 0
        assert digest[:16] in said[winner][0]
        if racers[loser].returncode == 5:
            assert f"process {racers[winner].pid} on " in said[loser][1]
            return
        # A busy machine may start the second one only after the first has finished.
        assert racers[loser].returncode == 2
        assert "ST751" in said[loser][1]
    pytest.fail("in eight races no two runs were at work at once")


@pytest.fixture
def planned_once(small: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Load and prepare the job once: what is under test begins after it."""
    planned = plan_batch(load_job(small[0]), SERIAL)
    monkeypatch.setattr(runner, "plan_batch", lambda *_: planned)
    yield


def fails_at(fatal: int, job: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[RunOutcome, bool]:
    """Run with the step number `fatal` failing, and go on after it; tell whether there was such a step."""
    try:
        with failing_step(fatal, errno.ENOSPC, monkeypatch) as armed:
            return run_batch(load_job(job), root, SERIAL), armed.count >= fatal
    except ResourceError as error:
        assert "the disk is full; make room" in str(error)
    if Layout(root).state() == "new":
        return run_batch(load_job(job), root, SERIAL), True
    return resume(root, SERIAL), True


def every_write_fails(step: int, small: tuple[Path, str], root: Path, patch: pytest.MonkeyPatch) -> int:
    job, digest = small
    for fatal in range(1, 10_000, step):
        outcome, failed = fails_at(fatal, job, root / str(fatal), patch)
        assert outcome.digest == digest
        assert not list((root / str(fatal)).rglob("*.tmp"))
        if not failed:
            return fatal
    raise AssertionError("there is no end of writes")


@pytest.mark.usefixtures("planned_once")
def test_now_and_then_a_write_fails(
    tmp_path: Path, small: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert every_write_fails(23, small, tmp_path, monkeypatch) > 200


@pytest.mark.long
@pytest.mark.usefixtures("planned_once")
def test_every_write_fails_once(
    tmp_path: Path, small: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert every_write_fails(1, small, tmp_path, monkeypatch) > 200
