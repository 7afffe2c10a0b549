"""Equity forwards: parity with options, QuantLib, settlement, refusals."""

from __future__ import annotations

import math

import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import TODAY, along_path, day, forward_market, values
from tests.fixtures.refusals import codes, names, refused

MARKET = forward_market()
TERMS = {"underlying": "ACME", "delivery": day(365), "price": 190.0}


@given(st.floats(20.0, 900.0), st.floats(-0.05, 0.15), st.integers(1, 900))
def test_a_forward_is_a_call_less_a_put(spot: float, rate: float, days: int) -> None:
    move = {"spot/ACME": spot, "zero_rate/USD/1Y": rate, "zero_rate/USD/2Y": rate}
    option = {"underlying": "ACME", "strike": 190.0, "expiry": day(days)}
    call, put = (
        values("european_option", {**option, "right": right}, MARKET, move)[0] for right in ("call", "put")
    )
    (forward,) = values("equity_forward", {**TERMS, "delivery": day(days)}, MARKET, move)
    assert forward == pytest.approx(call - put, abs=2e-12 * max(spot, 190.0))


def test_values_are_those_of_quantlib() -> None:
    with QuantLib.SavedSettings():
        today = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year)
        QuantLib.Settings.instance().evaluationDate = today
        count = QuantLib.Actual365Fixed()
        rates = QuantLib.ZeroCurve([today, today + 365, today + 730], [0.036, 0.036, 0.034], count)
        yields = QuantLib.FlatForward(today, 0.0125, count)
        for days in (1, 90, 365, 500, 730):
            (value,) = values("equity_forward", {**TERMS, "delivery": day(days)}, MARKET)
            discount, carry = rates.discount(today + days), yields.discount(today + days)
            assert value == pytest.approx(187.62 * carry - 190.0 * discount, abs=1e-12 * 190.0)


def test_a_fair_price_is_worth_nothing_and_values_are_homogeneous() -> None:
    fair = 187.62 * math.exp(0.036 - 0.0125)
    assert values("equity_forward", {**TERMS, "price": fair}, MARKET)[0] == pytest.approx(0.0, abs=1e-12)
    (one,) = values("equity_forward", TERMS, MARKET)
    (two,) = values("equity_forward", {**TERMS, "price": 380.0}, MARKET, {"spot/ACME": 2 * 187.62})
    assert two == 2.0 * one


def test_it_settles_once_along_a_path() -> None:
    terms = {**TERMS, "delivery": day(60)}
    steps = [(30, {"spot/ACME": 150.0, "dividend_yield/ACME": 0.0}), (90, {"spot/ACME": 400.0}), (120, {})]
    worth, cash = along_path("equity_forward", terms, MARKET, steps)
    assert cash == [0.0, 0.0, -40.0, -40.0]
    assert worth[1:] == [-40.0, -40.0, -40.0]


def test_on_the_day_of_delivery_only_the_spot_matters() -> None:
    terms = {**TERMS, "delivery": day(0)}
    assert values("equity_forward", terms, MARKET, {"spot/ACME": 200.0}) == [10.0]
    assert names("equity_forward", terms, MARKET) == ["spot/ACME"]


def test_refusals() -> None:
    assert codes("equity_forward", {**TERMS, "delivery": day(-1)}, MARKET) == ["ST360"]
    assert codes("equity_forward", {**TERMS, "underlying": "NONE"}, MARKET) == ["ST355"]
    assert codes("equity_forward", {**TERMS, "curve": "EUR"}, MARKET) == ["ST372"]
    assert "greater than 0" in refused("equity_forward", {**TERMS, "price": 0.0})
