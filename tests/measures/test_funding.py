"""Funded ratio: assets over what is owed, today, under shocks and along paths."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest
from tests.fixtures.books import instrument, portfolio
from tests.fixtures.path_columns import path_columns

from stresstest.api import load_scenarios, stress
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.funding import funding
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.loading import load_portfolio
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings

OWED = {
    "currency": "USD",
    "payments": [{"date": date(2026, 6, 30), "amount": 40.0}, {"date": date(2040, 6, 30), "amount": 60.0}],
}
BOND = {"issuer": "UST", "maturity": date(2040, 6, 30)}


@cache
def market() -> MarketSnapshot:
    return load_market(["2025-10-03"])


def zero_rates() -> tuple[RiskFactorKey, ...]:
    return market().curves["USD"].keys()


def result(assets: list[tuple[str, float]], owed: float, days: list[date]) -> PortfolioResult:
    """Cash and bonds against a liability along a path on which rates fall by a point on its first day."""
    terms = {"cash": {"currency": "USD"}, "zero_bond": BOND}
    rows = [(tag, instrument(tag, **terms[tag]), quantity) for tag, quantity in assets]
    if owed:
        rows.append(("owed", instrument("liability", **OWED), owed))
    book = compile_book([portfolio(rows)], market())
    lower = {str(key): market().levels[key] - 0.01 for key in zero_rates()}
    return apply_holdings(
        book, revalue(book, path_columns(market(), [(day, lower) for day in days]))
    ).portfolios[0]


def test_ratio_is_assets_over_what_is_owed() -> None:
    held = result([("cash", 50.0)], 1.0, [date(2025, 10, 4)])
    found = funding(held)
    assert found is not None
    assert found.liabilities[0] == -held.position_value[1, 0] > 0.0
    assert found.assets[0] == pytest.approx(50.0)
    assert found.ratio[0] == found.assets[0] / found.liabilities[0]
    assert found.surplus[0] == pytest.approx(held.base_value)


def test_falling_rates_hurt_a_plan_in_cash_and_leave_a_matched_one_alone() -> None:
    """A bond for each payment: the ratio stays; cash against the same payments: it falls."""
    late = 60.0
    cash, matched = (
        funding(result(assets, 1.0, [date(2025, 10, 4)]))
        for assets in ([("cash", 70.0)], [("zero_bond", late)])
    )
    assert cash is not None
    assert matched is not None
    assert cash.ratio[2] < 0.96 * cash.ratio[0]
    # The bond covers the far payment alone, so that the ratio of the rest to the whole moves a little.
    assert matched.ratio[2] > matched.ratio[0]


def test_what_was_paid_leaves_both_sides_of_a_path() -> None:
    held = result([("cash", 100.0)], 1.0, [date(2026, 6, 29), date(2026, 7, 1)])
    found = funding(held)
    assert found is not None
    before, after = 2, 4
    assert found.assets[before] - found.assets[after] == pytest.approx(40.0, abs=0.1)
    assert found.liabilities[before] - found.liabilities[after] == pytest.approx(40.0, abs=0.1)
    assert found.surplus.tolist() == pytest.approx(held.value.tolist())


def test_pensions_bought_in_lower_what_is_owed() -> None:
    once, bought = (funding(result([("cash", 50.0)], owed, [date(2025, 10, 4)])) for owed in (1.0, -1.0))
    assert once is not None
    assert bought is not None
    assert bought.liabilities[0] == -once.liabilities[0]
    assert np.isnan(bought.ratio).all()


def test_the_shipped_pension_fund_suffers_when_rates_fall_with_shares_and_hardly_when_bonds_fail() -> None:
    """Assets 90 against 100; its P&L alone would call for bonds in 2022, its ratio calls for them in 2008."""
    names = ["haven_failure_bonds", "fed_severely_adverse_2025", "ai_capex_collapse", "boom_continues"]
    stressed = stress([load_portfolio("pension_fund")], load_scenarios(*names), market())
    held = stressed.result.portfolios[0]
    found = funding(held)
    assert found is not None
    assert found.assets[0] == pytest.approx(900e6, rel=0.03)
    assert found.liabilities[0] == pytest.approx(1_000e6, rel=0.01)
    change = {name: found.ratio[held.table.columns_of(name)[-1]] - found.ratio[0] for name in names}
    assets = {name: found.assets[held.table.columns_of(name)[-1]] - found.assets[0] for name in names}
    assert abs(change["haven_failure_bonds"]) < 0.04
    assert change["fed_severely_adverse_2025"] < change["ai_capex_collapse"] < change["haven_failure_bonds"]
    assert change["boom_continues"] > 0.0
    assert min(assets, key=lambda name: assets[name]) == "haven_failure_bonds"


def test_no_liability_no_ratio() -> None:
    assert funding(result([("cash", 50.0)], 0.0, [date(2025, 10, 4)])) is None
