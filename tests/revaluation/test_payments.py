"""Ageing: what instruments pay between the steps of a path; value and cash together are continuous."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests.fixtures.books import (
    AS_OF,
    BOND,
    OPTION,
    columns,
    every_type,
    instrument,
    portfolio,
    small_market,
)
from tests.fixtures.path_columns import path_columns

from stresstest.errors import InputError
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings, stress_totals

COUPON_DAY = date(2025, 12, 1)
EXPIRY = OPTION["expiry"]
RATE = 0.036
"""The shortest rate of the market's USD curve, which is flat below its first node."""


@pytest.fixture(scope="module")
def market():
    return small_market()


def values(market, item, steps):
    """Return value with cash, and cash, of one unit in the base and after each step."""
    book = compile_book([portfolio([("one", item, 1.0)])], market)
    path = path_columns(market, steps)
    units = revalue(book, path)
    after = [0, *range(2, path.n_columns, 2)]
    return units.value[0, after], units.cash[0, after]


def quiet(*days):
    return [(day, {}) for day in days]


def test_cash_earns_the_short_rate_of_its_currency(market):
    value, cash = values(market, instrument("cash", currency="USD"), quiet(AS_OF + timedelta(days=146)))
    assert value[1] == pytest.approx(math.exp(RATE * 0.4), rel=1e-15)
    assert cash[1] == pytest.approx(math.expm1(RATE * 0.4), rel=1e-13)


def test_cash_earns_at_the_levels_in_force_when_the_gap_begins(market):
    half = AS_OF + timedelta(days=73)
    steps = [(half, {"zero_rate/USD/1Y": 0.0}), *quiet(half + timedelta(days=73))]
    value, _ = values(market, instrument("cash", currency="USD"), steps)
    assert value[1] == pytest.approx(math.exp(RATE * 0.2), rel=1e-15)
    assert value[2] == value[1]


def test_a_currency_without_a_curve_earns_nothing(market):
    euros, year = instrument("cash", currency="EUR"), quiet(AS_OF + timedelta(days=365))
    value, _ = values(market, euros, year)
    assert value[1] == pytest.approx(math.exp(0.02), rel=1e-15)
    value, _ = values(replace(market, discount_curves={"USD": "USD"}), euros, year)
    assert value[1] == 1.0


def test_bond_and_cash_are_continuous_over_a_coupon(market):
    """A day on, the value has grown by one day's yield, whether or not a coupon fell due on that day."""
    bond = instrument("fixed_bond", **BOND)
    days = quiet(*(COUPON_DAY + timedelta(days=n) for n in (-2, -1, 0, 1, 2)))
    value, cash = values(market, bond, days)
    growth = np.diff(value[1:])
    assert cash[1:].tolist() == [0.0, 0.0, 0.04625, *cash[4:]]
    assert cash[5] > cash[4] > 0.04625
    assert np.all(np.abs(growth - growth[0]) < 8e-6)
    assert np.all(growth > 1e-4 * value[0])


def test_a_bond_that_matures_becomes_cash(market):
    bond = instrument("fixed_bond", **BOND)
    value, cash = values(market, bond, quiet(date(2030, 5, 31), date(2030, 6, 1), date(2031, 6, 1)))
    assert value[2] == cash[2]
    bond_before = (value[1] - cash[1]) * math.exp((RATE + 0.045) / 365)
    assert value[2] == pytest.approx(bond_before + cash[1] * math.exp(RATE / 365), rel=1e-14)
    assert value[3] == pytest.approx(value[2] * math.exp(RATE), rel=1e-15)


def test_an_option_settles_at_the_levels_in_force_on_its_expiry(market):
    put = instrument("european_option", **OPTION)
    fall = {"spot/ACME": 70.0}
    after = EXPIRY + timedelta(days=30)
    late, late_cash = values(market, put, [(EXPIRY + timedelta(days=1), fall), *quiet(after)])
    assert late[1:].tolist() == [0.0, 0.0]
    assert late_cash[1:].tolist() == [0.0, 0.0]
    early, early_cash = values(market, put, [(EXPIRY, fall), *quiet(after)])
    assert early[1] == 100.0 * 40.0
    assert early_cash[1] == 0.0
    assert early_cash[2] == early[2] == 4_000.0
    long_before, cash = values(market, put, [(AS_OF + timedelta(days=9), fall), *quiet(after)])
    assert long_before[2] == cash[2] == 4_000.0


def test_what_has_settled_earns_and_pays_no_second_time(market):
    put = instrument("european_option", **OPTION)
    days = [EXPIRY + timedelta(days=n) for n in (1, 366)]
    value, _ = values(market, put, [(EXPIRY - timedelta(days=1), {"spot/ACME": 70.0}), *quiet(*days)])
    assert value[2] == 4_000.0
    assert value[3] == pytest.approx(4_000.0 * math.exp(RATE), rel=1e-15)


def test_what_has_run_out_before_today_is_still_refused(market):
    put = instrument("european_option", **{**OPTION, "expiry": AS_OF - timedelta(days=1)})
    with pytest.raises(InputError, match="that ended on"):
        compile_book([portfolio([("put", put, 1.0)])], market)


def test_a_step_between_changes_nothing_where_nothing_moves(market):
    """An extra step books coupons earlier, so that they earn interest for longer; nothing else."""
    book = compile_book([portfolio(every_type())], market)
    far, between = date(2026, 10, 2), date(2026, 4, 1)
    held = [
        apply_holdings(book, revalue(book, path_columns(market, quiet(*days)))).portfolios[0]
        for days in ((far,), (between, far))
    ]
    direct, stepped = (result.position_value[:, -1] for result in held)
    for name, one, two in zip(held[0].position_ids, direct, stepped, strict=True):
        longer = 4_000.0 * 0.04625 * math.expm1(RATE * 184 / 365) if name == "bond" else 0.0
        assert two - one == pytest.approx(longer, abs=1e-9), name


def test_totals_without_kept_units_have_the_same_bits(market):
    book = compile_book([portfolio(every_type())], market)
    path = path_columns(market, [(date(2026, 3, 1), {"spot/ACME": 70.0}), *quiet(date(2026, 7, 1))])
    kept = apply_holdings(book, revalue(book, path))
    for threads in (1, 2):
        totals = stress_totals(book, path, threads=threads)
        assert totals.portfolios[0].value.tobytes() == kept.portfolios[0].value.tobytes()
        assert totals.total.tobytes() == kept.total.tobytes()


def test_positions_reconcile_and_an_ageing_equity_keeps_its_value(market):
    book = compile_book([portfolio(every_type())], market)
    result = apply_holdings(book, revalue(book, path_columns(market, quiet(date(2026, 3, 1)))))
    held = result.portfolios[0]
    assert held.reconciliation_gap < 1e-12
    row = held.position_ids.index("acme")
    assert held.position_value[row].tolist() == [3_600.0] * 3


def test_a_rate_that_is_no_number_fails_what_earns_it(market):
    path = path_columns(
        market, [(date(2026, 3, 1), {"zero_rate/USD/1Y": math.nan}), *quiet(date(2026, 4, 1))]
    )
    book = compile_book([portfolio([("cash", instrument("cash", currency="USD"), 1.0)])], market)
    value = revalue(book, path).value[0]
    assert np.isfinite(value[:3]).all()
    assert np.isnan(value[3:]).all()


def test_a_run_of_today_keeps_no_cash(market):
    book = compile_book([portfolio(every_type())], market)
    assert revalue(book, columns(market, [{"spot/ACME": 60.0}])).cash is None
