"""The summary of hedges: largest loss first, why there is none, cut where there are many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.batch.reading.small_runs import write_run

from stresstest.batch.reading.hedge_summary import hedged
from stresstest.batch.reading.run_folder import open_run


def lines(folder: Path, table: dict[str, list[Any]]) -> list[str]:
    return list(hedged(open_run(write_run(folder / "run", {"hedges": table}))))


def table(count: int, **columns: list[Any]) -> dict[str, list[Any]]:
    return {
        "portfolio": [f"p{row:02d}" for row in range(count)],
        "currency": ["USD"] * count,
        "policy": ["buffett"] * count,
        "status": ["optimal"] * count,
        "base_value": [1000.0] * count,
        "scenario": ["time_bomb"] * count,
        "loss_before": [10.0 * row for row in range(count)],
        "loss_after": [5.0 * row for row in range(count)],
        "spent": [1.5] * count,
        "message": [""] * count,
        **columns,
    }


def test_plans_stand_with_the_largest_loss_first(tmp_path: Path) -> None:
    assert lines(tmp_path, table(3, status=["no_trade", "optimal", "feasible"], spent=[0.0, 1.5, 1e6])) == [
        "Hedge plans of policy buffett: for 3 of 3 portfolios",
        "  portfolio  plan      worst before  loss  after      spent",
        "  p02        feasible  time_bomb     2.0%   1.0%  1,000,000  USD",
        "  p01        optimal   time_bomb     1.0%   0.5%          2  USD",
        "  p00        no trade  time_bomb     0.0%   0.0%          0  USD",
    ]


def test_portfolios_without_a_plan_have_their_reason(tmp_path: Path) -> None:
    found = lines(
        tmp_path,
        table(
            2,
            status=["infeasible", "set_apart"],
            loss_after=[None, None],
            spent=[None, None],
            message=["a rule that cannot hold: cap\nmore", "it died"],
        ),
    )
    assert found == [
        "Hedge plans of policy buffett: for 0 of 2 portfolios",
        "  p00: infeasible: a rule that cannot hold: cap",
        "  p01: set apart: it died",
    ]


def test_many_are_cut(tmp_path: Path) -> None:
    found = lines(tmp_path, table(13))
    assert found[-1] == "  … 3 more hedge plans"
    assert len(found) == 13
