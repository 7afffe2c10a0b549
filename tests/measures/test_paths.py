"""Results over time, from hand-made values and through the engine."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from tests.fixtures.books import AS_OF, BOND, columns, every_type, instrument, portfolio, small_market
from tests.fixtures.path_columns import path_columns

from stresstest.frames import paths_frame
from stresstest.measures.paths import ValuePath, value_path
from stresstest.measures.trace import trace
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings, stress_totals


def path(*after, before=None, cash=None):
    """Return a path with a step every hundred days; without `before` nothing is carried."""
    dates = tuple(AS_OF + timedelta(days=100 * step) for step in range(len(after)))
    held = [after[0], *after[:-1]] if before is None else before
    return ValuePath(
        "p", "USD", dates, np.arange(len(after)), np.array(held, float), np.array(after, float), cash
    )


def day(step):
    return AS_OF + timedelta(days=100 * step)


def test_a_rising_path_is_never_under_water():
    found = path(100, 110, 120)
    assert (found.drawdown.amount, found.drawdown.percent) == (0.0, 0.0)
    assert found.under_water.days == 0


def test_drawdown_is_from_the_highest_point_before_the_low():
    found = path(100, 80, 130, 91, 95, 96)
    assert found.drawdown.amount == 39.0
    assert found.drawdown.percent == pytest.approx(30.0)
    assert (found.drawdown.peak, found.drawdown.trough) == (day(3), day(3))
    under = found.under_water
    assert (under.days, under.start, under.recovered) == (200, day(3), None)


def test_time_under_water_ends_where_the_high_is_reached_again():
    found = path(100, 80, 90, 100, 99, 101)
    assert (found.under_water.days, found.under_water.recovered) == (200, day(3))


def test_a_high_between_two_steps_is_a_high():
    """Carry lifts the value to 105 before the shock."""
    found = path(100, 84, before=[100, 105])
    assert found.drawdown.percent == pytest.approx(20.0)
    assert found.carry.tolist() == [0.0, 5.0]
    assert found.shock.tolist() == [0.0, -21.0]


def test_a_short_book_has_no_drawdown_in_per_cent():
    found = path(-10, -30)
    assert (found.drawdown.amount, found.drawdown.percent) == (20.0, None)


def test_lowest_cash():
    assert path(100, 90, 95, cash=np.array([5.0, -3.0, 1.0])).lowest_cash == (-3.0, day(1))
    assert path(100, 90).lowest_cash is None


@pytest.fixture(scope="module")
def market():
    return small_market()


def run(market, steps, rows):
    book = compile_book([portfolio(rows)], market)
    found = path_columns(market, steps)
    return apply_holdings(book, revalue(book, found)).portfolios[0], found


def test_carry_and_shock_add_up_to_the_change_of_value(market):
    steps = [(date(2026, 1, 5), {"spot/ACME": 80.0}), (date(2026, 12, 5), {"spot/ACME": 130.0})]
    held, found = run(market, steps, every_type())
    result = value_path(held, found, "path")
    assert result.dates == (AS_OF, date(2026, 1, 5), date(2026, 12, 5))
    assert result.after[0] == held.base_value
    assert np.allclose(result.after[0] + np.cumsum(result.carry + result.shock), result.after, rtol=1e-14)
    assert result.after.tolist() == held.value[[0, 2, 4]].tolist()


def test_cash_of_a_book_is_what_it_holds_and_what_it_is_paid(market):
    rows = [
        ("cash", instrument("cash", currency="EUR"), 100.0),
        ("bond", instrument("fixed_bond", **BOND), 1_000.0),
    ]
    held, found = run(market, [(date(2025, 12, 1), {"fx_spot/EURUSD": 1.5})], rows)
    result = value_path(held, found, "path")
    assert result.cash[0] == pytest.approx(117.47)
    assert result.cash[1] == pytest.approx(100.0 * 1.5 * np.exp(0.02 * 59 / 365) + 46.25)


def test_a_scenario_of_today_has_no_path(market):
    book = compile_book([portfolio(every_type())], market)
    today = columns(market, [{"spot/ACME": 60.0}])
    assert value_path(apply_holdings(book, revalue(book, today)).portfolios[0], today, "s0") is None


def test_totals_alone_give_a_path_without_cash(market):
    book = compile_book([portfolio(every_type())], market)
    found = path_columns(market, [(date(2026, 1, 5), {"spot/ACME": 80.0})])
    held = stress_totals(book, found).portfolios[0]
    result = value_path(held, found, "path")
    assert result.cash is None
    assert result.after.tolist() == [held.value[0], held.value[2]]


def test_a_trace_tells_time_from_what_factors_do(market):
    steps = [(date(2026, 1, 5), {"credit_spread/BOLT": 0.06}), (date(2026, 12, 5), {"spot/ACME": 130.0})]
    held, found = run(market, steps, every_type())
    (bond,) = trace(held, found, "bond")
    assert [str(item.key) for item in bond.factors] == ["credit_spread/BOLT"]
    assert bond.time == pytest.approx(4_000 * 0.09, rel=0.2)
    assert bond.pnl == pytest.approx(bond.time + bond.factors[0].pnl + bond.interaction, rel=1e-12)
    assert trace(held, found, "acme")[0].time == 0.0


def test_a_path_counts_once_in_arrays_and_failures(market):
    steps = [(date(2026, 1, 5), {"spot/ACME": np.nan}), (date(2026, 12, 5), {})]
    held, found = run(market, steps, [("acme", instrument("equity", issuer="ACME"), 1.0)])
    assert [(item.scenario, item.position) for item in held.failures] == [("path", "acme")]
    assert found.table.final_columns.tolist() == [4]
    book = compile_book([portfolio(every_type())], market)
    assert apply_holdings(book, revalue(book, found)).to_numpy().shape == (1, 1)


def test_paths_as_a_data_frame(market):
    steps = [(date(2026, 1, 5), {"spot/ACME": 80.0}), (date(2026, 12, 5), {"spot/ACME": 130.0})]
    book = compile_book([portfolio(every_type())], market)
    found = path_columns(market, steps)
    result = apply_holdings(book, revalue(book, found))
    frame = paths_frame(result, found)
    path = value_path(result.portfolios[0], found, "path")
    assert frame.loc[("book", "path", date(2026, 1, 5)), "shock"] == path.shock[1]
    assert frame["value"].tolist() == path.after.tolist()
    today = columns(market, [{"spot/ACME": 60.0}])
    assert paths_frame(apply_holdings(book, revalue(book, today)), today).empty
