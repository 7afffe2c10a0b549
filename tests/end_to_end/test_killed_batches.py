"""Real batches on the command line, killed at random moments and resumed: nothing lost, torn or doubled."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.batch.running.killing import kill_and_resume
from tests.batch.running.real_job import write_job
from tests.cli.runner import ENTRY, run

from stresstest.batch.jobs.job import load_job
from stresstest.batch.planning.plan import Task
from stresstest.batch.running import runner
from stresstest.batch.running.batch_work import BatchWork
from stresstest.batch.running.finishing import RunOutcome
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import run_batch
from stresstest.batch.store.folder import Layout, read_document
from stresstest.batch.store.parts import Output
from stresstest.io.resources import library_path

OURS = {"inputs", "log.jsonl", "manifest.json", "plan.json", "results", "summary.txt"}
OPTIONS = ("--executor", "processes", "--workers", "2")


def run_uninterrupted(job: Path, folder: Path) -> RunOutcome:
    return run_batch(load_job(job), folder, BatchOptions(1, "serial"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunOutcome]:
    """The job of eight tasks, and its run that nothing interrupts."""
    folder = tmp_path_factory.mktemp("small")
    job = write_job(folder, draws=1_500, group_size=1)
    return job, run_uninterrupted(job, folder / "run")


def kill(job: Path, whole: RunOutcome, folder: Path, wanted: int) -> None:
    """Kill the job's runs `wanted` times, and check every one that ends."""
    expected = rows_of(whole.layout.root)
    assert set(expected.values()) == {1}

    def command(root: Path) -> Sequence[str]:
        begun = Layout(root).state() != "new"
        verb = ["resume", str(root)] if begun else ["batch", str(job), "-o", str(root)]
        return [sys.executable, "-c", ENTRY, *verb, *OPTIONS]

    def check(root: Path) -> None:
        manifest = read_document(Layout(root).manifest)
        assert manifest["digest"] == whole.digest
        assert rows_of(root) == expected
        assert {entry.name for entry in root.iterdir()} == OURS
        assert hashes_of(root) == hashes_of(whole.layout.root)
        for part in manifest["parts"]:
            if part["path"].startswith("results/"):
                content = (root / part["path"]).read_bytes()
                assert (hashlib.sha256(content).hexdigest(), len(content)) == (part["sha256"], part["size"])

    kills = kill_and_resume(lambda number: folder / str(number), command, check, wanted, seed=20251003)
    sys.stdout.write(f"{kills} of {job.stem}\n")
    assert kills.total == wanted
    assert min(kills.parents, kills.workers) > wanted // 5


def rows_of(root: Path) -> Counter[tuple[str, str]]:
    """Return how often each portfolio has each result that is no null."""
    found: Counter[tuple[str, str]] = Counter()
    for file in sorted([*root.glob("results/pnl/*/*"), *root.glob("results/draws/*/*")]):
        table = pq.ParquetFile(file).read()
        for name in table.column_names[1:]:
            found.update((portfolio, name) for portfolio in table["portfolio"].to_pylist())
    return found


def hashes_of(root: Path) -> dict[str, str]:
    """Return the hash of every table of results: the files are the same, not the numbers alone."""
    files = sorted((root / "results").rglob("*.parquet"))
    return {str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_twenty_kills(tmp_path: Path, small: tuple[Path, RunOutcome]) -> None:
    kill(*small, tmp_path, 20)


@pytest.mark.long
def test_two_hundred_kills(tmp_path: Path, small: tuple[Path, RunOutcome]) -> None:
    kill(*small, tmp_path, 200)


@pytest.mark.long
def test_kills_of_the_shipped_job(tmp_path: Path) -> None:
    text = (library_path("portfolios") / "jobs" / "nightly.yaml").read_text(encoding="utf-8")
    (tmp_path / "nightly.yaml").write_text(text.replace("group_size: 500", "group_size: 2"), encoding="utf-8")
    job = tmp_path / "nightly.yaml"
    kill(job, run_uninterrupted(job, tmp_path / "whole"), tmp_path / "killed", 20)


DEADLY = "value-named-0000"


class DeadlyWork(BatchWork):
    """Kills the process of one task, each time."""

    def __call__(self, task: Task) -> Output:
        if task.id == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(task)


def test_a_task_that_kills_its_process_is_set_apart_and_the_rest_completes(
    tmp_path: Path, small: tuple[Path, RunOutcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    job, whole = small
    root, reason = tmp_path / "run", "its process was killed by SIGKILL"
    with monkeypatch.context() as patch:
        patch.setattr(runner, "BatchWork", DeadlyWork)
        outcome = run_batch(load_job(job), root, BatchOptions(2, "processes"))
    assert outcome.poisoned == {DEADLY: (reason, reason)}
    assert f"{DEADLY}: {reason}" in " ".join(outcome.layout.summary.read_text(encoding="utf-8").split())
    assert draws_of(hashes_of(root)) == draws_of(hashes_of(whole.layout.root))
    shown = run("status", root)
    assert (shown.code, "without tasks that were set apart" in shown.out) == (0, True)
    again = run("resume", root)
    assert (again.code, whole.digest[:16] in again.out) == (0, True)


def draws_of(hashes: dict[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in hashes.items() if "/draws/" in name}
