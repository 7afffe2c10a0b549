"""Digital options: QuantLib, limit of spreads, parity, bounds, edges, refusals."""

from __future__ import annotations

import math

import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import TODAY, along_path, day, forward_market, values
from tests.fixtures.refusals import codes, names, refused

MARKET, FLAT = forward_market(), forward_market(flat=True)
TERMS = {"underlying": "ACME", "right": "call", "strike": 190.0, "expiry": day(365), "amount": 1.0}
VOL = "implied_vol/ACME/1Y"


def quantlib_value(terms: dict, spot: float, vol: float) -> float:
    today = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year)
    QuantLib.Settings.instance().evaluationDate = today
    count = QuantLib.Actual365Fixed()
    process = QuantLib.BlackScholesMertonProcess(
        QuantLib.QuoteHandle(QuantLib.SimpleQuote(spot)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, 0.0125, count)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, 0.036, count)),
        QuantLib.BlackVolTermStructureHandle(
            QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), vol, count)
        ),
    )
    side = QuantLib.Option.Call if terms["right"] == "call" else QuantLib.Option.Put
    payoff = (
        QuantLib.AssetOrNothingPayoff(side, terms["strike"])
        if terms.get("payoff") == "asset"
        else QuantLib.CashOrNothingPayoff(side, terms["strike"], 1.0)
    )
    option = QuantLib.VanillaOption(payoff, QuantLib.EuropeanExercise(today + 365))
    option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(process))
    return float(option.NPV())


@pytest.mark.parametrize("right", ["call", "put"])
@pytest.mark.parametrize("payoff", ["cash", "asset"])
@pytest.mark.parametrize("strike", [60.0, 170.0, 187.62, 220.0, 600.0])
def test_flat_values_are_those_of_quantlib(right: str, payoff: str, strike: float) -> None:
    terms = {**TERMS, "right": right, "strike": strike, "payoff": payoff}
    with QuantLib.SavedSettings():
        for spot, vol in ((187.62, 0.35), (120.0, 0.1), (300.0, 0.9)):
            (value,) = values("digital_option", terms, FLAT, {"spot/ACME": spot, VOL: vol})
            size = spot if payoff == "asset" else 1.0
            assert value == pytest.approx(quantlib_value(terms, spot, vol), abs=1e-12 * size)


@given(st.floats(60.0, 500.0), st.sampled_from(["call", "put"]), st.floats(0.15, 0.8))
def test_a_digital_is_the_limit_of_a_narrow_spread(strike: float, right: str, vol: float) -> None:
    move, width = {VOL: vol}, 1e-4 * strike
    terms = {**TERMS, "right": right, "strike": strike}
    (digital,) = values("digital_option", terms, MARKET, move)
    option = {"underlying": "ACME", "right": right, "expiry": day(365)}
    low, high = (
        values("european_option", {**option, "strike": strike + side * width}, MARKET, move)[0]
        for side in (-1.0, 1.0)
    )
    spread = (low - high) / (2.0 * width) * (1.0 if right == "call" else -1.0)
    assert digital == pytest.approx(spread, abs=2e-6)


@given(st.floats(60.0, 500.0), st.floats(0.1, 1.5), st.floats(-0.05, 0.15))
def test_call_and_put_together_pay_always(strike: float, vol: float, rate: float) -> None:
    move = {VOL: vol, "zero_rate/USD/1Y": rate}
    terms = {**TERMS, "strike": strike}
    call, put = (values("digital_option", {**terms, "right": r}, MARKET, move)[0] for r in ("call", "put"))
    assert call + put == pytest.approx(math.exp(-rate), rel=1e-14)
    asset = {**terms, "payoff": "asset"}
    call, put = (values("digital_option", {**asset, "right": r}, MARKET, move)[0] for r in ("call", "put"))
    assert call + put == pytest.approx(187.62 * math.exp(-0.0125), rel=1e-14)


@given(st.floats(60.0, 500.0))
def test_a_vanilla_option_is_an_asset_digital_less_strikes(strike: float) -> None:
    terms = {**TERMS, "strike": strike}
    (asset,) = values("digital_option", {**terms, "payoff": "asset"}, MARKET)
    (cash,) = values("digital_option", {**terms, "amount": strike}, MARKET)
    option = {"underlying": "ACME", "right": "call", "strike": strike, "expiry": day(365)}
    assert asset - cash == pytest.approx(values("european_option", option, MARKET)[0], abs=1e-12 * strike)


@given(st.floats(0.2, 5.0))
def test_cash_depends_on_moneyness_alone(scale: float) -> None:
    (one,) = values("digital_option", TERMS, MARKET)
    terms = {**TERMS, "strike": 190.0 * scale}
    (scaled,) = values("digital_option", terms, MARKET, {"spot/ACME": 187.62 * scale})
    assert scaled == pytest.approx(one, abs=1e-13)


def test_a_falling_smile_makes_a_call_dearer_than_its_chance() -> None:
    (with_skew,), (without,) = (
        values("digital_option", {**TERMS, "strike": 188.0}, market) for market in (MARKET, FLAT)
    )
    assert with_skew > without + 0.02


def test_what_is_certain_pays_or_does_not() -> None:
    for spot, paid in ((189.99, 0.0), (190.0, 0.0), (190.01, 5.0)):
        terms = {**TERMS, "expiry": day(0), "amount": 5.0}
        assert values("digital_option", terms, MARKET, {"spot/ACME": spot}) == [paid]
        assert values("digital_option", {**terms, "right": "put"}, MARKET, {"spot/ACME": spot}) == [
            5.0 - paid
        ]
    still = {VOL: 0.0, "vol_skew/ACME/1Y": 0.0, "vol_curvature/ACME/1Y": 0.0}
    assert values("digital_option", TERMS, MARKET, still) == [pytest.approx(math.exp(-0.036), rel=1e-15)]
    assert values("digital_option", {**TERMS, "strike": 195.0}, MARKET, still) == [0.0]
    assert math.isnan(values("digital_option", TERMS, MARKET, {**still, "spot/ACME": math.nan})[0])
    assert values("digital_option", {**TERMS, "right": "put"}, MARKET, {"spot/ACME": 0.0})[0] > 0.96


def test_it_pays_once_along_a_path() -> None:
    steps = [(30, {"spot/ACME": 250.0}), (90, {"spot/ACME": 100.0}), (120, {})]
    worth, cash = along_path("digital_option", {**TERMS, "expiry": day(60), "amount": 7.0}, MARKET, steps)
    assert cash == [0.0, 0.0, 7.0, 7.0]
    assert worth[2:] == [7.0, 7.0]


def test_it_depends_on_what_a_vanilla_option_depends_on() -> None:
    option = {"underlying": "ACME", "right": "call", "strike": 190.0, "expiry": day(500)}
    assert names("digital_option", {**TERMS, "expiry": day(500)}, MARKET) == names(
        "european_option", option, MARKET
    )
    assert names("digital_option", {**TERMS, "expiry": day(0)}, MARKET) == ["spot/ACME"]


def test_refusals() -> None:
    assert codes("digital_option", {**TERMS, "underlying": "ACMEE"}, MARKET) == ["ST355"]
    assert codes("digital_option", {**TERMS, "expiry": day(-1)}, MARKET) == ["ST360"]
    assert codes("digital_option", {**TERMS, "curve": "EUR"}, MARKET) == ["ST372"]
    assert "asset" in refused("digital_option", {**TERMS, "payoff": "gold"})
    assert "greater than 0" in refused("digital_option", {**TERMS, "amount": 0.0})
