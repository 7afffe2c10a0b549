"""European options with one barrier and a rebate, watched all the time, at one volatility.

E. Reiner and M. Rubinstein, Breaking down the barriers, Risk 4/8 (1991) 28, in the parts A to F of E. G.
Haug, The Complete Guide to Option Pricing Formulas, 2nd ed., section 4.17.1, written in logs and standard
deviations: μ = ln(F/S)/s² − ½, and no power of H/S overflows.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.black import NO_TIME_VALUE_BELOW, intrinsic_value
from stresstest.kernels.exponential import exp
from stresstest.kernels.normal import CENTRE, INVERSE_SQRT_2PI, mills_ratio


class BarrierTerms(NamedTuple):
    """Contract terms as numbers.

    Attributes
    ----------
    sign
        1 for a call, −1 for a put.
    direction
        η: 1 where the barrier lies below the price, −1 where above.
    knocks_in
        1 for an option that begins to live at the barrier, 0 for one that ends there.
    strike, log_strike, log_barrier
        Strike, its natural log and that of the barrier.
    rebate
        Money paid where a knock-out is touched, or where a knock-in never is.
    at_expiry
        1 where a knock-out pays its rebate at expiry, 0 at the touch.
    vanilla, at_barrier, reflected, reflected_at_barrier
        Weights of the parts A, B, C and D in the knock-in option.
    """

    sign: float
    direction: float
    knocks_in: float
    strike: float
    log_strike: float
    log_barrier: float
    rebate: float
    at_expiry: float
    vanilla: float
    at_barrier: float
    reflected: float
    reflected_at_barrier: float


class BarrierMarket(NamedTuple):
    """Market of one column: D·F, D, ln D, ln S, ln F and the standard deviation s to expiry."""

    discounted_forward: float
    discount: float
    log_discount: float
    log_spot: float
    log_forward: float
    std_dev: float


@kernel
def scaled_normal(exponent: float, x: float) -> float:
    """Return e^exponent·N(x) without an overflow of the first times an underflow of the second."""
    tail = INVERSE_SQRT_2PI * exp(fma(-0.5 * x, x, exponent)) * mills_ratio(1.0 / (abs(x) + CENTRE))
    return exp(exponent) - tail if x > 0.0 else tail


@kernel
def is_beyond(direction: float, log_price: float, log_barrier: float) -> bool:
    """Tell whether a price is at the barrier or beyond it."""
    return direction * (log_price - log_barrier) <= 0.0


@kernel
def _drift(market: BarrierMarket) -> float:
    """Return 2μ = 2·ln(F/S)/s² − 1."""
    s = market.std_dev
    return fma(2.0, (market.log_forward - market.log_spot) / (s * s), -1.0)


@kernel
def safe_std_dev(std_dev: float) -> float:
    """Return the standard deviation, 1 where it is too small to divide by: those cells are certain."""
    return 1.0 if std_dev < NO_TIME_VALUE_BELOW else std_dev


@kernel
def direct_part(terms: BarrierTerms, market: BarrierMarket) -> float:
    """Return the part B: ±(D·F·N(±x) − D·K·N(±(x − s))), x = ln(F/H)/s + s/2."""
    sign, s = terms.sign, market.std_dev
    x = (market.log_forward - terms.log_barrier) / s + 0.5 * s
    received = market.discounted_forward * scaled_normal(0.0, sign * x)
    owed = terms.strike * market.discount * scaled_normal(0.0, sign * (x - s))
    return sign * (received - owed)


@kernel
def mirrored_part(terms: BarrierTerms, market: BarrierMarket, log_target: float) -> float:
    """Return ±(D·F·(H/S)^{2μ + 2}·N(ηy) − D·K·(H/S)^{2μ}·N(η(y − s))), y = (ln(H/S) + ln(F/S) + t)/s + s/2.

    The part C with t = ln(H/K), the part D with t = 0.
    """
    side, height, s = terms.direction, terms.log_barrier - market.log_spot, market.std_dev
    y = (height + (market.log_forward - market.log_spot) + log_target) / s + 0.5 * s
    exponent = _drift(market) * height
    received = market.discounted_forward * scaled_normal(fma(2.0, height, exponent), side * y)
    owed = terms.strike * market.discount * scaled_normal(exponent, side * (y - s))
    return terms.sign * (received - owed)


@kernel
def bounded_knock_in(price: float, vanilla: float) -> float:
    """Return the price of a knock-in within 0 and `vanilla`: rounding never takes it out; a NaN passes."""
    raised = 0.0 if price < 0.0 else price  # noqa: FURB136
    return vanilla if raised > vanilla else raised  # noqa: FURB136


@kernel
def touch_chance(terms: BarrierTerms, market: BarrierMarket) -> float:
    """Return the chance, under the forward's drift, that the price touches the barrier before expiry."""
    s, side, height = market.std_dev, terms.direction, terms.log_barrier - market.log_spot
    past = (terms.log_barrier - market.log_forward) / s + 0.5 * s
    back = (height + (market.log_forward - market.log_spot)) / s - 0.5 * s
    return scaled_normal(0.0, side * past) + scaled_normal(_drift(market) * height, side * back)


@kernel
def touch_value(terms: BarrierTerms, market: BarrierMarket) -> float:
    """Return the value of one unit of money paid at the first touch, the part F.

    λ² = μ² + 2rT/s² may be negative at rates well below 0: the part has no real form there, and is NaN.
    """
    s, side, height = market.std_dev, terms.direction, terms.log_barrier - market.log_spot
    mu = 0.5 * _drift(market)
    squared = fma(mu, mu, -2.0 * market.log_discount / (s * s))
    root = math.sqrt(squared) if squared >= 0.0 else np.nan
    near = scaled_normal((mu + root) * height, side * (height / s + root * s))
    return near + scaled_normal((mu - root) * height, side * (height / s - root * s))


@kernel
def certain_value(terms: BarrierTerms, market: BarrierMarket) -> float:
    """Return the value of an untouched option where nothing is random: the price runs on to the forward."""
    vanilla = intrinsic_value(terms.sign, market.discounted_forward, terms.strike * market.discount)
    touched = is_beyond(terms.direction, market.log_forward, terms.log_barrier)
    later = terms.rebate * market.discount
    if terms.knocks_in != 0.0:
        return vanilla if touched else later
    if not touched:
        return vanilla
    way = market.log_forward - market.log_spot
    share = (terms.log_barrier - market.log_spot) / way if way != 0.0 else 0.0
    return later if terms.at_expiry != 0.0 else terms.rebate * exp(share * market.log_discount)


@kernel
def touched_value(terms: BarrierTerms, discount: float, vanilla: float) -> float:
    """Return the value of an option whose barrier has been touched, without a rebate that is due at once."""
    later = terms.rebate * discount if terms.at_expiry != 0.0 else 0.0
    return vanilla if terms.knocks_in != 0.0 else later
