"""Black's formula against QuantLib and 40-digit arithmetic, at random and where formulas break."""

from __future__ import annotations

import math
from collections.abc import Iterator

import mpmath as mp
import numpy as np
import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle.european_option import black_scholes, by_integration

from stresstest.kernels.black import NO_TIME_VALUE_BELOW, black_price, intrinsic_value
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log

NAMES = ("spot", "strike", "years", "vol", "rate", "dividend_yield")
Terms = dict[str, float]


def price(terms: Terms, sign: int) -> float:
    """Price the way an instrument kernel does: from logs and discount factors computed apart."""
    spot, strike, years, vol, rate, dividend_yield = (terms[name] for name in NAMES)
    discount, carried = exp(-rate * years), spot * exp(-dividend_yield * years)
    log_moneyness = (log(spot) - dividend_yield * years + rate * years) - log(strike)
    return black_price(float(sign), carried, strike * discount, log_moneyness, vol * math.sqrt(years))


def quantlib_price(terms: Terms, sign: int) -> float:
    spot, strike, years, vol, rate, dividend_yield = (terms[name] for name in NAMES)
    forward = spot * math.exp((rate - dividend_yield) * years)
    return QuantLib.blackFormula(
        QuantLib.Option.Call if sign > 0 else QuantLib.Option.Put,
        strike,
        forward,
        vol * math.sqrt(years),
        math.exp(-rate * years),
    )


def random_terms(n: int, seed: int) -> Iterator[Terms]:
    rng = np.random.default_rng(seed)
    for _ in range(n):
        spot = float(np.exp(rng.uniform(-3.0, 13.0)))
        spread = rng.choice([0.01, 0.3, 1.0])
        yield {
            "spot": spot,
            "strike": spot * float(np.exp(spread * rng.normal())),
            "years": float(rng.uniform(1 / 365, 5.0)),
            "vol": float(rng.choice([0.01, 0.15, 0.4, 0.9, 2.5]) * rng.uniform(0.5, 1.5)),
            "rate": float(rng.normal(0.03, 0.03)),
            "dividend_yield": float(rng.uniform(-0.02, 0.08)),
        }


def say(terms: Terms, sign: int, expected: float) -> str:
    got = price(terms, sign)
    return f"{terms} sign {sign}: expected {expected!r}, got {got!r}, error {got - expected:.2e}"


def test_20_000_random_prices_agree_with_quantlib_to_1e_12() -> None:
    for number, terms in enumerate(random_terms(20_000, seed=11)):
        sign = 1 if number % 2 else -1
        expected = quantlib_price(terms, sign)
        tolerance = 1e-12 * max(terms["spot"], terms["strike"])
        assert abs(price(terms, sign) - expected) <= tolerance, say(terms, sign, expected)


def test_error_is_below_2e_15_of_the_larger_of_spot_and_strike() -> None:
    for number, terms in enumerate(random_terms(3000, seed=12)):
        sign = 1 if number % 2 else -1
        expected = black_scholes(terms, sign)
        tolerance = 2e-15 * max(terms["spot"], terms["strike"])
        assert abs(mp.mpf(price(terms, sign)) - expected) <= tolerance, say(terms, sign, float(expected))


BASE = {"spot": 100.0, "strike": 100.0, "years": 0.5, "vol": 0.2, "rate": 0.04, "dividend_yield": 0.01}
EDGES: dict[str, Terms] = {
    "S = K": {},
    "S = K without rates": {"rate": 0.0, "dividend_yield": 0.0},
    "F = K": {"rate": 0.03, "dividend_yield": 0.03},
    "d1 = 0": {"rate": 0.0, "dividend_yield": 0.5 * 0.2**2},
    "d2 = 0": {"rate": 0.5 * 0.2**2, "dividend_yield": 0.0},
    "years to 0": {"years": 1e-12},
    "years to 0 in the money": {"years": 1e-12, "strike": 90.0},
    "vol to 0": {"vol": 1e-9},
    "vol to 0 at the forward": {"vol": 1e-9, "rate": 0.0, "dividend_yield": 0.0},
    "vol to 0 near the forward": {"vol": 1e-9, "rate": 0.0, "dividend_yield": 0.0, "strike": 100.0 + 1e-8},
    "vol tiny": {"vol": 1e-200},
    "wing far below": {"strike": 0.01},
    "wing far above": {"strike": 1e6},
    "wing 40 deviations out": {"strike": 100.0 * math.exp(40 * 0.2 * math.sqrt(0.5))},
    "vol 1000 %": {"vol": 10.0},
    "vol 10,000 % for 5 years": {"vol": 100.0, "years": 5.0},
    "negative rate": {"rate": -0.05},
    "30 years": {"years": 30.0},
    "rate 100 %": {"rate": 1.0, "years": 10.0},
    "small notional": {"spot": 1e-12, "strike": 1.1e-12},
    "large notional": {"spot": 1e18, "strike": 0.9e18},
}


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("edge", EDGES)
def test_edges_agree_with_quantlib_and_the_oracle(edge: str, sign: int) -> None:
    terms = {**BASE, **EDGES[edge]}
    size = max(terms["spot"], terms["strike"])
    # ln(K) of a notional of 1e18 has an ulp of 7e-15: that size carries the rounding of its logs.
    allowed = 2e-15 if 1e-3 < size < 1e9 else 1e-14
    expected = black_scholes(terms, sign)
    assert abs(mp.mpf(price(terms, sign)) - expected) <= allowed * size, say(terms, sign, float(expected))
    assert abs(price(terms, sign) - quantlib_price(terms, sign)) <= 1e-12 * size


def exactly(d1: float, d2: float) -> tuple[float, float]:
    """Return ln(F/K) and deviation that give d1 and d2 without rounding."""
    deviation = d1 - d2
    return (d1 - 0.5 * deviation) * deviation, deviation


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(
    ("d1", "d2"), [(0.0, -0.25), (0.25, 0.0), (0.125, -0.125), (-0.0, -0.5), (0.5, -0.0)]
)
def test_d1_and_d2_exactly_0(sign: float, d1: float, d2: float) -> None:
    log_moneyness, deviation = exactly(d1, d2)
    forward, strike = 100.0 * float(mp.exp(log_moneyness)), 100.0
    with mp.workdps(40):
        expected = sign * (forward * mp.ncdf(sign * mp.mpf(d1)) - strike * mp.ncdf(sign * mp.mpf(d2)))
    got = black_price(sign, forward, strike, log_moneyness, deviation)
    assert got == pytest.approx(float(expected), abs=1e-13)


@pytest.mark.parametrize("deviation", [0.0, NO_TIME_VALUE_BELOW / 2, 5e-324])
@pytest.mark.parametrize("strike", [90.0, 100.0, 110.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_no_deviation_is_the_discounted_intrinsic_value_exactly(
    deviation: float, strike: float, sign: float
) -> None:
    got = black_price(sign, 100.0, strike, log(100.0 / strike), deviation)
    assert got == max(sign * (100.0 - strike), 0.0)
    assert math.copysign(1.0, got) == 1.0


@pytest.mark.parametrize("place", range(5))
def test_not_a_number_in_is_not_a_number_out(place: int) -> None:
    for deviation in (0.2, 0.0):
        arguments = [1.0, 100.0, 100.0, 0.01, deviation]
        arguments[place] = math.nan
        # Without a deviation moneyness does not matter.
        assert math.isnan(black_price(*arguments)) or (place == 3 and deviation == 0.0)


def test_intrinsic_value_is_not_a_number_where_its_arguments_are_not() -> None:
    assert math.isnan(intrinsic_value(1.0, math.nan, 1.0))
    assert intrinsic_value(-1.0, 5.0, 5.0) == 0.0


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("strike", [50.0, 99.0, 130.0])
def test_the_oracle_is_the_mean_payoff(strike: float, sign: int) -> None:
    terms = {**BASE, "strike": strike}
    assert abs(black_scholes(terms, sign) - by_integration(terms, sign)) < 1e-15


POSITIVE = st.floats(0.01, 1e4)


@given(POSITIVE, POSITIVE, st.floats(1e-4, 4.0))
def test_parity_and_bounds(forward: float, strike: float, deviation: float) -> None:
    log_moneyness = log(forward) - log(strike)
    call, put = (black_price(sign, forward, strike, log_moneyness, deviation) for sign in (1.0, -1.0))
    size = max(forward, strike)
    assert call - put == pytest.approx(forward - strike, abs=2e-15 * size)
    assert call >= max(forward - strike, 0.0)
    assert put >= max(strike - forward, 0.0)
    assert 0.0 <= call <= forward * (1.0 + 1e-15)
    assert 0.0 <= put <= strike * (1.0 + 1e-15)


@given(POSITIVE, POSITIVE, st.floats(1e-3, 2.0), st.floats(1e-3, 1.0))
def test_a_price_rises_with_the_deviation(
    forward: float, strike: float, deviation: float, more: float
) -> None:
    log_moneyness = log(forward) - log(strike)
    low, high = (black_price(1.0, forward, strike, log_moneyness, s) for s in (deviation, deviation + more))
    assert high >= low - 2e-15 * max(forward, strike)
