"""Currency options: QuantLib, parity, symmetry of currencies, edges, refusals."""

from __future__ import annotations

import math

import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import TODAY, along_path, day, forward_market, values
from tests.fixtures.refusals import codes, names, texts

MARKET, FLAT = forward_market(), forward_market(flat=True)
TERMS = {"pair": "EURUSD", "right": "call", "strike": 1.2, "expiry": day(365)}
QUOTES = {"EURUSD": (1.1747, 0.02, 0.036, 0.08), "USDJPY": (147.4, 0.036, 0.006, 0.11)}


def quantlib_value(pair: str, right: str, strike: float, days: int) -> float:
    spot, base, quote, vol = QUOTES[pair]
    today = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year)
    QuantLib.Settings.instance().evaluationDate = today
    count = QuantLib.Actual365Fixed()
    process = QuantLib.GarmanKohlagenProcess(
        QuantLib.QuoteHandle(QuantLib.SimpleQuote(spot)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, base, count)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, quote, count)),
        QuantLib.BlackVolTermStructureHandle(
            QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), vol, count)
        ),
    )
    side = QuantLib.Option.Call if right == "call" else QuantLib.Option.Put
    option = QuantLib.VanillaOption(
        QuantLib.PlainVanillaPayoff(side, strike), QuantLib.EuropeanExercise(today + days)
    )
    option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(process))
    return float(option.NPV())


@pytest.mark.parametrize("right", ["call", "put"])
@pytest.mark.parametrize("moneyness", [0.6, 0.9, 1.0, 1.05, 1.8])
@pytest.mark.parametrize("pair", QUOTES)
def test_flat_values_are_those_of_quantlib(pair: str, right: str, moneyness: float) -> None:
    spot = QUOTES[pair][0]
    with QuantLib.SavedSettings():
        for days in (7, 120, 365):
            terms = {"pair": pair, "right": right, "strike": spot * moneyness, "expiry": day(days)}
            (value,) = values("fx_option", terms, FLAT)
            expected = quantlib_value(pair, right, spot * moneyness, days)
            assert value == pytest.approx(expected, abs=1e-12 * spot * max(1.0, moneyness))


@given(st.floats(0.5, 3.0), st.floats(0.5, 3.0), st.integers(1, 365))
def test_a_call_less_a_put_is_a_forward(spot: float, strike: float, days: int) -> None:
    move = {"fx_spot/EURUSD": spot}
    terms = {**TERMS, "strike": strike, "expiry": day(days)}
    call, put = (values("fx_option", {**terms, "right": r}, MARKET, move)[0] for r in ("call", "put"))
    forward = {"pair": "EURUSD", "rate": strike, "delivery": day(days)}
    (bought,) = values("fx_forward", forward, MARKET, move)
    assert call - put == pytest.approx(bought, abs=4e-15 * max(spot, strike))


@given(st.floats(0.7, 2.0), st.floats(0.7, 2.0), st.floats(0.02, 0.6))
def test_a_call_on_one_currency_is_a_put_on_the_other(spot: float, strike: float, vol: float) -> None:
    move = {"fx_spot/EURUSD": spot, "implied_vol/EURUSD/1Y": vol}
    (call,) = values("fx_option", {**TERMS, "strike": strike}, FLAT, move)
    years = 1.0
    received, owed = spot * math.exp(-0.02 * years), strike * math.exp(-0.036 * years)
    # The put on dollars in euros: strike/spot dollars, each sold for 1/strike euros.
    side = QuantLib.Option.Put
    mirrored = QuantLib.blackFormula(side, 1.0 / strike, owed / (strike * received), vol, received / spot)
    assert call == pytest.approx(mirrored * strike * spot, abs=1e-12 * max(spot, strike))


def test_it_pays_its_intrinsic_value_once() -> None:
    steps = [(30, {"fx_spot/EURUSD": 1.3}), (90, {"fx_spot/EURUSD": 1.0}), (120, {})]
    worth, cash = along_path("fx_option", {**TERMS, "expiry": day(60)}, MARKET, steps)
    assert cash[2:] == [pytest.approx(0.1, rel=1e-14)] * 2
    assert worth[2:] == cash[2:]


def test_a_skew_follows_the_forward_or_the_strike() -> None:
    terms = {"pair": "USDJPY", "right": "put", "strike": 130.0, "expiry": day(365)}
    sticky, floating = (
        values("fx_option", terms, market, {}, {"fx_spot/USDJPY": 125.0})
        for market in (forward_market(stickiness="strike"), MARKET)
    )
    assert sticky[0] == pytest.approx(floating[0], rel=1e-13)
    assert sticky[1] > floating[1]


def test_it_depends_on_rate_curves_and_surface() -> None:
    expected = ["fx_spot/EURUSD", "zero_rate/EUR/1Y", "zero_rate/USD/1Y"]
    found = names("fx_option", TERMS, MARKET)
    assert found[:3] == expected
    assert found[3:] == [f"{kind}/EURUSD/1Y" for kind in ("implied_vol", "vol_skew", "vol_curvature")]
    assert names("fx_option", {**TERMS, "expiry": day(0)}, MARKET) == ["fx_spot/EURUSD"]


def test_refusals() -> None:
    (text,) = texts("fx_option", {**TERMS, "pair": "USDEUR"}, MARKET)
    assert "ST364" in text
    assert "did you mean 'EURUSD'" in text
    assert codes("fx_option", {**TERMS, "pair": "EURJPY"}, MARKET) == ["ST361"]
    assert codes("fx_option", {**TERMS, "expiry": day(-1)}, MARKET) == ["ST360"]
    assert codes("fx_option", {**TERMS, "quote_curve": "EUR"}, MARKET) == ["ST372"]
    assert codes("fx_option", {**TERMS, "pair": "EUREUR"}, MARKET) == ["ST364", "ST361"]
