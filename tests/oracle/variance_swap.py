"""Variance swaps in 20 digits: the strip of options integrated adaptively, and by another formula.

`fair_variance_by_levels` integrates squared vols over the levels of d2 instead of option prices over strikes
(J. Gatheral, The Volatility Surface, 2006, eq. 11.4).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import mpmath as mp
from tests.oracle.forwards import black, discount, std_dev, years_between

SIZE_TOLERANCE = 2e-12
DIGITS = 20


def fair_variance(deviation: Callable[[mp.mpf], mp.mpf], kinks: list[mp.mpf]) -> mp.mpf:
    """Variance × years of 2·∫ p(k)·e^{−k} dk, given the standard deviation at k and where it bends."""

    def density(k: mp.mpf) -> mp.mpf:
        sign = 1 if k >= 0 else -1
        return 2 * mp.exp(-k) * black(sign, mp.mpf(1), mp.exp(k), deviation(k))

    wide = 11 * max(deviation(mp.mpf(k)) for k in (-50, 0, 50))
    borders = sorted({-wide, mp.mpf(0), wide, *(k for k in kinks if -wide < k < wide)})
    points = [a + (b - a) * n / 4 for a, b in pairwise(borders) for n in range(4)]
    return mp.quad(density, [*points, wide])


def fair_variance_by_levels(deviation: Callable[[mp.mpf], mp.mpf], kinks: list[mp.mpf]) -> mp.mpf:
    """The same as ∫ s²(k)·φ(d2) |dd2|, d2 = −k/s − s/2, over k; good where d2 falls everywhere."""

    def density(k: mp.mpf) -> mp.mpf:
        s = deviation(k)
        slope = mp.diff(lambda x: -x / deviation(x) - deviation(x) / 2, k)
        return -(s**2) * mp.npdf(-k / s - s / 2) * slope

    wide = 11 * max(deviation(mp.mpf(k)) for k in (-50, 0, 50))
    borders = sorted({-wide, mp.mpf(0), wide, *(k for k in kinks if -wide < k < wide)})
    points = [a + (b - a) * n / 4 for a, b in pairwise(borders) for n in range(4)]
    return mp.quad(density, [*points, wide])


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of one unit of vega notional, and the size that its tolerance is relative to."""
    with mp.workdps(DIGITS):
        years = years_between(market.as_of, spec.expiry)
        smile = market.smiles[spec.underlying]
        if smile.stickiness != "moneyness":
            raise NotImplementedError("a surface that sticks to strikes")
        curve = spec.curve or market.discount_curves[market.issuers[spec.underlying].currency]
        kinks = [limit * mp.sqrt(time) for limit in (smile.lower, smile.upper) for time in smile.years]
        kinks += [limit * mp.sqrt(years) for limit in (smile.lower, smile.upper)]
        left = mp.mpf(0)
        if years > 0:
            left = fair_variance(lambda k: std_dev(market, level, spec.underlying, k, years), kinks)
        start = spec.start or market.as_of
        realised = mp.mpf(spec.realised_vol or 0) ** 2 * years_between(start, market.as_of)
        base = next(x for key, x in market.levels.items() if key == ("spot", spec.underlying, ""))
        jump = mp.log(mp.mpf(level("spot", spec.underlying)) / base) ** 2
        variance = (realised + jump + left) / years_between(start, spec.expiry)
        strike = mp.mpf(spec.strike)
        scale = 50 / strike * discount(market, level, curve, years)
        return float(scale * (variance - strike**2)), float(scale * max(variance, strike**2))
