"""Real batches on the command line, killed at random moments and resumed: nothing lost, torn or doubled."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.batch.running.killing import children, kill_and_resume
from tests.batch.running.real_job import write_job
from tests.cli.runner import ENTRY, start

from stresstest.batch.jobs.job import load_job
from stresstest.batch.running.finishing import RunOutcome
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import resume, run_batch
from stresstest.batch.store.folder import Layout, read_document
from stresstest.batch.store.journal import read_journal
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


def test_a_task_that_kills_its_process_is_set_apart_and_the_rest_completes(
    tmp_path: Path, small: tuple[Path, RunOutcome]
) -> None:
    job, whole = small
    root, task = tmp_path / "run", "value-named-0000"
    process = start(["batch", job, "-o", root, "--executor", "processes", "--workers", "1"])
    while process.poll() is None:
        if is_running(root, task):
            for worker in children(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
        time.sleep(0.002)
    out, _ = process.communicate()
    assert process.returncode == 3
    assert f"{task}: its process was killed by SIGKILL" in " ".join(out.split())
    assert read_document(Layout(root).manifest)["poisoned"] == {
        task: ["its process was killed by SIGKILL"] * 2
    }
    assert {key: value for key, value in hashes_of(root).items() if "draws" in key} == {
        key: value for key, value in hashes_of(whole.layout.root).items() if "draws" in key
    }
    assert resume(root).digest == whole.digest


def is_running(root: Path, task: str) -> bool:
    """Tell whether the log's last word of a task is that it was started."""
    events = [event for event in read_journal(root / "log.jsonl") if event.get("task") == task]
    return bool(events) and events[-1]["event"] == "task_started"
