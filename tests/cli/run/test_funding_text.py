"""The funded ratio in the table and in the document of a run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.cli.runner import run

from stresstest.cli.run.spec import ResultSpec

PLAN = """
version: 1
name: plan
currency: USD
market: "2025-10-03"
positions:
  - {id: shares, type: fund, issuer: SPY, quantity: 1000}
  - {id: pensions, type: liability, currency: USD, credit: US_AA, quantity: 1,
     profile: {first_payment: 2026-01-31, last_payment: 2060-12-31, yearly_amount: 50_000}}
"""
SHOCKS = ("haven_failure_bonds", "ai_capex_collapse", "slow_grind")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def arguments(plan: Path) -> list[str | Path]:
    return ["run", plan, *(word for name in SHOCKS for word in ("--shocks", name)), "--no-card"]


def document(plan: Path) -> Any:
    code, out, err = run(*arguments(plan), "--json")
    assert code == 0, err
    ResultSpec.model_validate(json.loads(out))
    return json.loads(out)["portfolios"][0]


def test_the_document_has_both_sides_before_and_under_each_scenario(plan: Path) -> None:
    found = document(plan)
    funded = found["funded_ratio"]
    by_id = {position["id"]: position for position in found["positions"]}
    assert funded["liabilities"] == -by_id["pensions"]["base_value"]
    assert funded["assets"] == pytest.approx(by_id["shares"]["base_value"], rel=1e-12)
    assert funded["ratio"] == funded["assets"] / funded["liabilities"]
    assert set(funded["scenarios"]) == set(SHOCKS)
    bonds = funded["scenarios"]["haven_failure_bonds"]
    assert bonds["liabilities"] < funded["liabilities"]
    assert bonds["assets"] - bonds["liabilities"] == pytest.approx(
        next(line["stressed_value"] for line in found["scenarios"] if line["name"] == "haven_failure_bonds")
    )


def test_the_table_begins_with_the_lowest_ratio(plan: Path) -> None:
    code, out, err = run(*arguments(plan))
    assert code == 0, err
    assert re.search(r"^Funded ratio \d+\.\d %: assets USD 669k, liabilities \d+k$", out, re.MULTILINE)
    rows = re.findall(r"^(\w+) +\d+m +([\d.]+) % +([+-][\d.]+) pp +\S+ +\S+ *$", out, re.MULTILINE)
    assert {name for name, _, _ in rows} == set(SHOCKS)
    ratios = [float(ratio) for _, ratio, _ in rows]
    assert ratios == sorted(ratios)
    funded = document(plan)["funded_ratio"]
    for name, ratio, change in rows:
        exact = 100 * funded["scenarios"][name]["ratio"]
        assert float(ratio) == pytest.approx(exact, abs=0.05)
        assert float(change) == pytest.approx(exact - 100 * funded["ratio"], abs=0.05)


def test_a_portfolio_that_owes_nothing_has_none(plan: Path) -> None:
    lines = PLAN.strip().splitlines()[:-2]
    plan.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "funded_ratio" not in document(plan)
    assert "Funded ratio" not in run(*arguments(plan)).out
