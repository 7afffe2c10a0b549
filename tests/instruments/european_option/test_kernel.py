"""Values of options in whole markets: oracle, QuantLib, identities, impossible inputs, bits."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest
import QuantLib
from tests.fixtures.option_market import (
    CURVE,
    EUROPEAN,
    SPOT,
    TODAY,
    YIELD,
    flat_market,
    option,
    option_market,
    random_moves,
    random_options,
)
from tests.fixtures.unit_values import Moves, kernel_of, unit_values
from tests.oracle.european_option import option_value

from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot

MARKETS = {
    "flat": flat_market(),
    "smile": option_market(),
    "sticky strike": option_market(stickiness="strike"),
    "term structure": option_market(bounds=(0.0, 0.0)),
}


def level(market: MarketSnapshot, move: dict[RiskFactorKey, float], kind: str, tenor: str = "") -> float:
    key = RiskFactorKey(kind, "USD" if kind == "zero_rate" else "ACME", tenor)
    return move.get(key, market.levels[key])


def expected_value(spec, market: MarketSnapshot, move: dict[RiskFactorKey, float]) -> float:
    """Value by the oracle; a surface sticky in strike keeps the forward of the unmoved market."""
    smile = market.smiles["ACME"]
    curve = [(years, level(market, move, "zero_rate", tenor)) for tenor, (years, _) in CURVE.items()]
    kinds = ("implied_vol", "vol_skew", "vol_curvature")
    pillars = {
        years: tuple(level(market, move, kind, tenor) for kind in kinds)
        for years, tenor in zip(smile.years.tolist(), smile.tenors, strict=True)
    }
    quotes = {
        "spot": level(market, move, "spot"),
        "dividend_yield": level(market, move, "dividend_yield"),
        "lower": smile.lower,
        "upper": smile.upper,
    }
    if smile.stickiness == "strike":
        years = (spec.expiry - TODAY).days / 365
        base = np.interp(years, [t for t, _ in CURVE.values()], [rate for _, rate in CURVE.values()])
        quotes["base_log_forward"] = math.log(187.62) + (float(base) - 0.0125) * years
    return float(option_value(spec.model_dump(), TODAY, curve, pillars, quotes))


@pytest.mark.parametrize("name", MARKETS)
def test_values_are_those_of_the_oracle(name: str) -> None:
    market = MARKETS[name]
    specs, moves = random_options(25, seed=21), random_moves(market, 12, seed=22)
    values = unit_values(EUROPEAN, specs, market, moves)
    for i, spec in enumerate(specs):
        for j, move in enumerate(moves):
            expected = expected_value(spec, market, move)
            size = spec.multiplier * max(level(market, move, "spot"), spec.strike)
            assert abs(values[i, j] - expected) <= 4e-15 * size, (spec, move, expected, values[i, j])


def quantlib_value(spec, quotes: dict[str, float]) -> float:
    today = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year)
    QuantLib.Settings.instance().evaluationDate = today
    expiry = QuantLib.Date(spec.expiry.day, spec.expiry.month, spec.expiry.year)
    count = QuantLib.Actual365Fixed()
    process = QuantLib.BlackScholesMertonProcess(
        QuantLib.QuoteHandle(QuantLib.SimpleQuote(quotes["spot"])),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, quotes["dividend_yield"], count)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, quotes["rate"], count)),
        QuantLib.BlackVolTermStructureHandle(
            QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), quotes["vol"], count)
        ),
    )
    right = QuantLib.Option.Call if spec.right == "call" else QuantLib.Option.Put
    instrument = QuantLib.VanillaOption(
        QuantLib.PlainVanillaPayoff(right, spec.strike), QuantLib.EuropeanExercise(expiry)
    )
    instrument.setPricingEngine(QuantLib.AnalyticEuropeanEngine(process))
    return spec.multiplier * instrument.NPV()


def test_flat_values_are_those_of_quantlib() -> None:
    market = flat_market()
    specs = [spec for spec in random_options(60, seed=23) if spec.expiry > TODAY]
    rng = np.random.default_rng(24)
    moves = []
    for _ in range(30):
        rate = float(rng.normal(0.03, 0.02))
        moves.append(
            {
                SPOT: float(rng.uniform(60.0, 400.0)),
                YIELD: float(rng.uniform(0.0, 0.06)),
                RiskFactorKey("implied_vol", "ACME", "1Y"): float(rng.uniform(0.05, 1.5)),
                **{RiskFactorKey("zero_rate", "USD", tenor): rate for tenor in CURVE},
            }
        )
    values = unit_values(EUROPEAN, specs, market, moves)
    for j, move in enumerate(moves):
        quotes = {
            "spot": move[SPOT],
            "dividend_yield": move[YIELD],
            "rate": move[RiskFactorKey("zero_rate", "USD", "1Y")],
            "vol": move[RiskFactorKey("implied_vol", "ACME", "1Y")],
        }
        for i, spec in enumerate(specs):
            expected = quantlib_value(spec, quotes)
            size = spec.multiplier * max(move[SPOT], spec.strike)
            assert abs(values[i, j] - expected) <= 1e-12 * size, (spec, move, expected, values[i, j])


@pytest.mark.parametrize("right", ["call", "put"])
def test_on_the_day_of_expiry_the_value_is_the_intrinsic_value_exactly(right: str) -> None:
    market = option_market()
    moves = [{}, {SPOT: 100.0}, {SPOT: 190.0}, {SPOT: 300.0}]
    values = unit_values(EUROPEAN, [option(right, 190.0, 0)], market, moves)[0]
    sign = 1.0 if right == "call" else -1.0
    assert values.tolist() == [max(sign * (spot - 190.0), 0.0) for spot in (187.62, 100.0, 190.0, 300.0)]


def test_a_vol_of_zero_is_the_discounted_intrinsic_value() -> None:
    market = flat_market()
    move = {RiskFactorKey("implied_vol", "ACME", "1Y"): 0.0}
    values = unit_values(EUROPEAN, [option("call", 150.0, 365), option("put", 150.0, 365)], market, [move])
    forward = 187.62 * math.exp(-0.0125) - 150.0 * math.exp(-0.036)
    assert values[:, 0].tolist() == pytest.approx([forward, 0.0], rel=1e-14)


def bump(market: MarketSnapshot, kind: str, tenor: str, level: float) -> Moves:
    return [{}, {RiskFactorKey(kind, "ACME", tenor): level}, {}]


@pytest.mark.parametrize("bad", [-0.01, math.nan])
@pytest.mark.parametrize("name", ["flat", "smile"])
def test_an_impossible_vol_fails_its_column_alone(name: str, bad: float) -> None:
    market = MARKETS[name]
    for days in (0, 300):
        values = unit_values(EUROPEAN, [option(days=days)], market, bump(market, "implied_vol", "1Y", bad))
        assert np.isnan(values[0]).tolist() == [False, days > 0 or name == "flat", False]


@pytest.mark.parametrize("bad", [-5.0, math.nan, math.inf])
def test_an_impossible_spot_fails_its_column_alone(bad: float) -> None:
    for market in MARKETS.values():
        values = unit_values(EUROPEAN, [option()], market, [{}, {SPOT: bad}])
        assert np.isnan(values[0]).tolist() == [False, True]


def test_a_surface_sticky_in_strike_keeps_the_vol_of_a_strike() -> None:
    spec = option("put", 150.0, 365)
    moves = [{}, {SPOT: 140.0}]
    sticky, floating = (
        unit_values(EUROPEAN, [spec], MARKETS[n], moves)[0] for n in ("sticky strike", "smile")
    )
    assert sticky[0] == pytest.approx(floating[0], rel=1e-14)
    # The skew falls with the strike: at the moved forward the fixed strike is no longer a low one.
    assert sticky[1] > floating[1]


@pytest.mark.parametrize("name", MARKETS)
def test_parity_holds_with_smile(name: str) -> None:
    market = MARKETS[name]
    moves = random_moves(market, 40, seed=25)
    call, put = unit_values(EUROPEAN, [option(r, 170.0, 300) for r in ("call", "put")], market, moves)
    years = 300 / 365
    for j, move in enumerate(moves):
        rates = [level(market, move, "zero_rate", tenor) for tenor in CURVE]
        rate = float(np.interp(years, [t for t, _ in CURVE.values()], rates))
        forward = level(market, move, "spot") * math.exp(-level(market, move, "dividend_yield") * years)
        assert call[j] - put[j] == pytest.approx(forward - 170.0 * math.exp(-rate * years), abs=1e-12)


def test_the_multiplier_scales_exactly() -> None:
    specs = [option(multiplier=1.0), option(multiplier=64.0)]
    one, many = unit_values(EUROPEAN, specs, option_market(), random_moves(option_market(), 9, seed=26))
    assert (64.0 * one).tobytes() == many.tobytes()


@pytest.mark.parametrize("name", MARKETS)
def test_a_value_does_not_depend_on_the_width_of_its_block(name: str) -> None:
    market = MARKETS[name]
    specs, moves = random_options(12, seed=27), random_moves(market, 40, seed=28)
    whole = unit_values(EUROPEAN, specs, market, moves)
    for width in range(1, 41):
        part = unit_values(EUROPEAN, specs, market, moves[:width])
        assert part.tobytes() == np.ascontiguousarray(whole[:, :width]).tobytes(), width


def test_one_signature() -> None:
    unit_values(EUROPEAN, [option()], flat_market(), [{}])
    unit_values(
        EUROPEAN, random_options(3, seed=1), option_market(), random_moves(option_market(), 600, seed=2)
    )
    assert len(kernel_of(EUROPEAN).signatures) == 1


def test_time_value_decays_to_the_payoff() -> None:
    specs = [option("call", 190.0, days) for days in (365, 180, 60, 10, 1, 0)]
    values = unit_values(EUROPEAN, specs, option_market(), [{SPOT: 190.0}])[:, 0]
    assert (np.diff(values) < 0.0).all()
    assert values[-1] == 0.0
    assert specs[-1].expiry == TODAY + timedelta(days=0)
