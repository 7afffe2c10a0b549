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
from stresstest.kernels.black import NO_TIME_VALUE_BELOW, black_price, intrinsic_value
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
def _direct(terms: BarrierTerms, market: BarrierMarket, x: float) -> float:
    """Return ±(D·F·N(±x) − D·K·N(±(x − s))), the part B."""
    sign = terms.sign
    received = market.discounted_forward * scaled_normal(0.0, sign * x)
    return sign * (
        received - terms.strike * market.discount * scaled_normal(0.0, sign * (x - market.std_dev))
    )


@kernel
def _mirrored(terms: BarrierTerms, market: BarrierMarket, y: float) -> float:
    """Return ±(D·F·(H/S)^{2μ + 2}·N(ηy) − D·K·(H/S)^{2μ}·N(η(y − s))), the parts C and D."""
    side, height = terms.direction, terms.log_barrier - market.log_spot
    exponent = _drift(market) * height
    received = market.discounted_forward * scaled_normal(fma(2.0, height, exponent), side * y)
    owed = terms.strike * market.discount * scaled_normal(exponent, side * (y - market.std_dev))
    return terms.sign * (received - owed)


@kernel
def knock_in_price(terms: BarrierTerms, market: BarrierMarket, vanilla: float) -> float:
    """Return the option that lives from the first touch, without rebate, between 0 and `vanilla`.

    A part of weight 0 is left out by choice, not by product: beyond its range it may be infinite.
    """
    s, h = market.std_dev, terms.log_barrier
    half, carried = 0.5 * s, h - market.log_spot + (market.log_forward - market.log_spot)
    x2 = (market.log_forward - h) / s + half
    y1 = (carried + (h - terms.log_strike)) / s + half
    y2 = carried / s + half
    price = terms.vanilla * vanilla
    price += terms.at_barrier * _direct(terms, market, x2) if terms.at_barrier != 0.0 else 0.0
    price += terms.reflected * _mirrored(terms, market, y1) if terms.reflected != 0.0 else 0.0
    price += (
        terms.reflected_at_barrier * _mirrored(terms, market, y2)
        if terms.reflected_at_barrier != 0.0
        else 0.0
    )
    # Rounding never takes a price out of its bounds; a NaN compares false and passes.
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
def untouched_value(terms: BarrierTerms, market: BarrierMarket) -> float:
    """Return the value of an option whose barrier has not been touched, its rebate included."""
    if market.std_dev < NO_TIME_VALUE_BELOW:
        return certain_value(terms, market)
    owed = terms.strike * market.discount
    moneyness = market.log_forward - terms.log_strike
    vanilla = black_price(terms.sign, market.discounted_forward, owed, moneyness, market.std_dev)
    knock_in = knock_in_price(terms, market, vanilla)
    price = knock_in if terms.knocks_in != 0.0 else vanilla - knock_in
    if terms.rebate == 0.0:
        return price
    if terms.knocks_in != 0.0:
        return fma(terms.rebate * market.discount, 1.0 - touch_chance(terms, market), price)
    if terms.at_expiry != 0.0:
        return fma(terms.rebate * market.discount, touch_chance(terms, market), price)
    return fma(terms.rebate, touch_value(terms, market), price)


@kernel
def touched_value(terms: BarrierTerms, market: BarrierMarket) -> float:
    """Return the value of an option whose barrier has been touched, without a rebate that is due at once."""
    if terms.knocks_in != 0.0:
        owed = terms.strike * market.discount
        moneyness = market.log_forward - terms.log_strike
        return black_price(terms.sign, market.discounted_forward, owed, moneyness, market.std_dev)
    return terms.rebate * market.discount if terms.at_expiry != 0.0 else 0.0
