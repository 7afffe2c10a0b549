"""Values of barrier options: QuantLib, in and out, limits, edges, rebates."""

from __future__ import annotations

import math

import numpy as np
import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import TODAY, day, forward_market, values

MARKET, FLAT = forward_market(), forward_market(flat=True)
TERMS = {
    "underlying": "ACME",
    "right": "call",
    "strike": 190.0,
    "expiry": day(365),
    "barrier": 150.0,
    "knock": "down_out",
}
VOL = "implied_vol/ACME/1Y"
KNOCKS = ("down_in", "down_out", "up_in", "up_out")
TYPES = {
    "down_in": QuantLib.Barrier.DownIn,
    "down_out": QuantLib.Barrier.DownOut,
    "up_in": QuantLib.Barrier.UpIn,
    "up_out": QuantLib.Barrier.UpOut,
}
knocks = st.sampled_from(KNOCKS)
rights = st.sampled_from(["call", "put"])


def barrier_of(knock: str, share: float) -> float:
    """Return a barrier `share` of the spot away, on the side of the knock."""
    return 187.62 * (1.0 - share if knock.startswith("down") else 1.0 + share)


def quantlib_value(terms: dict, quotes: dict[str, float]) -> float:
    today = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year)
    QuantLib.Settings.instance().evaluationDate = today
    count = QuantLib.Actual365Fixed()
    process = QuantLib.BlackScholesMertonProcess(
        QuantLib.QuoteHandle(QuantLib.SimpleQuote(quotes["spot"])),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, 0.0125, count)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, quotes["rate"], count)),
        QuantLib.BlackVolTermStructureHandle(
            QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), quotes["vol"], count)
        ),
    )
    side = QuantLib.Option.Call if terms["right"] == "call" else QuantLib.Option.Put
    option = QuantLib.BarrierOption(
        TYPES[terms["knock"]],
        terms["barrier"],
        terms.get("rebate", 0.0),
        QuantLib.PlainVanillaPayoff(side, terms["strike"]),
        QuantLib.EuropeanExercise(today + 365),
    )
    option.setPricingEngine(QuantLib.AnalyticBarrierEngine(process))
    return float(option.NPV())


@pytest.mark.parametrize("right", ["call", "put"])
@pytest.mark.parametrize("knock", KNOCKS)
@pytest.mark.parametrize("strike", [130.0, 187.62, 260.0])
def test_flat_values_are_those_of_quantlib(right: str, knock: str, strike: float) -> None:
    with QuantLib.SavedSettings():
        for share, rebate in ((0.02, 0.0), (0.1, 7.5), (0.3, 2.0)):
            terms = {**TERMS, "right": right, "knock": knock, "strike": strike, "rebate": rebate}
            terms["barrier"] = barrier_of(knock, share)
            for rate, vol in ((0.036, 0.35), (0.09, 0.12), (0.0, 0.8), (-0.01, 0.3)):
                rates = {"zero_rate/USD/1Y": rate, "zero_rate/USD/2Y": rate, VOL: vol}
                (value,) = values("barrier_option", terms, FLAT, rates)
                expected = quantlib_value(terms, {"spot": 187.62, "rate": rate, "vol": vol})
                assert value == pytest.approx(expected, abs=1e-12 * max(187.62, strike)), (terms, rate, vol)


@given(knocks, rights, st.floats(80.0, 400.0), st.floats(0.01, 0.5), st.floats(0.1, 1.2))
def test_in_and_out_together_are_the_vanilla_option(
    knock: str, right: str, strike: float, share: float, vol: float
) -> None:
    side = knock.split("_", maxsplit=1)[0]
    terms = {**TERMS, "right": right, "strike": strike, "barrier": barrier_of(knock, share)}
    move = {VOL: vol}
    inside, outside = (
        values("barrier_option", {**terms, "knock": f"{side}_{end}"}, MARKET, move)[0]
        for end in ("in", "out")
    )
    option = {"underlying": "ACME", "right": right, "strike": strike, "expiry": day(365)}
    (vanilla,) = values("european_option", option, MARKET, move)
    assert inside + outside == pytest.approx(vanilla, abs=2e-14 * max(187.62, strike))
    assert 0.0 <= inside <= vanilla
    assert 0.0 <= outside <= vanilla


@given(knocks, st.floats(0.02, 0.5), st.floats(0.1, 1.0), st.floats(0.0, 0.1))
def test_a_rebate_is_paid_exactly_once(knock: str, share: float, vol: float, rate: float) -> None:
    side = knock.split("_", maxsplit=1)[0]
    terms = {**TERMS, "barrier": barrier_of(knock, share)}
    move = {VOL: vol, "zero_rate/USD/1Y": rate}

    def rebate(end: str, **more: str) -> float:
        with_it, without = (
            values("barrier_option", {**terms, "knock": f"{side}_{end}", **paid}, MARKET, move)[0]
            for paid in ({"rebate": 4.0, **more}, {})
        )
        return with_it - without

    never, later, at_once = rebate("in"), rebate("out", rebate_paid="at_expiry"), rebate("out")
    assert never + later == pytest.approx(4.0 * math.exp(-rate), abs=1e-12)
    assert later - 1e-12 <= at_once <= 4.0 + 1e-12


@given(knocks, rights, st.floats(0.2, 6.0))
def test_values_are_homogeneous(knock: str, right: str, scale: float) -> None:
    terms = {**TERMS, "right": right, "knock": knock, "barrier": barrier_of(knock, 0.15), "rebate": 3.0}
    (one,) = values("barrier_option", terms, MARKET)
    larger = {name: terms[name] * scale for name in ("strike", "barrier", "rebate")}
    market = forward_market(spot__ACME=187.62 * scale)
    assert values("barrier_option", {**terms, **larger}, market)[0] == pytest.approx(scale * one, rel=1e-11)


def test_a_barrier_out_of_reach_leaves_the_vanilla_option() -> None:
    option = {"underlying": "ACME", "right": "call", "strike": 190.0, "expiry": day(365)}
    (vanilla,) = values("european_option", option, MARKET)
    for knock, barrier in (("down_out", 0.01), ("up_out", 1e7)):
        terms = {**TERMS, "knock": knock, "barrier": barrier}
        assert values("barrier_option", terms, MARKET)[0] == pytest.approx(vanilla, rel=1e-13)


def test_a_knock_out_falls_to_its_rebate_as_the_price_nears_the_barrier() -> None:
    spots = [{"spot/ACME": 150.0 + gap} for gap in (30.0, 3.0, 0.3, 1e-3, 1e-6)]
    found = values("barrier_option", {**TERMS, "rebate": 2.5}, MARKET, *spots)
    assert (np.diff(found) < 0.0).all()
    assert found[-1] == pytest.approx(2.5, abs=1e-5)


def test_a_shock_to_the_barrier_or_beyond_touches_it() -> None:
    moves = [{"spot/ACME": spot} for spot in (150.0, 149.0, 60.0)]
    assert values("barrier_option", {**TERMS, "rebate": 2.5}, MARKET, *moves) == [2.5, 2.5, 2.5]
    at_expiry = {**TERMS, "rebate": 2.5, "rebate_paid": "at_expiry"}
    assert values("barrier_option", at_expiry, MARKET, *moves)[0] == pytest.approx(2.5 * math.exp(-0.036))
    option = {"underlying": "ACME", "right": "call", "strike": 190.0, "expiry": day(365)}
    knock_in = {**TERMS, "knock": "down_in", "rebate": 2.5}
    assert values("barrier_option", knock_in, MARKET, *moves) == values(
        "european_option", option, MARKET, *moves
    )


@pytest.mark.parametrize("vol", [0.0, 1e-40])
def test_without_vol_the_way_to_the_forward_decides(vol: float) -> None:
    still = {VOL: vol, "vol_skew/ACME/1Y": 0.0, "vol_curvature/ACME/1Y": 0.0}
    risen = 187.62 * math.exp(0.036 - 0.0125)
    up = {**TERMS, "strike": 150.0, "knock": "up_out", "rebate": 3.0}
    (touched,) = values("barrier_option", {**up, "barrier": 190.0}, MARKET, still)
    assert 3.0 * math.exp(-0.036) < touched < 3.0
    (missed,) = values("barrier_option", {**up, "barrier": 193.0}, MARKET, still)
    assert missed == pytest.approx((risen - 150.0) * math.exp(-0.036), rel=1e-13)
    knock_in = {**up, "knock": "up_in"}
    assert values("barrier_option", {**knock_in, "barrier": 190.0}, MARKET, still)[0] == pytest.approx(missed)
    later = 3.0 * math.exp(-0.036)
    assert values("barrier_option", {**knock_in, "barrier": 193.0}, MARKET, still)[0] == pytest.approx(later)


@pytest.mark.parametrize("vol", [1e-9, 1e-6, 1e-3, 0.01])
@pytest.mark.parametrize("knock", KNOCKS)
def test_small_vols_overflow_nowhere(vol: float, knock: str) -> None:
    still = {VOL: vol, "vol_skew/ACME/1Y": 0.0, "vol_curvature/ACME/1Y": 0.0}
    for right in ("call", "put"):
        for share in (0.01, 0.03, 0.4):
            terms = {**TERMS, "right": right, "knock": knock, "barrier": barrier_of(knock, share)}
            near = values("barrier_option", {**terms, "rebate": 2.0}, MARKET, still)[0]
            certain = values("barrier_option", {**terms, "rebate": 2.0}, MARKET, {**still, VOL: 0.0})[0]
            assert near == pytest.approx(certain, abs=1.5 if vol > 1e-3 else 0.2)


def test_a_rebate_at_the_touch_has_no_real_form_at_very_negative_rates() -> None:
    move = {"zero_rate/USD/1Y": -0.2, VOL: 0.5, "dividend_yield/ACME": -0.325}
    assert math.isnan(values("barrier_option", {**TERMS, "rebate": 1.0}, FLAT, move)[0])
    assert values("barrier_option", TERMS, FLAT, move)[0] > 0.0


def test_an_impossible_level_fails_its_column_alone() -> None:
    for key in ("spot/ACME", VOL, "zero_rate/USD/1Y", "dividend_yield/ACME"):
        found = values("barrier_option", TERMS, MARKET, {}, {key: math.nan}, {})
        assert np.isnan(found).tolist() == [False, True, False]
    assert math.isnan(values("barrier_option", TERMS, FLAT, {VOL: -0.1})[0])
