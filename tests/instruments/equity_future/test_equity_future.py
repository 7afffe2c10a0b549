"""Equity futures: fair price, entry, settlement, refusals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import along_path, day, forward_market, requirements, values
from tests.fixtures.refusals import codes, names, refused

MARKET = forward_market()
TERMS = {"underlying": "ACME", "expiry": day(365)}
FAIR = 187.62 * math.exp(0.036 - 0.0125)


def test_without_an_entry_price_the_base_value_is_exactly_nothing() -> None:
    for days in (0, 1, 91, 365, 700):
        terms = {**TERMS, "expiry": day(days)}
        base, risen = values("equity_future", terms, MARKET, {}, {"spot/ACME": 190.0})
        assert base == 0.0
        assert risen > 0.0


def test_gains_count_from_the_entry_price() -> None:
    (value,) = values("equity_future", {**TERMS, "entry_price": 180.0, "multiplier": 50}, MARKET)
    assert value == pytest.approx(50 * (FAIR - 180.0), rel=1e-13)


@given(st.floats(20.0, 900.0), st.floats(-0.02, 0.12), st.floats(0.0, 0.08))
def test_a_future_is_worth_its_spot_carried(spot: float, rate: float, dividend_yield: float) -> None:
    move = {"spot/ACME": spot, "zero_rate/USD/1Y": rate, "dividend_yield/ACME": dividend_yield}
    (value,) = values("equity_future", {**TERMS, "entry_price": 100.0}, MARKET, move)
    assert value == pytest.approx(spot * math.exp(rate - dividend_yield) - 100.0, abs=1e-11)


def test_on_the_last_day_the_price_is_the_spot() -> None:
    terms = {**TERMS, "expiry": day(0), "entry_price": 100.0}
    assert values("equity_future", terms, MARKET, {"spot/ACME": 130.5}) == [30.5]
    assert names("equity_future", terms, MARKET) == ["spot/ACME"]


def test_it_settles_once_along_a_path() -> None:
    terms = {**TERMS, "expiry": day(60), "entry_price": 180.0, "multiplier": 10.0}
    steps = [(30, {"spot/ACME": 150.0, "dividend_yield/ACME": 0.0}), (90, {"spot/ACME": 400.0}), (120, {})]
    worth, cash = along_path("equity_future", terms, MARKET, steps)
    assert cash == [0.0, 0.0, -300.0, -300.0]
    assert worth[1:] == [-300.0, -300.0, -300.0]


def test_it_depends_on_spot_yield_and_rates_around_the_expiry() -> None:
    assert requirements("equity_future", TERMS, MARKET).currency == "USD"
    assert names("equity_future", TERMS, MARKET) == ["spot/ACME", "dividend_yield/ACME", "zero_rate/USD/1Y"]


def test_refusals() -> None:
    assert codes("equity_future", {**TERMS, "underlying": "ACMEE"}, MARKET) == ["ST355"]
    assert codes("equity_future", {**TERMS, "expiry": day(-1)}, MARKET) == ["ST360"]
    assert codes("equity_future", {**TERMS, "curve": "USDX"}, MARKET) == ["ST362"]
    assert codes("equity_future", {**TERMS, "curve": "EUR"}, MARKET) == ["ST372"]
    assert "greater than 0" in refused("equity_future", {**TERMS, "entry_price": 0.0})
    assert "greater than 0" in refused("equity_future", {**TERMS, "multiplier": -1.0})
