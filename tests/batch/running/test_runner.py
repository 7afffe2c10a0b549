"""Real batches: the same digest however they are run, resumed from their own copies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.batch.running.real_job import write_job

from stresstest.batch.jobs.job import load_job
from stresstest.batch.planning.cost import costs_of
from stresstest.batch.planning.plan import Task
from stresstest.batch.planning.prepared import Group, Prepared
from stresstest.batch.running import batch_work, runner
from stresstest.batch.running.finishing import RunOutcome
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.progress import Progress
from stresstest.batch.running.runner import plan_batch, resume, run_batch
from stresstest.batch.running.status import status_of
from stresstest.batch.store.digest import digest_of_folder
from stresstest.batch.store.folder import Layout, read_document
from stresstest.batch.store.provenance import provenance
from stresstest.batch.valuation.assembly import assemble_group
from stresstest.errors import InputError, ResourceError
from stresstest.io.resources import library_path

SERIAL = BatchOptions(1, "serial")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunOutcome:
    folder = tmp_path_factory.mktemp("whole")
    return run_batch(load_job(write_job(folder)), folder / "run", SERIAL)


def table(root: Path, name: str) -> list[dict[str, Any]]:
    files = sorted(root.glob(f"results/{name}/group=*/part.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def test_a_run_holds_every_portfolio_once_and_what_was_asked_for(whole: RunOutcome) -> None:
    root = whole.layout.root
    assert [row["portfolio"] for row in table(root, "pnl")] == ["alpha", "beta", "delta", "gamma"]
    assert {path.name for path in (root / "results").iterdir()} >= {"pnl", "draws", "measures", "breaches"}
    assert len(table(root, "draws")[0]) == 1 + 700
    assert whole.digest == digest_of_folder(root / "results")
    assert whole.manifest["n_portfolios"] == 4
    assert whole.manifest["n_positions"] == 8
    assert {entry.name for entry in root.iterdir()} == {
        "inputs",
        "log.jsonl",
        "manifest.json",
        "plan.json",
        "results",
        "summary.txt",
    }


def test_the_manifest_lists_every_file_that_was_read_with_its_role(whole: RunOutcome) -> None:
    roles = {Path(file["path"]).name: file["role"] for file in whole.manifest["inputs"]}
    expected = {
        "job.yaml": "job",
        "accounts.csv": "positions",
        "delta.yaml": "positions",
        "ai_capex_collapse.yaml": "scenarios",
        "ai_burst_12m.yaml": "scenarios",
        "market.yaml": "market",
        "factor_model.yaml": "market",
        "model_covariance.csv": "market",
    }
    assert expected.items() <= roles.items()
    assert whole.manifest["configuration"]["samples"] == [{"name": "ai_burst_12m", "columns": 700, "seed": 7}]
    assert whole.manifest["provenance"]["packages"]["numpy"]
    assert all(len(file["sha256"]) == 64 and file["size"] > 0 for file in whole.manifest["inputs"])
    assert (whole.manifest["executor"], whole.manifest["threads"]) == ("serial", 1)
    assert whole.manifest["begun"] < whole.manifest["ended"]
    assert whole.manifest["peak_bytes"] > 0
    results = {part["path"]: part for part in whole.manifest["parts"] if part["path"].startswith("results")}
    assert set(results) == {
        path.relative_to(whole.layout.root).as_posix() for path in whole.layout.results.rglob("*.parquet")
    }
    assert [task["id"] for task in whole.manifest["plan"]["tasks"]][-1] == "assemble-0001"
    assert json.dumps(whole.manifest, allow_nan=False)


@pytest.mark.parametrize("executor", ["threads", "processes", "dask"])
def test_every_executor_gives_the_same_digest(tmp_path: Path, whole: RunOutcome, executor: Any) -> None:
    options = BatchOptions(2, executor, dask="local" if executor == "dask" else "")
    outcome = run_batch(load_job(write_job(tmp_path)), tmp_path / "run", options)
    assert outcome.digest == whole.digest


def test_the_order_of_rows_does_not_matter(tmp_path: Path, whole: RunOutcome) -> None:
    outcome = run_batch(load_job(write_job(tmp_path, seed=1)), tmp_path / "run", SERIAL)
    assert outcome.digest == whole.digest
    before = {file["path"]: file["sha256"] for file in whole.manifest["inputs"]}
    assert any(before.get(file["path"]) != file["sha256"] for file in outcome.manifest["inputs"])


def test_the_layout_does_not_matter(tmp_path: Path, whole: RunOutcome) -> None:
    job = write_job(tmp_path)
    job.write_text(job.read_text().replace("{group_size: 2}", "{group_size: 3, layout: long}"))
    outcome = run_batch(load_job(job), tmp_path / "run", SERIAL)
    assert outcome.digest == whole.digest
    rows = table(tmp_path / "run", "pnl")
    assert [row["scenario"] for row in rows[:2]] == ["ai_capex_collapse", "export_stop"]
    assert len(rows) == 4 * 2


def test_the_cut_into_tasks_does_not_matter(
    tmp_path: Path, whole: RunOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = load_job(write_job(tmp_path))
    costs = costs_of(plan_batch(job, SERIAL).prepared)
    little = costs.held_bytes(1) + 130 * costs.column_bytes
    monkeypatch.setattr(runner, "memory_to_plan_for", lambda: little)
    outcome = run_batch(job, tmp_path / "run", SERIAL)
    assert len(outcome.manifest["plan"]["tasks"]) == len(whole.manifest["plan"]["tasks"]) + 4
    assert outcome.digest == whole.digest


def failing(task: str, error: BaseException) -> Any:
    real = batch_work.value_task

    def value_task(prepared: Prepared, one: Task) -> Any:
        if one.id == task:
            raise error
        return real(prepared, one)

    return value_task


def test_a_resumed_run_reads_its_own_copies(
    tmp_path: Path, whole: RunOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(ResourceError, match="stresstest resume"):
        patch.setattr(batch_work, "value_task", failing("value-ai_burst_12m-0001", MemoryError()))
        run_batch(load_job(write_job(tmp_path / "job")), tmp_path / "run", SERIAL)
    assert status_of(tmp_path / "run").state == "unfinished"
    shutil.rmtree(tmp_path / "job")
    assert resume(tmp_path / "run").digest == whole.digest
    assert status_of(tmp_path / "run").state == "finished"
    assert resume(tmp_path / "run").digest == whole.digest


def test_a_job_of_the_library_is_resumed_from_its_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = library_path("portfolios") / "ai_growth_fund.yaml"
    (tmp_path / "job.yaml").write_text(
        f"version: 1\nname: mixed\nportfolios: [ai_growth_fund, '{shipped.parent}/balanced_60_40.yaml']\n"
        f"scenarios: ['{library_path('shocks') / 'export_stop.yaml'}', ai_capex_collapse_network]\n"
    )
    job = load_job(tmp_path / "job.yaml")
    expected = run_batch(job, tmp_path / "whole", SERIAL).digest
    with monkeypatch.context() as patch, pytest.raises(ResourceError):
        patch.setattr(batch_work, "assemble_group", failing_assembly)
        run_batch(job, tmp_path / "run", SERIAL)
    assert resume(tmp_path / "run").digest == expected


def failing_assembly(*_: object) -> Any:
    raise MemoryError


def test_a_changed_copy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(ResourceError):
        patch.setattr(batch_work, "assemble_group", failing_assembly)
        run_batch(load_job(write_job(tmp_path)), tmp_path / "run", SERIAL)
    copy = next((tmp_path / "run" / "inputs").rglob("accounts.csv"))
    copy.write_text(copy.read_text().replace("400", "401"))
    with pytest.raises(InputError, match=r"accounts\.csv: error\[ST765\] a changed copy"):
        resume(tmp_path / "run")


def test_another_version_of_the_program_does_not_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(ResourceError):
        patch.setattr(batch_work, "assemble_group", failing_assembly)
        run_batch(load_job(write_job(tmp_path)), tmp_path / "run", SERIAL)
    plan = Layout(tmp_path / "run").plan
    document = read_document(plan)
    document["made_with"]["source_sha256"] = "0" * 64
    plan.write_text(json.dumps(document))
    with pytest.raises(InputError, match=r"ST753.*source_sha256"):
        resume(tmp_path / "run")


def test_a_poisoned_task_leaves_rows_of_failures_and_is_tried_again(
    tmp_path: Path, whole: RunOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(batch_work, "value_task", failing("value-named-0000", ArithmeticError("no number")))
        outcome = run_batch(load_job(write_job(tmp_path)), tmp_path / "run", SERIAL)
    assert outcome.poisoned == {"value-named-0000": ("ArithmeticError: no number",) * 2}
    rows = [row for row in table(tmp_path / "run", "failures") if row["reason"] == "ST756"]
    assert [row["scenario"] for row in rows] == ["ai_capex_collapse", "export_stop"]
    assert "no number" in rows[0]["message"]
    assert [row["ai_capex_collapse"] for row in table(tmp_path / "run", "pnl")] == [None] * 4
    assert table(tmp_path / "run", "draws") == table(whole.layout.root, "draws")
    assert status_of(tmp_path / "run").state == "incomplete"
    assert resume(tmp_path / "run").digest == whole.digest


@pytest.mark.parametrize("has_parts", [True, False])
def test_an_assembly_that_is_set_apart_is_tried_again(
    tmp_path: Path, whole: RunOutcome, monkeypatch: pytest.MonkeyPatch, has_parts: bool
) -> None:
    """Also where the manifest alone says still that something was."""
    root = tmp_path / "run"

    def failing_for_the_first(prepared: Prepared, group: Group, parts: Any) -> Any:
        if group.first == 0:
            raise ArithmeticError("no table")
        return assemble_group(prepared, group, parts)

    with monkeypatch.context() as patch:
        patch.setattr(batch_work, "assemble_group", failing_for_the_first)
        outcome = run_batch(load_job(write_job(tmp_path)), root, SERIAL)
    assert outcome.poisoned == {"assemble-0000": ("ArithmeticError: no table",) * 2}
    assert outcome.digest != whole.digest
    assert status_of(root).state == "incomplete"
    if not has_parts:
        shutil.rmtree(Layout(root).parts)
    with monkeypatch.context() as patch, pytest.raises(InputError, match="ST753"):
        patch.setattr(runner, "provenance", lambda: {**provenance(), "source_sha256": "0" * 64})
        resume(root, SERIAL)
    assert status_of(root).state == "incomplete"
    again = resume(root, SERIAL)
    assert (again.digest, again.poisoned, status_of(root).state) == (whole.digest, {}, "finished")


def test_nothing_is_written_where_the_input_is_wrong(tmp_path: Path) -> None:
    job = write_job(tmp_path)
    job.write_text(job.read_text().replace("export_stop", "export_stpo"))
    with pytest.raises(InputError, match="export_stop"):
        run_batch(load_job(job), tmp_path / "run", SERIAL)
    assert not (tmp_path / "run").exists()


def test_a_taken_folder_is_refused_before_anything_is_loaded(tmp_path: Path, whole: RunOutcome) -> None:
    told: list[Progress] = []
    with pytest.raises(InputError, match=r"ST751.*finished run"):
        run_batch(load_job(write_job(tmp_path)), whole.layout.root, SERIAL, told.append)
    assert told == []


def test_progress_tells_stages_in_order(tmp_path: Path) -> None:
    told: list[Progress] = []
    run_batch(load_job(write_job(tmp_path)), tmp_path / "run", SERIAL, told.append)
    assert list(dict.fromkeys(progress.stage for progress in told)) == [
        "loading",
        "valuing",
        "assembling",
        "finishing",
    ]
    assert max(progress.done for progress in told) == 3


def test_the_first_failure_ends_a_run_that_is_to_fail_fast(tmp_path: Path) -> None:
    job = write_job(tmp_path)
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(accounts.read_text().replace("ORCL", "ORCLX"))
    with pytest.raises(InputError, match="ORCLX"):
        run_batch(load_job(job), tmp_path / "run", BatchOptions(1, "serial", fail_fast=True))
    assert not (tmp_path / "run").exists()


def test_a_folder_without_a_run_cannot_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ST754"):
        resume(tmp_path)
    with pytest.raises(InputError, match=r"ST754.*no such folder"):
        resume(tmp_path / "nowhere")
