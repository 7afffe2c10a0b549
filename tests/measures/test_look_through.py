"""Contributions through funds: constituents by their own moves, the rest with the fund, sums exact."""

from __future__ import annotations

import numpy as np
import pytest
from tests.fixtures.books import instrument, portfolio, random_columns, small_market

from stresstest.measures.contributions import contributions
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings

NESTED = {
    "nav": 10.0,
    "holdings": [{"fund": "all", "weight": "50%"}, {"issuer": "BOLT", "weight": "25%"}],
    "funds": [{"name": "all", "holdings": [{"issuer": "INDEX", "weight": "80%"}]}],
}


def result() -> PortfolioResult:
    rows = [
        ("index", instrument("fund", issuer="INDEX"), 7.0),
        ("nested", instrument("fund", **NESTED), 300.0),
        ("triple", instrument("fund", issuer="INDEX", nav=20.0, multiple=3.0), -5.0),
        ("euro", instrument("equity", issuer="EURO"), 4.0),
        ("acme", instrument("equity", issuer="ACME"), -3.0),
        ("cash", instrument("cash", currency="USD"), 50.0),
    ]
    market = small_market()
    book = compile_book([portfolio(rows)], market)
    return apply_holdings(book, revalue(book, random_columns(market, 20))).portfolios[0]


@pytest.mark.parametrize("attribute", ["issuer", "theme", "sector", "rating"])
def test_parts_add_up_to_the_portfolio(attribute: str) -> None:
    held = result()
    found = contributions(held, f"through:{attribute}")
    scale = float(np.abs(held.position_value).sum(axis=0).max())
    assert np.abs(found.pnl.sum(axis=0) - held.pnl).max() <= 1e-13 * scale
    assert abs(found.base_value.sum() - held.base_value) <= 1e-13 * scale
    plain = contributions(held, attribute)
    assert set(plain.groups) - set(found.groups) <= {"INDEX", "(none)"}


def test_constituents_move_by_themselves_and_the_rest_is_the_funds() -> None:
    held = result()
    found = contributions(held, "through:issuer")
    base = dict(zip(found.groups, found.base_value.tolist(), strict=True))
    pnl = dict(zip(found.groups, found.pnl, strict=True))
    units = held.units
    assert units is not None
    market = held.book.market
    names = {str(key): key for key in market.levels}
    bound = units.columns.bind([names["spot/ACME"], names["spot/BOLT"]])
    levels = np.concatenate([bound.chunk(0, 0, 21)], axis=1)
    acme, bolt = levels / levels[:, :1] - 1.0
    index = 7.0 * 500.0
    nested, triple = 3000.0, -100.0
    through = index + 0.4 * nested + 3.0 * triple
    assert base["ACME"] == pytest.approx(0.6 * through - 360.0)
    assert base["BOLT"] == pytest.approx(0.4 * through + 0.25 * nested)
    assert pnl["ACME"] == pytest.approx((0.6 * through - 360.0) * acme)
    assert pnl["BOLT"] == pytest.approx((0.4 * through + 0.25 * nested) * bolt)
