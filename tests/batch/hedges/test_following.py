"""Hedges of a batch: the numbers of `stresstest hedge`, wherever and after however many stops."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.batch.hedges.hedged_job import (
    BREACHING,
    CANNOT_HOLD,
    JOB,
    NAMED,
    rows,
    write_job,
)
from tests.cli.runner import run as run_command

import stresstest as st
from stresstest.api.hedging import Hedge
from stresstest.batch.hedges import work
from stresstest.batch.jobs.job import load_job
from stresstest.batch.reading.query import query
from stresstest.batch.reading.run_folder import open_run
from stresstest.batch.replay import replay
from stresstest.batch.running.finishing import RunOutcome
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import resume, run_batch
from stresstest.batch.running.status import status_of
from stresstest.errors import ModelError

SERIAL = BatchOptions(1, "serial")
TABLES = ("hedges", "hedge_trades")


def run(job: Path, options: BatchOptions = SERIAL) -> RunOutcome:
    return run_batch(load_job(job), job.parent / "run", options)


def both(root: Path) -> list[list[dict[str, object]]]:
    return [rows(root, table) for table in TABLES]


def by_the_verb(folder: Path, name: str) -> Hedge:
    scenarios = st.load_scenarios("ai_capex_collapse", "export_stop")
    return st.hedge(
        st.load_portfolio(folder / f"books/{name}.yaml"),
        folder / "own/small.yaml",
        scenarios,
        st.load_market("2025-10-03"),
        challenges=False,
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunOutcome:
    return run(write_job(tmp_path_factory.mktemp("whole")))


@pytest.mark.parametrize("name", ["growth", "euros"])
def test_a_plan_of_a_batch_is_that_of_the_verb(whole: RunOutcome, name: str) -> None:
    root = whole.layout.root
    plan = by_the_verb(root.parent, name).plan
    row = next(row for row in rows(root, "hedges") if row["portfolio"] == name)
    assert plan.worst
    assert plan.new_worst
    assert plan.totals
    assert (row["status"], row["policy"], row["currency"]) == (plan.status, "small", plan.currency)
    assert (row["scenario"], row["loss_before"]) == (plan.worst.name, -plan.worst.pnl_before)
    assert (row["scenario_after"], row["loss_after"]) == (plan.new_worst.name, -plan.new_worst.pnl_after)
    assert row["loss_after"] < row["loss_before"]
    assert row["spent"] == plan.totals.cost.total > 0.0
    trades = [row for row in rows(root, "hedge_trades") if row["portfolio"] == name]
    assert [(row["instrument"], row["quantity"], row["value"], row["cost"]) for row in trades] == [
        (trade.id, trade.quantity, trade.value, trade.cost.total) for trade in plan.trades
    ]
    assert trades
    assert all(row["reason"] for row in trades)


def test_the_run_says_what_it_planned_and_from_what(whole: RunOutcome) -> None:
    root, manifest = whole.layout.root, whole.manifest
    roles = {Path(item["path"]).name: item["role"] for item in manifest["inputs"]}
    assert (roles["small.yaml"], roles["chips_halve.yaml"]) == ("policy", "scenarios")
    assert any(place.endswith("own/small.yaml") for place in manifest["copies"].values())
    assert (manifest["n_hedges"], manifest["n_hedges_without_plan"]) == (2, 0)
    paths = [part["path"] for part in manifest["parts"] if part["path"].startswith("results/hedge")]
    assert sorted(paths) == [
        f"results/{table}/group=000{group}/part.parquet" for table in sorted(TABLES) for group in (0, 1)
    ]
    assert "Hedge plans of policy small: for 2 of 2 portfolios" in (root / "summary.txt").read_text()
    status = status_of(root)
    assert status.done == status.total == len(manifest["plan"]["tasks"]) == 6
    answer = query(open_run(root), "SELECT h.portfolio FROM hedges h JOIN hedge_trades USING (portfolio)")
    assert {row[0] for row in answer.rows} == {"growth", "euros"}


def test_processes_and_threads_plan_the_same(whole: RunOutcome, tmp_path: Path) -> None:
    for executor in ("processes", "threads"):
        folder = tmp_path / executor
        found = run(write_job(folder), BatchOptions(2, executor))
        assert both(found.layout.root) == both(whole.layout.root)
        assert found.digest == whole.digest


def test_those_that_breach_are_hedged_and_not_those_that_warn(whole: RunOutcome, tmp_path: Path) -> None:
    root = run(write_job(tmp_path, JOB.replace(NAMED, BREACHING))).layout.root
    levels = {row["portfolio"]: row["level"] for row in rows(root, "breaches")}
    assert levels == {"growth": "hard", "euros": "warning"}
    assert both(root) == [
        [row for row in table if row["portfolio"] == "growth"] for table in both(whole.layout.root)
    ]
    status = status_of(root)
    assert status.done == status.total == 5


def test_no_breach_no_plan(tmp_path: Path) -> None:
    job = JOB.replace(NAMED, BREACHING).replace("20%", "90%")
    found = run(write_job(tmp_path, job))
    assert rows(found.layout.root, "hedges") == []
    assert "Hedge plans: none" in found.layout.summary.read_text()


def test_a_policy_that_cannot_hold_is_a_row_with_its_reason(tmp_path: Path) -> None:
    job = write_job(tmp_path, policy=CANNOT_HOLD)
    done = run_command("batch", str(job), "-o", str(tmp_path / "run"), "--executor", "serial", "--json")
    assert done.code == 3, done.err
    assert json.loads(done.out)["n_hedges_without_plan"] == 2
    found = {row["portfolio"]: row for row in rows(tmp_path / "run", "hedges")}
    assert found["growth"]["status"] == "infeasible"
    assert "safe" in found["growth"]["message"]
    assert "what ends it: " in found["growth"]["message"]
    assert found["growth"]["loss_before"] > 0.0
    assert found["growth"]["loss_after"] is None
    assert rows(tmp_path / "run", "hedge_trades") == []


def test_a_hedge_that_fails_is_a_row_and_the_others_go_on(
    whole: RunOutcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = work.plan_for

    def failing(portfolio: st.Portfolio, order: work.HedgeOrder) -> work.HedgePlan:
        if portfolio.name == "euros":
            raise ModelError("no solver finds a plan")
        return planned(portfolio, order)

    monkeypatch.setattr(work, "plan_for", failing)
    found = run(write_job(tmp_path))
    mine = {row["portfolio"]: row for row in rows(found.layout.root, "hedges")}
    assert (mine["euros"]["status"], mine["euros"]["message"]) == ("failed", "no solver finds a plan")
    assert mine["growth"] == next(
        row for row in rows(whole.layout.root, "hedges") if row["portfolio"] == "growth"
    )
    assert found.manifest["n_hedges_without_plan"] == 1


def test_a_hedge_that_is_set_apart_is_a_row_and_is_tried_again(
    whole: RunOutcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(work, "plan_for", lambda *_: 1 / 0)
        found = run(write_job(tmp_path))
    root = found.layout.root
    assert {row["status"] for row in rows(root, "hedges")} == {"set_apart"}
    assert set(found.poisoned) == {"hedge-00000", "hedge-00001"}
    assert "division by zero" in rows(root, "hedges")[0]["message"]
    again = resume(root, SERIAL)
    assert not again.poisoned
    assert both(root) == both(whole.layout.root)


def test_a_book_that_cannot_be_read_is_a_row(tmp_path: Path) -> None:
    job = JOB.replace(NAMED, "portfolios: [broken]")
    found = run(write_job(tmp_path, job, broken="version: 1\nname: broken\npositions: 7\n"))
    row = rows(found.layout.root, "hedges")[0]
    assert (row["portfolio"], row["status"]) == ("broken", "failed")
    assert "broken.yaml:3" in row["message"]


def test_a_run_cut_short_goes_on_from_its_copies(
    whole: RunOutcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned, seen = work.plan_for, []

    def interrupted(portfolio: st.Portfolio, order: work.HedgeOrder) -> work.HedgePlan:
        seen.append(portfolio.name)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return planned(portfolio, order)

    job = write_job(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(work, "plan_for", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(job)
    root = tmp_path / "run"
    status = status_of(root)
    assert (status.state, status.total - status.done) == ("unfinished", 2)
    for folder in ("books", "own"):
        shutil.rmtree(tmp_path / folder)
    with monkeypatch.context() as patched:
        patched.setattr(work, "plan_for", lambda *both: seen.append(both[0].name) or planned(*both))
        found = resume(root, SERIAL)
    assert seen == ["euros", "growth", "growth"]
    assert both(root) == both(whole.layout.root)
    assert found.digest == whole.digest


def second_has_begun(log: Path) -> bool:
    """Tell whether the log names the second hedge as one to do, and then as one that is begun."""
    return log.is_file() and log.read_text().count('"hedge-00001"') == 2


def test_a_killed_process_leaves_hedges_that_are_gone_on_with(whole: RunOutcome, tmp_path: Path) -> None:
    root = tmp_path / "run"
    command = [sys.executable, "-m", "stresstest", "batch", str(write_job(tmp_path)), "-o", str(root)]
    with subprocess.Popen([*command, "--executor", "serial"], stdout=subprocess.DEVNULL) as running:
        while running.poll() is None and not second_has_begun(root / "log.jsonl"):
            time.sleep(0.01)
        running.kill()
    assert running.returncode == -signal.SIGKILL
    assert status_of(root).state == "unfinished"
    assert resume(root, BatchOptions(2, "processes")).digest == whole.digest
    assert both(root) == both(whole.layout.root)


def test_a_replay_plans_again_and_agrees(whole: RunOutcome) -> None:
    assert replay(open_run(whole.layout.root), SERIAL, archived=True).same


def test_scenarios_keep_their_size_in_plans(whole: RunOutcome, tmp_path: Path) -> None:
    found = run(write_job(tmp_path, JOB.replace("limits:", "severity: 50%\nlimits:")))
    assert both(found.layout.root) == both(whole.layout.root)
    assert any("not at 50% of them" in note for note in found.manifest["notes"])
