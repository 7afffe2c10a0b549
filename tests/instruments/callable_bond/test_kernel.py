"""The lattice against QuantLib at equal steps, its convergence, and what such bonds obey."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.instruments.callable_bond.bonds import (
    CALLS,
    SPREAD,
    TERMS,
    VOL,
    bond,
    market,
    one_value,
    quantlib_value,
    values,
)
from tests.instruments.fixed_bond import pricing

MARKET = market()
PUTS = ({"date": date(2028, 12, 1), "price": 99.0},)
LONG = {"coupon": "6%", "maturity": date(2045, 8, 15), "mean_reversion": "10%"}
LONG_CALLS = tuple({"date": date(year, 8, 15), "price": 100.0} for year in range(2027, 2045))
CASES = {
    "calls": {"calls": CALLS},
    "a call inside a period": {"calls": ({"date": date(2027, 8, 17), "price": 101.0},)},
    "calls at par and a put": {"calls": ({"date": date(2027, 6, 1), "price": 100.0},), "puts": PUTS},
    "a put alone": {"coupon": "5%", "puts": PUTS},
    "eighteen calls": {**LONG, "calls": LONG_CALLS},
    "hardly any mean reversion": {"calls": CALLS, "mean_reversion": "0.001%"},
    "strong mean reversion": {**LONG, "calls": LONG_CALLS, "mean_reversion": "50%"},
    "quarterly": {"frequency": 4, "calls": CALLS},
}


@pytest.mark.parametrize("steps", [25, 120, 300])
@pytest.mark.parametrize("name", list(CASES))
def test_quantlib_gives_the_same_value_at_equal_steps(name: str, steps: int) -> None:
    spec = bond(**CASES[name], steps=steps)
    assert abs(values([spec])[0, 0] - quantlib_value(spec, MARKET)) < 1e-8


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.0005, 0.03),
    st.floats(-0.02, 0.03),
    st.floats(0.0, 0.2),
    st.integers(80, 115),
    st.integers(10, 200),
)
def test_quantlib_gives_the_same_value_in_other_markets(
    vol: float, shift: float, spread: float, price: int, steps: int
) -> None:
    rates = {key: rate + shift for key, rate in MARKET.levels.items() if key.kind == "zero_rate"}
    move = {**rates, VOL: vol, SPREAD: spread}
    spec = bond(calls=({"date": date(2027, 6, 1), "price": price},), steps=steps)
    found = values([spec], [move])[0, 0]
    moved = market(**{str(key).replace("/", "__"): level for key, level in move.items()})
    assert abs(found - quantlib_value(spec, moved)) < 1e-8


@pytest.mark.parametrize("name", list(CASES))
def test_it_converges(name: str) -> None:
    """The card's accuracy: at 120 steps within 2e-4 of face of 2,000 steps; more steps leave less."""
    fine = one_value(**CASES[name], steps=2000)
    errors = {
        steps: abs(one_value(**CASES[name], steps=steps) - fine) for steps in (20, 30, 120, 250, 300, 350)
    }
    assert errors[120] < 2e-4
    assert max(errors[250], errors[300], errors[350]) < max(6e-5, 0.5 * max(errors[20], errors[30]))


def test_without_rights_it_is_the_fixed_rate_bond() -> None:
    moves = {"zero_rate/USD/2Y": [0.01, 0.08], "credit_spread/CRWV": [0.02, 0.3]}
    straight = pricing.unit_values([pricing.bond()], moves)[0]
    keyed = [
        {pricing.RiskFactorKey.parse(text): levels[column] for text, levels in moves.items()}
        for column in (0, 1)
    ]
    unreachable = ({"date": date(2027, 6, 1), "price": 1e6},)
    found = values([bond(), bond(calls=unreachable), bond(calls=unreachable, call_style="from_dates")], keyed)
    assert np.abs(found[0] - straight).max() < 1e-15
    assert np.abs(found[1:] - straight).max() < 1e-12


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 0.03), st.floats(-0.02, 0.08), st.floats(0.0, 0.5), st.integers(85, 110), st.booleans())
def test_a_call_takes_from_the_holder_and_a_put_gives(
    vol: float, shift: float, spread: float, price: int, lasts: bool
) -> None:
    rates = {key: rate + shift for key, rate in MARKET.levels.items() if key.kind == "zero_rate"}
    move = [{**rates, VOL: vol, SPREAD: spread}]
    call = ({"date": date(2027, 6, 1), "price": float(price)},)
    style = "from_dates" if lasts else "on_dates"
    straight, callable_, puttable = values(
        [bond(), bond(calls=call, call_style=style), bond(puts=call)], move
    )[:, 0]
    assert callable_ <= straight + 1e-14
    assert puttable >= straight - 1e-14


def test_a_right_gains_with_the_vol_and_a_higher_call_price_with_nothing() -> None:
    moves = [{VOL: vol} for vol in (0.0, 0.002, 0.005, 0.01, 0.02, 0.04)]
    called, put = values([bond(calls=CALLS), bond(puts=PUTS)], moves)
    assert (np.diff(called) <= 1e-15).all()
    assert (np.diff(called)[1:] < 0.0).all()
    assert (np.diff(put) >= -1e-15).all()
    by_price = [
        one_value(calls=({"date": date(2027, 6, 1), "price": price},)) for price in (90, 100, 105, 120)
    ]
    assert by_price == sorted(by_price)


def test_a_right_that_lasts_is_worth_more_than_one_on_its_date() -> None:
    call = ({"date": date(2027, 6, 1), "price": 101.0},)
    assert one_value(calls=call, call_style="from_dates") < one_value(calls=call)


def test_notice_keeps_the_issuer_from_choosing_late() -> None:
    """The interest of the notice is owed; deciding earlier, on less, the issuer gains less."""
    call = ({"date": date(2027, 6, 1), "price": 101.0},)
    by_days = [one_value(calls=call, notice_days=days) for days in (0, 30, 60, 120)]
    assert by_days == sorted(by_days)
    assert by_days[-1] - by_days[0] < 0.003


def test_a_certain_call_is_worth_its_payments() -> None:
    """At a price far below value it is called at once: coupons until then and the price, with notice too."""
    call = ({"date": date(2026, 6, 1), "price": 50.0},)
    rates = {key: 0.03 for key in MARKET.levels if key.kind == "zero_rate"}
    move = [{**rates, SPREAD: 0.0}]
    years = [(day - pricing.AS_OF).days / 365 for day in (date(2025, 12, 1), date(2026, 6, 1))]
    expected = 0.04625 * sum(np.exp(-0.03 * np.array(years))) + 0.5 * np.exp(-0.03 * years[1])
    for days in (0, 45):
        assert values([bond(calls=call, notice_days=days)], move)[0, 0] == pytest.approx(expected, abs=2e-6)


def test_a_call_on_the_valuation_date_caps_the_value() -> None:
    today = ({"date": pricing.AS_OF, "price": 98.0},)
    accrued = float(TERMS["coupon"].rstrip("%")) / 100 * 122 / 360
    assert one_value(calls=today) == pytest.approx(0.98 + accrued, abs=1e-12)


def test_edges_of_vol_and_spread() -> None:
    steady = one_value(calls=CALLS, rate_vol="0bp")
    assert steady == pytest.approx(one_value(), abs=1e-12)
    moves = [{SPREAD: spread} for spread in (1.0, 10.0, 100.0)]
    worth = values([bond(calls=CALLS)], moves)[0]
    assert (np.diff(worth) < 0.0).all()
    assert 0.0 <= worth[-1] < 1e-4
    assert np.isnan(values([bond(calls=CALLS)], [{VOL: float("nan")}])[0, 0])


def test_columns_with_one_vol_have_the_bits_of_columns_with_many() -> None:
    spec = bond(calls=CALLS, notice_days=20)
    rates = [
        {key: rate + 0.001 * n for key, rate in MARKET.levels.items() if key.kind == "zero_rate"}
        for n in range(9)
    ]
    alike = values([spec], rates)[0]
    mixed = values([spec], [*rates, {VOL: 0.02}])[0]
    assert alike.tobytes() == mixed[:9].tobytes()
