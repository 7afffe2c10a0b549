"""Currency forwards: covered interest parity, QuantLib, crosses, symmetry, settlement, refusals."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import TODAY, along_path, day, forward_market, requirements, values
from tests.fixtures.refusals import codes, names, refused, texts

MARKET = forward_market()
TERMS = {"pair": "EURUSD", "rate": 1.19, "delivery": day(365)}


def test_a_forward_at_the_fair_rate_is_worth_nothing() -> None:
    fair = 1.1747 * math.exp(0.036 - 0.02)
    assert values("fx_forward", {**TERMS, "rate": fair}, MARKET)[0] == pytest.approx(0.0, abs=1e-14)


def test_values_are_those_of_quantlib_curves() -> None:
    with QuantLib.SavedSettings():
        today = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year)
        QuantLib.Settings.instance().evaluationDate = today
        dates, count = [today, today + 365, today + 730], QuantLib.Actual365Fixed()
        dollars = QuantLib.ZeroCurve(dates, [0.036, 0.036, 0.034], count)
        euros = QuantLib.ZeroCurve(dates, [0.02, 0.02, 0.021], count)
        for days in (1, 90, 365, 500, 730):
            (value,) = values("fx_forward", {**TERMS, "delivery": day(days)}, MARKET)
            expected = 1.1747 * euros.discount(today + days) - 1.19 * dollars.discount(today + days)
            assert value == pytest.approx(expected, abs=1e-12)


@given(st.floats(0.3, 4.0), st.floats(0.3, 4.0), st.floats(-0.03, 0.1))
def test_a_purchase_is_the_sale_of_the_other_currency(spot: float, rate: float, euro_rate: float) -> None:
    move = {"fx_spot/EURUSD": spot, "zero_rate/EUR/1Y": euro_rate}
    (dollars,) = values("fx_forward", {**TERMS, "rate": rate}, MARKET, move)
    (euros,) = values("fx_forward", {**TERMS, "pair": "USDEUR", "rate": 1.0 / rate}, MARKET, move)
    # One euro bought for `rate` dollars is `rate` dollars sold for a euro, in euros at the spot.
    assert dollars == pytest.approx(-rate * euros * spot, abs=1e-12 * max(spot, rate))


def test_a_cross_goes_through_the_dollar() -> None:
    terms = {"pair": "EURJPY", "rate": 170.0, "delivery": day(365)}
    (value,) = values("fx_forward", terms, MARKET)
    expected = 1.1747 * 147.4 * math.exp(-0.02) - 170.0 * math.exp(-0.006)
    assert value == pytest.approx(expected, rel=1e-13)
    assert requirements("fx_forward", terms, MARKET).currency == "JPY"
    assert {"fx_spot/EURUSD", "fx_spot/USDJPY"} <= set(names("fx_forward", terms, MARKET))


def test_it_settles_once_along_a_path() -> None:
    steps = [(30, {"fx_spot/EURUSD": 1.1}), (90, {"fx_spot/EURUSD": 1.5}), (120, {})]
    worth, cash = along_path("fx_forward", {**TERMS, "delivery": day(60)}, MARKET, steps)
    assert cash[2:] == [pytest.approx(1.1 - 1.19)] * 2
    assert worth[1:] == [pytest.approx(1.1 - 1.19, rel=1e-14)] * 3


def test_on_the_day_of_delivery_only_the_rate_matters() -> None:
    terms = {**TERMS, "delivery": day(0)}
    assert values("fx_forward", terms, MARKET, {"fx_spot/EURUSD": 1.25})[0] == pytest.approx(0.06, rel=1e-14)
    assert names("fx_forward", terms, MARKET) == ["fx_spot/EURUSD"]


def test_refusals() -> None:
    assert codes("fx_forward", {**TERMS, "pair": "USDUSD"}, MARKET) == ["ST364"]
    assert codes("fx_forward", {**TERMS, "delivery": day(-1)}, MARKET) == ["ST360"]
    assert codes("fx_forward", {**TERMS, "pair": "GBPUSD"}, MARKET) == ["ST218", "ST362"]
    assert codes("fx_forward", {**TERMS, "base_curve": "USD"}, MARKET) == ["ST372"]
    assert codes("fx_forward", {**TERMS, "quote_curve": "USDD"}, MARKET) == ["ST362"]
    two = replace(MARKET, curves={**MARKET.curves, "EUR_2": MARKET.curves["EUR"]})
    (text,) = texts("fx_forward", TERMS, two)
    assert "no one curve of EUR" in text
    for pair in ("EUR/USD", "eurusd"):
        assert "EURUSD" in refused("fx_forward", {**TERMS, "pair": pair})
