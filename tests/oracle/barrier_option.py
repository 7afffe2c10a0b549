"""Barrier options by integration: the density of paths that never touched, and that of the first touch.

Both come from the reflection principle (J. M. Harrison, Brownian Motion and Stochastic Flow Systems, 1985,
section 1.8); no pricing formula for barrier options is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath as mp
from tests.oracle.forwards import black, share_forward, std_dev, years_between

SIZE_TOLERANCE = 2e-13
DIGITS = 22


def untouched_payoff(terms: Mapping[str, Any]) -> mp.mpf:
    """Mean payoff of the paths from `spot` that never touch `barrier`, not discounted.

    `terms`: sign, strike, barrier, spot, forward, deviation.
    """
    s, h = terms["deviation"], mp.log(terms["barrier"] / terms["spot"])
    drift = mp.log(terms["forward"] / terms["spot"]) - s**2 / 2

    def density(x: mp.mpf) -> mp.mpf:
        image = mp.exp(2 * drift * h / s**2) * mp.npdf((x - 2 * h - drift) / s)
        return (mp.npdf((x - drift) / s) - image) / s

    def integrand(x: mp.mpf) -> mp.mpf:
        return terms["sign"] * (terms["spot"] * mp.exp(x) - terms["strike"]) * density(x)

    edge = mp.log(terms["strike"] / terms["spot"])
    wide = 12 * s
    lowest, highest = (h, drift + s**2 + wide) if h < 0 else (drift - wide, h)
    low, high = (max(lowest, edge), highest) if terms["sign"] > 0 else (lowest, min(highest, edge))
    if low >= high:
        return mp.mpf(0)
    return mp.quad(integrand, mp.linspace(low, high, 9))


def touch_mean(terms: Mapping[str, Any], log_discount: mp.mpf) -> mp.mpf:
    """Mean of e^{ln D·t/T} over the time t of the first touch before T; with ln D = 0 the chance of one."""
    s, h = terms["deviation"], mp.log(terms["barrier"] / terms["spot"])
    drift = mp.log(terms["forward"] / terms["spot"]) - s**2 / 2

    def density(u: mp.mpf) -> mp.mpf:
        width = s * mp.sqrt(u)
        return abs(h) / (u * width) * mp.npdf((h - drift * u) / width) * mp.exp(log_discount * u)

    # The density is all but 0 until the barrier is within fifteen deviations.
    start = min(mp.mpf("0.5"), (h / (15 * s)) ** 2)
    return mp.quad(density, [start + (1 - start) * (mp.mpf(k) / 12) ** 2 for k in range(13)])


def is_beyond(knock: str, price: Any, barrier: float) -> bool:
    """Whether a price has touched the barrier."""
    return bool(price <= barrier if knock.startswith("down") else price >= barrier)


def value(spec: Any, terms: Mapping[str, Any], factor: mp.mpf) -> mp.mpf:
    """Value of the option on one share whose price is `terms["spot"]`, by direct integration."""
    knocks_in, rebate = spec.knock.endswith("in"), mp.mpf(spec.rebate)
    vanilla = factor * black(terms["sign"], terms["forward"], terms["strike"], terms["deviation"])
    later = rebate * factor if spec.rebate_paid == "at_expiry" else rebate
    if spec.knocked:
        return vanilla if knocks_in else (later if spec.rebate_paid == "at_expiry" else mp.mpf(0))
    if is_beyond(spec.knock, terms["spot"], spec.barrier):
        return vanilla if knocks_in else later
    if terms["deviation"] == 0:
        return rebate if knocks_in else vanilla
    untouched = factor * untouched_payoff(terms)
    if knocks_in:
        return vanilla - untouched + rebate * factor * (1 - touch_mean(terms, mp.mpf(0)))
    if spec.rebate_paid == "at_expiry":
        return untouched + rebate * factor * touch_mean(terms, mp.mpf(0))
    return untouched + rebate * touch_mean(terms, mp.log(factor))


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of one contract, and the size that its tolerance is relative to."""
    with mp.workdps(DIGITS):
        years = years_between(market.as_of, spec.expiry)
        forward, factor = share_forward(market, level, (spec.underlying, spec.curve, years))
        moneyness = mp.log(mp.mpf(spec.strike) / forward)
        terms = {
            "sign": 1 if spec.right == "call" else -1,
            "strike": mp.mpf(spec.strike),
            "barrier": mp.mpf(spec.barrier),
            "spot": mp.mpf(level("spot", spec.underlying)),
            "forward": forward,
            "deviation": std_dev(market, level, spec.underlying, moneyness, years),
        }
        size = spec.multiplier * max(terms["spot"], spec.strike)
        return float(spec.multiplier * value(spec, terms, factor)), float(size)
