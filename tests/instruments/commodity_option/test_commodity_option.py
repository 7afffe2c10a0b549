"""Options on commodity futures: QuantLib, parity, homogeneity, edges, refusals."""

from __future__ import annotations

import math

import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import along_path, day, forward_market, values
from tests.fixtures.refusals import codes, names, refused

MARKET, FLAT = forward_market(), forward_market(flat=True)
TERMS = {"commodity": "OIL", "right": "call", "strike": 62.0, "expiry": day(365)}
FAR = "commodity_forward/OIL/12M"


@pytest.mark.parametrize("right", ["call", "put"])
@pytest.mark.parametrize("strike", [20.0, 55.0, 63.0, 70.0, 160.0])
def test_values_are_those_of_quantlib(right: str, strike: float) -> None:
    (value,) = values("commodity_option", {**TERMS, "right": right, "strike": strike}, FLAT)
    side = QuantLib.Option.Call if right == "call" else QuantLib.Option.Put
    expected = QuantLib.blackFormula(side, strike, 63.0, 0.32, math.exp(-0.036))
    assert value == pytest.approx(expected, abs=1e-12 * max(63.0, strike))


@given(st.floats(5.0, 300.0), st.floats(5.0, 300.0), st.integers(1, 700))
def test_parity_holds_with_smile(price: float, strike: float, days: int) -> None:
    move = {FAR: price, "commodity_forward/OIL/3M": price}
    terms = {**TERMS, "strike": strike, "expiry": day(days), "delivery": day(days + 30)}
    call, put = (values("commodity_option", {**terms, "right": r}, MARKET, move)[0] for r in ("call", "put"))
    rate = 0.036 if days <= 365 else 0.036 - 0.002 * (days / 365 - 1)
    owed = math.exp(-rate * days / 365) * (price - strike)
    assert call - put == pytest.approx(owed, abs=2e-12 * max(price, strike))


@given(st.floats(0.1, 10.0))
def test_prices_are_homogeneous_in_price_and_strike(scale: float) -> None:
    (one,) = values("commodity_option", TERMS, MARKET)
    terms = {**TERMS, "strike": 62.0 * scale}
    (scaled,) = values("commodity_option", terms, MARKET, {FAR: 63.0 * scale})
    assert scaled == pytest.approx(scale * one, rel=1e-12)


def test_the_future_may_outlive_the_option() -> None:
    early = {**TERMS, "expiry": day(91)}
    far = {**early, "delivery": day(365)}
    assert names("commodity_option", early, MARKET)[0] == "commodity_forward/OIL/3M"
    assert names("commodity_option", far, MARKET)[0] == FAR
    (on_far,), (on_near,) = (values("commodity_option", terms, MARKET) for terms in (far, early))
    assert on_far > on_near  # the curve is in contango


def test_a_negative_price_has_no_lognormal_vol_but_a_payoff_at_expiry() -> None:
    below = {FAR: -10.0, "commodity_forward/OIL/3M": -10.0}
    assert math.isnan(values("commodity_option", TERMS, MARKET, below)[0])
    assert values("commodity_option", {**TERMS, "expiry": day(0), "right": "put"}, MARKET, {}) == [2.0]


def test_it_pays_its_intrinsic_value_once_on_the_future_that_is_left() -> None:
    terms = {**TERMS, "expiry": day(60), "delivery": day(365), "multiplier": 10.0, "strike": 61.0}
    steps = [(30, {FAR: 75.0}), (90, {FAR: 20.0}), (99, {})]
    worth, cash = along_path("commodity_option", terms, MARKET, steps)
    share = (305 / 365 - 0.25) / 0.75
    paid = 10.0 * ((1 - share) * 60.0 + share * 75.0 - 61.0)
    assert cash[2] == cash[3] == pytest.approx(paid, rel=1e-13)
    assert worth[2:] == cash[2:]


def test_a_surface_sticky_in_strike_keeps_the_vol_of_a_strike() -> None:
    sticky, floating = (
        values("commodity_option", {**TERMS, "strike": 50.0, "right": "put"}, market, {}, {FAR: 45.0})
        for market in (forward_market(stickiness="strike"), MARKET)
    )
    assert sticky[0] == pytest.approx(floating[0], rel=1e-13)
    assert sticky[1] > floating[1]


def test_refusals() -> None:
    assert codes("commodity_option", {**TERMS, "commodity": "GAS"}, MARKET) == ["ST363"]
    assert codes("commodity_option", {**TERMS, "expiry": day(-1)}, MARKET) == ["ST360"]
    assert codes("commodity_option", {**TERMS, "currency": "EUR"}, MARKET) == ["ST362"]
    assert codes("commodity_option", {**TERMS, "curve": "EUR"}, MARKET) == ["ST372"]
    assert "delivery is before expiry" in refused("commodity_option", {**TERMS, "delivery": day(10)})
    assert "call" in refused("commodity_option", {**TERMS, "right": "straddle"})
