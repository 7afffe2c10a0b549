"""Shares of P&L: of base value, of gross value, and which of them is shown."""

from __future__ import annotations

import pytest
from tests.fixtures.books import columns, instrument, portfolio, small_market

from stresstest.measures.percentages import has_small_base, percent_of_base, percent_of_gross, shown_percent
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

MARKET = small_market()
SHARE = MARKET.levels[next(key for key in MARKET.levels if str(key) == "spot/ACME")]


def held(debt: float):
    """Return 100 shares against a debt that is `debt` of their value."""
    rows = [
        ("long", instrument("equity", issuer="ACME"), 100.0),
        ("debt", instrument("cash", currency="USD"), -debt * 100.0 * SHARE),
    ]
    book = compile_book([portfolio(rows)], MARKET)
    (found,) = apply_holdings(book, revalue(book, columns(MARKET, [{"spot/ACME": 0.5 * SHARE}]))).portfolios
    return found


@pytest.mark.parametrize(("debt", "small"), [(0.0, False), (0.81, False), (0.83, True), (1.2, True)])
def test_a_base_value_is_small_below_a_tenth_of_gross(debt, small):
    assert has_small_base(held(debt)) is small


def test_shares_have_their_denominators():
    found = held(0.5)
    pnl = float(found.pnl[1])
    assert percent_of_base(found, pnl) == pytest.approx(-100.0)
    assert percent_of_gross(found, pnl) == pytest.approx(-100.0 / 3.0)
    flat = held(1.0)
    assert percent_of_base(flat, float(flat.pnl[1])) is None
    assert percent_of_gross(flat, float(flat.pnl[1])) == pytest.approx(-25.0)


def test_what_is_shown_is_of_gross_where_the_base_is_small():
    plain, thin = held(0.5), held(0.9)
    pnl = float(plain.pnl[1])
    assert shown_percent(plain, pnl) == percent_of_base(plain, pnl)
    assert shown_percent(thin, pnl) == percent_of_gross(thin, pnl)
