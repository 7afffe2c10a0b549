"""Every shipped shock on every shipped portfolio, through the command line in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from tests.fixtures.shipped import portfolios_by_market

from stresstest.io.resources import names

PORTFOLIOS = [name for name, _ in names("portfolios")]
SHOCKS = [name for name, _ in names("shocks")]
ENTRY = "from stresstest.cli.app import main; main()"


def command(*arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", ENTRY, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the documents of a run over each market, their portfolios put together."""
    runs = [json.loads(command("run", *held, "--json")) for held in portfolios_by_market().values()]
    return {"portfolios": [portfolio for run in runs for portfolio in run["portfolios"]]}


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_each_portfolio_is_valued_in_full_under_every_shock(name: str, document: dict[str, Any]) -> None:
    portfolio = next(item for item in document["portfolios"] if item["name"] == name)
    assert [scenario["name"] for scenario in portfolio["scenarios"]] == SHOCKS
    # A book that owes about what it owns has next to no base value: its P&L is judged by the size of both.
    size, gross = abs(portfolio["base_value"]), portfolio["gross_value"]
    assert (portfolio["base_value"] > 0.0) == (name not in ("pension_fund", "hyperion_tenant"))
    if size < 0.2 * gross:
        assert name in ("pension_fund", "corporate_treasury", "hyperion_spv")
        size = gross
    assert portfolio["failures"] == []
    for scenario in portfolio["scenarios"]:
        assert scenario["pnl"] is not None
        assert scenario["pnl"] != 0.0
        assert abs(scenario["pnl"]) < size
        assert portfolio["coverage"]["reached"][scenario["name"]] > 0.0
    assert portfolio["coverage"]["reconciliation_gap"] <= 1e-12


def test_a_portfolio_alone_gives_the_bits_that_it_gives_among_others(document: dict[str, Any]) -> None:
    for portfolio in document["portfolios"][:2]:
        alone = json.loads(command("run", portfolio["name"], "--json"))["portfolios"][0]
        assert alone["base_value"] == portfolio["base_value"]
        assert alone["scenarios"] == portfolio["scenarios"]


def test_the_table_of_everything_reads_well() -> None:
    for held in portfolios_by_market().values():
        text = command("run", *held)
        assert max(map(len, text.splitlines())) <= 80
        for name in (*held, *SHOCKS):
            assert name in text
