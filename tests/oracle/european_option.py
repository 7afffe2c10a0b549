"""European options in 40-digit arithmetic, from the definitions; shares no code with the package.

Volatility surface, curve and day count are written here once more, as a reader of the documentation would.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import mpmath as mp

DIGITS = 40
SIZE_TOLERANCE = 4e-15
Points = Sequence[tuple[float, float]]


def black_scholes(terms: Mapping[str, float], sign: int) -> mp.mpf:
    """Price of a call (1) or put (−1); terms spot, strike, years, vol, rate, dividend_yield, as given."""
    with mp.workdps(DIGITS):
        s, k, t, vol, r, q = (
            mp.mpf(terms[name]) for name in ("spot", "strike", "years", "vol", "rate", "dividend_yield")
        )
        carried, owed = s * mp.exp(-q * t), k * mp.exp(-r * t)
        deviation = vol * mp.sqrt(t)
        if deviation == 0:
            return max(sign * (carried - owed), mp.mpf(0))
        d1 = mp.log(carried / owed) / deviation + deviation / 2
        d2 = d1 - deviation
        return sign * (carried * normal(sign * d1) - owed * normal(sign * d2))


def normal(x: mp.mpf) -> mp.mpf:
    """N(x); beyond 1,000 deviations 0 or 1, where mpmath's series overflows."""
    return mp.ncdf(x) if abs(x) < 1000 else mp.mpf(x > 0)


def by_integration(terms: Mapping[str, float], sign: int) -> mp.mpf:
    """Price as the discounted mean payoff over the lognormal density, without any formula for it."""
    with mp.workdps(25):
        s, k, t, vol, r, q = (
            mp.mpf(terms[name]) for name in ("spot", "strike", "years", "vol", "rate", "dividend_yield")
        )
        deviation = vol * mp.sqrt(t)
        drift = (r - q) * t - deviation**2 / 2
        edge = (mp.log(k / s) - drift) / deviation
        ends = [edge, edge + 4, edge + 40] if sign > 0 else [edge - 40, edge - 4, edge]

        def payoff(z: mp.mpf) -> mp.mpf:
            return sign * (s * mp.exp(drift + deviation * z) - k) * mp.npdf(z)

        return mp.exp(-r * t) * mp.quad(payoff, ends)


def linear(points: Points, at: float) -> mp.mpf:
    """Value at `at` on the straight lines through `points`, flat outside."""
    times = [mp.mpf(time) for time, _ in points]
    place = bisect_right(times, mp.mpf(at))
    if place == 0:
        return mp.mpf(points[0][1])
    if place == len(points):
        return mp.mpf(points[-1][1])
    (t0, v0), (t1, v1) = points[place - 1], points[place]
    return mp.mpf(v0) + (mp.mpf(v1) - mp.mpf(v0)) * (mp.mpf(at) - t0) / (mp.mpf(t1) - t0)


def surface_vol(
    pillars: Mapping[float, tuple[float, float, float]],
    log_moneyness: mp.mpf,
    years: float,
    ends: Sequence[float],
) -> mp.mpf:
    """Vol at ln(K/F): a + b·x + c·x² at pillars, x = ln(K/F)/√T in `ends`, total variance linear between."""

    def vol(pillar: float, time: mp.mpf) -> mp.mpf:
        a, b, c = (mp.mpf(value) for value in pillars[pillar])
        x = min(max(log_moneyness / mp.sqrt(time), mp.mpf(ends[0])), mp.mpf(ends[1]))
        return a + b * x + c * x**2

    times = sorted(pillars)
    at = mp.mpf(years)
    if years <= times[0]:
        return vol(times[0], at)
    if years >= times[-1]:
        return vol(times[-1], at)
    later = next(time for time in times if time >= years)
    earlier = times[max(times.index(later) - 1, 0)]
    variances = [(mp.mpf(time), vol(time, mp.mpf(time)) ** 2 * time) for time in (earlier, later)]
    (t0, v0), (t1, v1) = variances
    total = v0 + (v1 - v0) * (at - t0) / (t1 - t0)
    return mp.sqrt(total / at)


def option_value(
    option: Mapping[str, object],
    today: date,
    curve: Points,
    pillars: Mapping[float, tuple[float, float, float]],
    quotes: Mapping[str, float],
) -> mp.mpf:
    """Value of one contract.

    `option` has right, strike, expiry, multiplier; `quotes` has spot, dividend_yield, lower, upper and, where
    the surface sticks to strikes, base_log_forward.
    """
    with mp.workdps(DIGITS):
        years = mp.mpf((option["expiry"] - today).days) / 365
        rate = linear(curve, years)
        forward = mp.log(mp.mpf(quotes["spot"])) + (rate - mp.mpf(quotes["dividend_yield"])) * years
        reference = mp.mpf(quotes.get("base_log_forward", forward))
        vol = mp.mpf(0)
        if years > 0:
            moneyness = mp.log(mp.mpf(option["strike"])) - reference
            vol = surface_vol(pillars, moneyness, years, (quotes["lower"], quotes["upper"]))
        terms = {
            "spot": quotes["spot"],
            "strike": option["strike"],
            "years": years,
            "vol": vol,
            "rate": rate,
            "dividend_yield": quotes["dividend_yield"],
        }
        return option["multiplier"] * black_scholes(terms, 1 if option["right"] == "call" else -1)


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of one contract and the size that its tolerance is relative to; `level(kind, name, tenor)`."""
    name = spec.underlying
    smile, discount = market.smiles[name], market.discount_curves[market.issuers[name].currency]
    curve = market.curves[spec.curve or discount]
    zero_rates = [
        (years, level("zero_rate", curve.name, tenor))
        for years, tenor in zip(curve.years.tolist(), curve.tenors, strict=True)
    ]
    pillars = {
        years: tuple(level(kind, name, tenor) for kind in ("implied_vol", "vol_skew", "vol_curvature"))
        for years, tenor in zip(smile.years.tolist(), smile.tenors, strict=True)
    }
    spot = level("spot", name)
    quotes = {
        "spot": spot,
        "dividend_yield": level("dividend_yield", name),
        "lower": smile.lower,
        "upper": smile.upper,
    }
    if smile.stickiness != "moneyness":
        raise NotImplementedError("a surface that sticks to strikes")
    value = option_value(spec.model_dump(), market.as_of, zero_rates, pillars, quotes)
    return float(value), spec.multiplier * max(spot, spec.strike)
