"""Holdings that are netted once give the totals of holdings applied anew."""

from __future__ import annotations

import numpy as np
import pytest
from tests.fixtures.books import every_type, portfolio, small_market

from stresstest.errors import ModelError
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_held, apply_holdings, netted, stress_totals


@pytest.fixture(scope="module")
def market():
    return small_market()


@pytest.fixture(scope="module")
def book(market):
    return compile_book([portfolio(every_type()), portfolio(every_type()[:4], name="other")], market)


def columns(market, size):
    from stresstest.market.keys import RiskFactorKey
    from stresstest.scenarios.columns import FactorColumns
    from stresstest.scenarios.table import ColumnTable

    spot = RiskFactorKey("spot", "ACME")
    row = np.array([market.levels[spot], market.levels[spot] * size])
    return FactorColumns(ColumnTable.instant(["fall"]), market.levels, {spot: row})


@pytest.mark.parametrize("size", [0.4, 1.0, 1.7])
def test_holdings_of_one_scenario_serve_the_next(book, market, size):
    first = revalue(book, columns(market, 0.9))
    holdings = netted(book, first)
    units = revalue(book, columns(market, size))
    found, anew = apply_held(book, holdings, units), apply_holdings(book, units)
    assert np.array_equal(found.total, anew.total)
    totals = stress_totals(book, columns(market, size))
    for one, other, alone in zip(found.portfolios, anew.portfolios, totals.portfolios, strict=True):
        assert np.array_equal(one.value, other.value)
        assert np.array_equal(one.value, alone.value)
        assert np.array_equal(one.position_value, other.position_value)


def test_positions_that_do_not_reconcile_are_refused(book, market):
    units = revalue(book, columns(market, 0.5))
    one, other = netted(book, units), netted(book, revalue(book, columns(market, 0.5)))
    wrong = one._replace(held=tuple(reversed(other.held)))
    with pytest.raises(ModelError, match="differ from the total"):
        apply_held(book, wrong, units)
