"""Holdings: netting, weights, scaling, currencies."""

from __future__ import annotations

import numpy as np
import pytest
from tests.fixtures.books import columns, every_type, instrument, portfolio, random_columns, small_market

from stresstest.errors import InputError, ModelError
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

MARKET = small_market()
ACME = instrument("equity", issuer="ACME")
CRASH = [{"spot/ACME": 60.0}, {"fx_spot/EURUSD": 1.0}, {"spot/EURO": 40.0, "fx_spot/EURUSD": 1.5}]


def result_of(*portfolios, moves=CRASH):
    book = compile_book(list(portfolios), MARKET)
    return apply_holdings(book, revalue(book, columns(MARKET, moves)))


def test_long_and_short_cancel_exactly():
    rows = [("long", ACME, 0.1), ("more", ACME, 0.2), ("short", ACME, -0.1), ("less", ACME, -0.2)]
    only = result_of(portfolio(rows)).portfolios[0]
    assert only.value.tolist() == [0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("factor", [2.0, -1.0, 0.25])
def test_scaling_quantities_scales_every_bit(factor):
    scaled = [(name, item, factor * quantity) for name, item, quantity in every_type()]
    first = result_of(portfolio(every_type())).portfolios[0]
    second = result_of(portfolio(scaled)).portfolios[0]
    assert (factor * first.value == second.value).all()
    assert (factor * first.position_value == second.position_value).all()


def test_equity_value_is_quantity_times_price_times_rate():
    held = result_of(portfolio([("euro", instrument("equity", issuer="EURO"), 10.0)])).portfolios[0]
    assert held.value.tolist() == [800 * 1.1747, 800 * 1.1747, 800.0, 400 * 1.5]


def test_foreign_reporting_currency_divides_by_the_rate():
    held = result_of(portfolio([("acme", ACME, 10.0)], currency="EUR"))
    assert held.portfolios[0].value[[0, 2, 3]].tolist() == [1200 * (1 / rate) for rate in (1.1747, 1.0, 1.5)]
    assert held.currency == "USD"
    np.testing.assert_allclose(held.total, [1200.0, 600.0, 1200.0, 1200.0], rtol=1e-15)


def test_weights_become_quantities_of_the_stated_total():
    rows = [("acme", ACME, np.nan), ("cash", instrument("cash", currency="USD"), np.nan)]
    held = result_of(portfolio(rows, weights={"acme": 0.75, "cash": 0.25}, total=1_000.0)).portfolios[0]
    assert held.held.quantity.tolist() == [0.75 * 1000 / 120, 250.0]
    assert held.base_value == pytest.approx(1_000.0, rel=1e-15)
    assert held.pnl[1] == pytest.approx(-375.0, rel=1e-15)


def test_a_weight_in_something_worth_nothing_is_refused():
    worthless = {"underlying": "ACME", "right": "call", "strike": 1e9, "expiry": MARKET.as_of}
    rows = [("dead", instrument("european_option", **worthless), np.nan)]
    with pytest.raises(InputError, match=r"ST261.*'dead' has a weight but a base value of 0"):
        result_of(portfolio(rows, weights={"dead": 1.0}, total=10.0))


def test_several_portfolios_share_instruments_and_add_up():
    one = portfolio(every_type(), name="one")
    two = portfolio([("x", ACME, 5.0)], name="two")
    both = result_of(one, two)
    assert both.portfolios[0].value.tobytes() == result_of(one).portfolios[0].value.tobytes()
    assert both.portfolios[1].value.tobytes() == result_of(two).portfolios[0].value.tobytes()
    assert (both.total == both.portfolios[0].value + both.portfolios[1].value).all()


def test_positions_add_up_to_the_total():
    book = compile_book([portfolio(every_type())], MARKET)
    held = apply_holdings(book, revalue(book, random_columns(MARKET, 600))).portfolios[0]
    assert held.reconciliation_gap < 1e-15
    np.testing.assert_allclose(held.position_pnl.sum(axis=0), held.pnl, atol=1e-9)


def test_a_weight_without_a_total_is_refused():
    rows = [("acme", ACME, np.nan)]
    with pytest.raises(InputError, match="ST257"):
        result_of(portfolio(rows, weights={"acme": 1.0}))


def test_many_positions_reconcile():
    """A plain sum of equal numbers drifts: of a million of them by more than 1e-12."""
    rows = [(str(number), ACME, 0.1) for number in range(200_000)]
    held = result_of(portfolio(rows)).portfolios[0]
    assert held.reconciliation_gap < 1e-13


def test_a_total_that_overflows_is_refused_by_name():
    rows = [("one", ACME, 9e305), ("two", instrument("equity", issuer="BOLT"), 3e306)]
    with pytest.raises(ModelError, match=r"^huge: a value beyond 1\.8e308"), np.errstate(over="ignore"):
        result_of(portfolio(rows, name="huge"))
