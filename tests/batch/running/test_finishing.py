"""Runs cut short at every step and gone on with: the same digest, each row exactly once, nothing torn."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.batch.running.faults import failing_step
from tests.batch.running.small_batch import SmallBatch, SmallWork, run, small_work

from stresstest.batch.running.finishing import begin
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.store.folder import Layout, open_new
from stresstest.batch.store.journal import read_journal
from stresstest.errors import InputError, ResourceError


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> str:
    return run(small_work(tmp_path_factory.mktemp("whole") / "run")).digest


def rows_of(root: Path) -> list[str]:
    files = sorted(root.glob("results/pnl/group=*/part.parquet"))
    return [name for file in files for name in pq.ParquetFile(file).read()["portfolio"].to_pylist()]


def events_of(root: Path, event: str) -> list[dict[str, Any]]:
    return [line for line in read_journal(root / "log.jsonl") if line["event"] == event]


EXECUTORS = [("serial", 1), ("threads", 3), ("processes", 2), ("processes", 3)]


@pytest.mark.parametrize(("executor", "workers"), EXECUTORS)
def test_every_executor_gives_the_same_digest(
    tmp_path: Path, digest: str, executor: Any, workers: int
) -> None:
    outcome = run(small_work(tmp_path / "run"), BatchOptions(workers, executor))
    assert outcome.digest == digest
    assert outcome.manifest["complete"] is True
    assert not (tmp_path / "run" / "parts").exists()
    assert not (tmp_path / "run" / "lock").exists()
    assert len(outcome.manifest["parts"]) == 6 + 2 * 3


def test_a_finished_run_is_left_as_it_is(tmp_path: Path, digest: str) -> None:
    run(small_work(tmp_path / "run"))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "run").rglob("*.parquet")}
    assert run(small_work(tmp_path / "run")).digest == digest
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "run").rglob("*.parquet")} == before


def test_whichever_write_fails_the_run_can_be_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(root: Path) -> SmallWork:
        return small_work(root, n_values=2, n_portfolios=4)

    whole = run(small(tmp_path / "whole")).digest
    for fatal in range(1, 1000):
        root = tmp_path / str(fatal)
        try:
            with failing_step(fatal, errno.ENOSPC, monkeypatch) as armed:
                outcome = run(small(root))
        except ResourceError:
            outcome = run(small(root))
        assert outcome.digest == whole
        assert rows_of(root) == ["p000", "p001", "p002", "p003"]
        assert not [path for path in root.rglob("*") if path.suffix == ".tmp"]
        if armed.count < fatal:
            break
    assert fatal > 60


def test_a_limit_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = f"disk is full(.|\n)*stresstest resume {tmp_path / 'run'}"
    with failing_step(20, errno.ENOSPC, monkeypatch), pytest.raises(ResourceError, match=said):
        run(small_work(tmp_path / "run"))
    assert len(events_of(tmp_path / "run", "out_of_resources")) == 1


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_memory_that_gives_out_ends_the_run_and_it_can_be_resumed(
    tmp_path: Path, digest: str, executor: Any
) -> None:
    work = small_work(tmp_path / "run", trouble={"value-03": "memory_once"})
    with pytest.raises(ResourceError, match="memory gave out in value-03"):
        run(work, BatchOptions(2, executor))
    assert run(work).digest == digest


def test_a_cap_on_memory_ends_the_run(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ResourceError, match=r"holds [\d,]+ bytes, 1,000 allowed"):
        run(small_work(tmp_path / "run"), BatchOptions(1, "serial", memory=1000))
    assert run(small_work(tmp_path / "run")).digest == digest


@pytest.mark.parametrize("kind", ["die", "leave", "raise"])
def test_a_task_that_fails_once_is_done_at_the_second_attempt(tmp_path: Path, digest: str, kind: str) -> None:
    trouble = {"value-02": f"{kind}_once", "assemble-0001": f"{kind}_once"}
    outcome = run(small_work(tmp_path / "run", trouble=trouble), BatchOptions(2, "processes"))
    assert outcome.digest == digest
    assert [event["task"] for event in events_of(tmp_path / "run", "task_failed")] == list(trouble)


def test_a_poisoned_task_is_set_apart_and_tried_again_by_a_resume(tmp_path: Path, digest: str) -> None:
    root = tmp_path / "run"
    outcome = run(small_work(root, trouble={"value-02": "die"}), BatchOptions(2, "processes"))
    assert outcome.poisoned == {"value-02": ("its process was killed by SIGKILL",) * 2}
    assert outcome.manifest["complete"] is False
    assert outcome.manifest["poisoned"] == {"value-02": ["its process was killed by SIGKILL"] * 2}
    assert rows_of(root) == [f"p{row:03d}" for row in range(7)]
    names = pq.ParquetFile(root / "results/pnl/group=0000/part.parquet").schema_arrow.names
    assert "s02_0" not in names
    assert "s03_0" in names
    again = run(small_work(root))
    assert again.digest == digest
    assert again.manifest["complete"] is True
    assert len(events_of(root, "task_done")) == 5 + 3 + 1 + 3


def test_the_first_failure_ends_a_run_that_is_to_fail_fast(tmp_path: Path, digest: str) -> None:
    work = small_work(tmp_path / "run", trouble={"value-00": "raise_once"})
    with pytest.raises(Exception, match="task value-00 failed: ArithmeticError: no such number"):
        run(work, BatchOptions(1, "serial", fail_fast=True))
    assert run(work).digest == digest


def test_parts_damaged_between_two_runs_are_made_anew_and_named(tmp_path: Path, digest: str) -> None:
    root = tmp_path / "run"
    work = small_work(root, trouble={"assemble-0000": "memory_once"})
    with pytest.raises(ResourceError):
        run(work)
    part = root / "parts" / "value-04.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    assert run(work).digest == digest
    assert [event["path"] for event in events_of(root, "part_damaged")] == ["parts/value-04.parquet"]


def test_parts_damaged_during_a_run_are_made_anew(
    tmp_path: Path, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "run"
    assembled = SmallWork.assembled
    damaged: list[Path] = []

    def damaging(work: SmallWork, group: int) -> Any:
        if group == 1 and not damaged:
            damaged.append(root / "parts" / "value-05.parquet")
            damaged[0].write_bytes(b"")
        return assembled(work, group)

    monkeypatch.setattr(SmallWork, "assembled", damaging)
    assert run(small_work(root)).digest == digest
    assert [event["by"] for event in events_of(root, "part_damaged")] == ["assemble-0001", "assemble-0002"]


def test_a_second_run_does_not_begin_in_the_folder_of_the_first(tmp_path: Path) -> None:
    layout = open_new(tmp_path / "run")
    begin(layout, SmallBatch(small_work(layout.root)), BatchOptions())
    with pytest.raises(InputError, match="unfinished run"):
        open_new(tmp_path / "run")
    assert Layout(tmp_path / "run").state() == "unfinished"
