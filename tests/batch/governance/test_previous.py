"""Breaches are followed through runs: kept, graver, gone for a night, and in a run that is resumed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.batch.governance.governed_job import write_governed

from stresstest.batch.governance.previous import previous_breaches
from stresstest.batch.jobs.job import load_job
from stresstest.batch.reading.run_folder import RunFolder, open_run
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import resume, run_batch
from stresstest.errors import InputError

SHORT = (
    ("scenarios: [cut.yaml, old.yaml, openai_funding_stop, slow_grind]", "scenarios: [cut.yaml]"),
    ("judgement: true\nchallenger: factor_model\n", ""),
)
DAY = date(2025, 10, 3)


def run(folder: Path, name: str, *changes: tuple[str, str], previous: tuple[str, ...] = ()) -> RunFolder:
    job = write_governed(folder / f"job_{name}", *SHORT, *changes)
    options = BatchOptions(executor="serial", previous=[str(folder / one) for one in previous])
    run_batch(load_job(job), folder / name, options)
    return open_run(folder / name)


def ages(run: RunFolder) -> dict[str, tuple[str, int, int]]:
    names = ["limit", "level", "age_runs", "over_runs"]
    return {row.pop("limit"): tuple(row.values()) for row in run.table("breaches", names).to_pylist()}


def test_ages_count_the_nights_without_a_break(tmp_path: Path) -> None:
    first = run(tmp_path, "first")
    assert ages(first) == {"own": ("warning", 1, 1), "committee": ("warning", 1, 1)}
    assert set(first.table("breaches")["since"].to_pylist()) == {DAY}
    second = run(tmp_path, "second", ("max_loss: 30%", "max_loss: 25%"), previous=("first",))
    assert ages(second) == {"own": ("hard", 1, 2), "committee": ("warning", 2, 2)}
    third = run(tmp_path, "third", ("warning: 10%", "warning: 50%"), previous=("second",))
    assert ages(third) == {"own": ("warning", 3, 3)}
    fourth = run(tmp_path, "fourth", previous=("third",))
    assert ages(fourth) == {"own": ("warning", 4, 4), "committee": ("warning", 1, 1)}
    chained = run(tmp_path, "chained", previous=("first", "second"))
    assert ages(chained) == {"own": ("warning", 3, 3), "committee": ("warning", 3, 3)}
    assert {file.role for file in fourth.inputs} >= {"previous"}
    assert fourth.digest == first.digest


def test_a_job_names_the_run_before_from_its_own_folder(tmp_path: Path) -> None:
    run(tmp_path, "first")
    named = run(tmp_path, "named", ("reconcile:", "previous: ../first\nreconcile:"))
    assert ages(named) == {"own": ("warning", 2, 2), "committee": ("warning", 2, 2)}


def test_a_resumed_run_has_the_ages_of_its_copy_though_the_run_before_is_gone(tmp_path: Path) -> None:
    run(tmp_path, "first")
    second = run(tmp_path, "second", previous=("first",))
    expected = second.table("breaches")
    shutil.rmtree(tmp_path / "first")
    (second.path / "manifest.json").unlink()
    shutil.rmtree(second.path / "results" / "breaches")
    resume(second.path, BatchOptions(executor="serial", previous=[str(tmp_path / "first")]))
    assert open_run(second.path).table("breaches") == expected


def test_a_folder_that_is_no_finished_run_is_refused_with_all_else(tmp_path: Path) -> None:
    job = write_governed(tmp_path / "job", *SHORT, ("reconcile:", "previous: nowhere\nreconcile:"))
    with pytest.raises(InputError) as error:
        previous_breaches(load_job(job))
    assert error.value.problems[0].code == "ST760"
    assert "no folder of a finished run" in str(error.value)
