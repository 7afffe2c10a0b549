"""Variance swaps: flat and skewed surfaces, a second formula, QuantLib, realised variance, refusals."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import TODAY, along_path, day, forward_market, values
from tests.fixtures.refusals import codes, names, refused, texts
from tests.oracle.variance_swap import fair_variance, fair_variance_by_levels

MARKET, FLAT = forward_market(), forward_market(flat=True)
TERMS = {"underlying": "ACME", "strike": "30%", "expiry": day(365)}
VOL, SKEW, CURVATURE = "implied_vol/ACME/1Y", "vol_skew/ACME/1Y", "vol_curvature/ACME/1Y"


def fair(value: float, strike: float = 0.3, rate: float = 0.036) -> float:
    """Return the variance that the value of one unit of vega notional implies."""
    return value * math.exp(rate) * strike / 50.0 + strike * strike


@given(st.floats(0.01, 2.0), st.integers(1, 1000))
def test_on_a_flat_surface_the_fair_variance_is_the_square_of_the_vol(vol: float, days: int) -> None:
    rates = {"zero_rate/USD/1Y": 0.0, "zero_rate/USD/2Y": 0.0}
    (value,) = values("variance_swap", {**TERMS, "expiry": day(days)}, FLAT, {VOL: vol, **rates})
    assert fair(value, rate=0.0) == pytest.approx(vol * vol, rel=1e-12, abs=1e-13)


def smile(k: mp.mpf, level: float, skew: float, curvature: float) -> mp.mpf:
    x = min(max(k, mp.mpf("-1.5")), mp.mpf("0.6"))
    return mp.mpf(level) + x * (mp.mpf(skew) + x * mp.mpf(curvature))


@pytest.mark.parametrize(
    ("level", "skew", "curvature"),
    [(0.35, -0.1, -0.02), (0.18, -0.06, -0.015), (0.9, 0.1, -0.2), (0.25, 0.0, 0.1)],
)
def test_strips_agree_with_an_integral_over_the_levels_of_d2(
    level: float, skew: float, curvature: float
) -> None:
    move = {VOL: level, SKEW: skew, CURVATURE: curvature}
    (value,) = values("variance_swap", TERMS, MARKET, move)
    with mp.workdps(20):
        kinks = [mp.mpf("-1.5"), mp.mpf("0.6")]
        by_strikes = fair_variance(lambda k: smile(k, level, skew, curvature), kinks)
        by_levels = fair_variance_by_levels(lambda k: smile(k, level, skew, curvature), kinks)
    assert float(by_levels) == pytest.approx(float(by_strikes), rel=1e-9)
    assert fair(value) == pytest.approx(float(by_strikes), rel=2e-12)


def test_a_skewed_surface_costs_more_than_its_middle() -> None:
    (value,) = values("variance_swap", TERMS, MARKET)
    assert 0.35 < math.sqrt(fair(value)) < 0.42


def test_values_are_near_quantlibs_replication() -> None:
    with QuantLib.SavedSettings():
        today = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year)
        QuantLib.Settings.instance().evaluationDate = today
        count = QuantLib.Actual365Fixed()
        process = QuantLib.BlackScholesMertonProcess(
            QuantLib.QuoteHandle(QuantLib.SimpleQuote(187.62)),
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, 0.0125, count)),
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, 0.036, count)),
            QuantLib.BlackVolTermStructureHandle(
                QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), 0.35, count)
            ),
        )
        forward = 187.62 * math.exp(0.0235)
        calls = [forward * math.exp(0.01 * n) for n in range(260)]
        puts = [forward * math.exp(-0.01 * n) for n in range(260)]
        engine = QuantLib.ReplicatingVarianceSwapEngine(process, 0.01, calls, puts)
        swap = QuantLib.VarianceSwap(QuantLib.Position.Long, 0.09, 1.0, today, today + 365)
        swap.setPricingEngine(engine)
        # Its strip stands on discrete strikes: good to a thousandth of the variance, no better.
        (value,) = values("variance_swap", TERMS, FLAT)
        assert fair(value) == pytest.approx(swap.variance(), rel=2e-3)


def test_a_jump_counts_at_once() -> None:
    calm, fallen = values("variance_swap", TERMS, MARKET, {}, {"spot/ACME": 187.62 * 0.7})
    assert fair(fallen) - fair(calm) == pytest.approx(math.log(0.7) ** 2, rel=1e-12)


def test_what_was_realised_is_averaged_with_what_is_left() -> None:
    terms = {**TERMS, "start": day(-365), "realised_vol": "20%"}
    (value,) = values("variance_swap", terms, FLAT)
    assert fair(value) == pytest.approx((0.04 + 0.35 * 0.35) / 2.0, rel=1e-12)
    today = {**TERMS, "start": day(0)}
    assert values("variance_swap", today, FLAT) == values("variance_swap", TERMS, FLAT)


def test_each_step_of_a_path_is_squared_by_itself() -> None:
    steps = [(30, {"spot/ACME": 150.0}), (60, {"spot/ACME": 187.62}), (400, {}), (430, {})]
    worth, cash = along_path("variance_swap", TERMS, MARKET, steps)
    realised = 2.0 * math.log(150.0 / 187.62) ** 2
    assert cash[3] == pytest.approx(50.0 / 0.3 * (realised - 0.09), rel=1e-12)
    assert worth[3:] == cash[3:] == [cash[3]] * 2


def test_time_that_passes_in_calm_costs_the_holder() -> None:
    worth, _ = along_path("variance_swap", TERMS, FLAT, [(73, {}), (146, {})])
    expected = [50.0 / 0.3 * (0.35 * 0.35 * left - 0.09) for left in (1.0, 0.8, 0.6)]
    assert worth == pytest.approx(expected, rel=1e-12)


def test_without_vol_there_is_no_variance() -> None:
    still = {VOL: 0.0, SKEW: 0.0, CURVATURE: 0.0}
    assert fair(values("variance_swap", TERMS, MARKET, still)[0]) == pytest.approx(0.0, abs=1e-15)
    assert math.isnan(values("variance_swap", TERMS, MARKET, {VOL: -0.1})[0])
    assert math.isnan(values("variance_swap", TERMS, MARKET, {VOL: math.nan})[0])


def test_a_surface_sticky_in_strike_moves_against_the_forward() -> None:
    sticky = forward_market(stickiness="strike")
    base, fallen = values("variance_swap", TERMS, sticky, {}, {"spot/ACME": 150.0})
    (floating,) = values("variance_swap", TERMS, MARKET)
    assert base == pytest.approx(floating, rel=1e-12)
    # The vols of the strikes around the fallen price are higher: more than the jump alone.
    assert fair(fallen) - fair(base) > math.log(150.0 / 187.62) ** 2 + 0.01
    assert "dividend_yield/ACME" in names("variance_swap", TERMS, sticky)


def test_it_depends_on_jumps_surface_and_discount() -> None:
    assert names("variance_swap", TERMS, MARKET) == ["spot/ACME", "zero_rate/USD/1Y", VOL, SKEW, CURVATURE]
    begun = {**TERMS, "start": day(-10), "realised_vol": "20%", "expiry": day(0)}
    assert names("variance_swap", begun, MARKET) == ["spot/ACME"]
    assert values("variance_swap", begun, MARKET) == [pytest.approx(50.0 / 0.3 * (0.04 - 0.09), rel=1e-14)]


def test_refusals() -> None:
    (text,) = texts("variance_swap", {**TERMS, "start": day(-30)}, MARKET)
    assert "realised_vol" in text
    assert codes("variance_swap", {**TERMS, "start": day(30)}, MARKET) == ["ST366"]
    assert codes("variance_swap", {**TERMS, "expiry": day(0)}, MARKET) == ["ST366"]
    assert codes("variance_swap", {**TERMS, "expiry": day(-1)}, MARKET) == ["ST360"]
    assert codes("variance_swap", {**TERMS, "underlying": "OIL"}, MARKET) == ["ST357"]
    assert "start is not before expiry" in refused("variance_swap", {**TERMS, "start": day(365)})
    assert "without start" in refused("variance_swap", {**TERMS, "realised_vol": "20%"})
    assert "percentage" in refused("variance_swap", {**TERMS, "strike": 0.3})
