"""Groups put together: tables that add up, whatever is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.batch.jobs_on_disk import (
    CASH,
    MSFT,
    NVDA,
    UNKNOWN,
    account,
    numbers,
    prepared_job,
    run_job,
    write_job,
)

import stresstest as st
from stresstest.batch.planning.planning import plan_of
from stresstest.batch.valuation.assembly import assemble_group
from stresstest.batch.valuation.task import value_task
from stresstest.measures.contributions import contributions
from stresstest.measures.limits import check_limits
from stresstest.measures.paths import value_path

JOB = """\
version: 1
name: split
portfolios: [ai_growth_fund, corporate_treasury, gpu_lender]
market: 2025-10-03
scenarios: [sudden_gap, slow_grind, {sample: ai_burst_12m, columns: 60}]
measures: [value_at_risk, expected_shortfall, worst_loss]
confidence_level: 90%
contributions: [type, theme, issuer]
limits:
  - {name: tight, scenario: any, max_loss: 60%, warning: 1%, owner: risk}
"""
SCENARIOS = ("sudden_gap", "slow_grind")


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_job(tmp_path_factory.mktemp("split"), {}, JOB)


@pytest.fixture(scope="module")
def found(job: Path):
    return run_job(job)


@pytest.fixture(scope="module")
def stressed():
    names = ("ai_growth_fund", "corporate_treasury", "gpu_lender")
    return st.stress(st.load_portfolios(*names), st.load_scenarios(*SCENARIOS))


def test_contributions_are_those_of_a_run_and_add_up(found, stressed) -> None:
    table, columns = found["contributions"].to_pydict(), stressed.result.table.final_columns
    for portfolio, one in enumerate(stressed.result.portfolios):
        for attribute in ("type", "theme", "issuer"):
            expected = contributions(one, attribute)
            pairs = zip(table["portfolio"], table["attribute"], strict=True)
            rows = [row for row, head in enumerate(pairs) if head == (one.name, attribute)]
            pnl = {table["category"][row]: [table[name][row] for name in SCENARIOS] for row in rows}
            assert pnl.keys() == set(expected.groups)
            scale = one.gross_value
            for group, values in zip(expected.groups, expected.pnl[:, columns], strict=True):
                assert pnl[group] == pytest.approx(values.tolist(), abs=1e-12 * scale)
            total = np.array(list(pnl.values())).sum(axis=0)
            whole = [found["pnl"][name][portfolio].as_py() for name in SCENARIOS]
            assert total.tolist() == pytest.approx(whole, abs=1e-12 * scale)


def test_measures_are_those_of_a_result(found, job: Path) -> None:
    rows = found["measures"].to_pylist()
    losses = -numbers(found["draws"], [f"ai_burst_12m/{draw}" for draw in range(60)])
    assert len(rows) == 9
    for row in rows:
        loss = np.sort(losses[found["draws"]["portfolio"].to_pylist().index(row["portfolio"])])[::-1]
        expected = {
            "worst_loss": loss[0],
            "expected_shortfall": loss[:6].mean(),
            "value_at_risk": loss[6],
        }[row["measure"]]
        assert row["value"] == pytest.approx(expected, rel=1e-12)
        assert row["confidence_level"] == 0.9


def test_limits_are_those_of_a_result_and_of_the_job(found, stressed) -> None:
    rows = found["breaches"].to_pylist()
    own = [row for row in rows if row["limit"] != "tight"]
    checks = [(one.name, check) for one in stressed.result.portfolios for check in check_limits(one)]
    expected = [
        (name, check.limit.name, "hard", check.scenario, check.loss, check.limit.max_loss)
        for name, check in checks
        if check.breached
    ]
    fields = ("portfolio", "limit", "level", "scenario", "loss", "max_loss")
    assert [tuple(row[field] for field in fields) for row in own] == expected
    levels = {row["portfolio"]: (row["level"], row["max_loss"]) for row in rows if row["limit"] == "tight"}
    assert levels["corporate_treasury"] == ("hard", 0.6)
    assert levels["ai_growth_fund"] == ("warning", 0.01)


def test_paths_are_those_of_a_result(found, stressed) -> None:
    rows = found["paths"].to_pylist()
    for one in stressed.result.portfolios:
        path = value_path(one, stressed.compiled.columns, "slow_grind")
        assert path is not None
        own = [row for row in rows if row["portfolio"] == one.name]
        assert [row["date"] for row in own] == list(path.dates)
        assert [row["before"] for row in own] == path.before.tolist()
        assert [row["after"] for row in own] == path.after.tolist()
        assert {row["scenario"] for row in own} == {"slow_grind"}


def test_portfolios_say_what_they_hold(found, stressed) -> None:
    for row, one in zip(found["portfolios"].to_pylist(), stressed.result.portfolios, strict=True):
        assert row["n_positions"] == len(one.position_ids)
        assert row["gross_value"] == pytest.approx(one.gross_value, rel=1e-14)
        assert (row["n_failed"], row["left_out"], row["coverage"]) == (0, 0.0, 1.0)


def test_parts_come_in_any_order_and_one_that_is_missing_leaves_nulls(job: Path) -> None:
    prepared = prepared_job(job)
    plan = plan_of(prepared, 8 * 1024**3, 2)
    parts = [value_task(prepared, task) for task in plan.values]
    whole = assemble_group(prepared, prepared.groups[0], parts)
    turned = assemble_group(prepared, prepared.groups[0], parts[::-1])
    assert {name: table.to_pydict() for name, table in turned.items()} == {
        name: table.to_pydict() for name, table in whole.items()
    }
    lost = next(place for place, task in enumerate(plan.values) if task.scenarios == ("slow_grind",))
    rest = assemble_group(prepared, prepared.groups[0], [*parts[:lost], *parts[lost + 1 :]])
    assert rest["pnl"]["slow_grind"].null_count == 3
    assert rest["pnl"]["sudden_gap"].to_pylist() == whole["pnl"]["sudden_gap"].to_pylist()
    assert rest["measures"].to_pydict() == whole["measures"].to_pydict()


def test_a_position_that_is_not_found_is_a_row_and_the_rest_is_valued(tmp_path: Path) -> None:
    files = {
        "a.yaml": account("bad", NVDA, UNKNOWN),
        "b.yaml": account("good", MSFT, CASH),
        "c.yaml": "positions: [",
    }
    found = run_job(write_job(tmp_path, files))
    assert found["pnl"]["portfolio"].to_pylist() == ["bad", "good"]
    rows = found["failures"].to_pylist()
    assert [(row["portfolio"], row["position"], row["scenario"]) for row in rows] == [
        ("bad", "nowhere", ""),
        (str(tmp_path / "accounts" / "c.yaml"), "", ""),
    ]
    assert rows[0]["reason"] == "ST251"
    assert f"{tmp_path / 'accounts' / 'a.yaml'}:6:" in rows[0]["message"]
    portfolios = found["portfolios"].to_pylist()
    assert [(row["n_positions"], row["n_failed"]) for row in portfolios] == [(2, 1), (2, 0)]
    alone = run_job(write_job(tmp_path / "alone", {"a.yaml": account("bad", NVDA)}))
    assert found["pnl"].to_pylist()[0] == alone["pnl"].to_pylist()[0]
