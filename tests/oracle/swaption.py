"""Slow, obvious value of a swaption: legs by themselves, the formulas through `math.erfc`, vols by expiry."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from tests.oracle.floating import Curve, Level, Terms, base_level, curve_name, periods
from tests.oracle.forwards import tenor_years

SIZE_TOLERANCE = 1e-12


def normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def black(sign: float, forward: float, strike: float, deviation: float) -> float:
    if deviation == 0.0:
        return max(sign * (forward - strike), 0.0)
    d1 = math.log(forward / strike) / deviation + 0.5 * deviation
    return sign * (forward * normal(sign * d1) - strike * normal(sign * (d1 - deviation)))


def bachelier(sign: float, forward: float, strike: float, deviation: float) -> float:
    if deviation == 0.0:
        return max(sign * (forward - strike), 0.0)
    d = (forward - strike) / deviation
    density = math.exp(-0.5 * d * d) / math.sqrt(2.0 * math.pi)
    return sign * (forward - strike) * normal(sign * d) + deviation * density


def deviation(pillars: list[tuple[float, float]], years: float) -> float:
    """Standard deviation to an expiry of (time, vol) pillars: variance linear in time, vols flat outside."""
    first, last = pillars[0], pillars[-1]
    if years <= first[0]:
        return first[1] * math.sqrt(years)
    if years >= last[0]:
        return last[1] * math.sqrt(years)
    for (before, low), (after, high) in pairwise(pillars):
        if before <= years <= after:
            weight = (years - before) / (after - before)
            variance = (1 - weight) * before * low * low + weight * after * high * high
            return math.sqrt(variance)
    raise ValueError(years)


def swap_legs(spec: Any, market: Any, level: Level) -> tuple[float, float]:
    """Annuity and floating leg of the swap per unit of notional."""
    curve = Curve(market, curve_name(market, spec.currency, spec.curve), level)
    terms = Terms(
        spec.start or spec.expiry,
        spec.maturity,
        spec.frequency,
        spec.day_count,
        spec.calendar,
        spec.business_day_convention,
        0,
        True,
        spec.end_of_month,
    )
    swap = periods(terms, market.as_of)
    annuity = math.fsum(period.years * curve.discount(period.pay) for period in swap)
    return annuity, curve.discount(swap[0].start) - curve.discount(swap[-1].pay)


def unit_value(spec: Any, market: Any, level: Level) -> tuple[float, float]:
    """Value of one unit of notional, and the size that its tolerance is relative to: the notional."""
    annuity, floating = swap_legs(spec, market, level)
    forward, years = floating / annuity, (spec.expiry - market.as_of).days / 365
    name = spec.vol_surface or f"{spec.currency}_SWAPTION"
    is_normal = spec.model == "bachelier"
    kind = "normal_vol" if is_normal else "implied_vol"
    tenors = sorted({key.tenor for key in market.levels if key[:2] == (kind, name)}, key=tenor_years)

    def vol(tenor: str) -> float:
        if is_normal:
            return level(kind, name, tenor)
        smile = market.smiles[name]
        at = forward
        if smile.stickiness == "strike":
            base_annuity, base_floating = swap_legs(spec, market, base_level(market))
            at = base_floating / base_annuity
        x = math.log(spec.strike / at) / math.sqrt(float(tenor_years(tenor)))
        x = min(max(x, smile.lower), smile.upper)
        skew, curvature = level("vol_skew", name, tenor), level("vol_curvature", name, tenor)
        return level(kind, name, tenor) + skew * x + curvature * x * x

    expiries = [float(tenor_years(tenor)) for tenor in tenors]
    if not is_normal and market.smiles[name].lower != market.smiles[name].upper:
        inside = expiries[0] <= years <= expiries[-1]
        if not inside and years > 0.0:
            return _outside(spec, market, level, (annuity, forward, years)), 1.0
    spread = deviation([(time, vol(tenor)) for time, tenor in zip(expiries, tenors, strict=True)], years)
    price = bachelier if is_normal else black
    return annuity * price(1.0 if spec.right == "payer" else -1.0, forward, spec.strike, spread), 1.0


def _outside(spec: Any, market: Any, level: Level, terms: tuple[float, float, float]) -> float:
    """Value where the expiry lies outside the pillars: the nearest smile at x = ln(K/F)/√T of the expiry."""
    annuity, forward, years = terms
    name = spec.vol_surface or f"{spec.currency}_SWAPTION"
    smile = market.smiles[name]
    tenor = smile.tenors[0] if years < smile.years[0] else smile.tenors[-1]
    if smile.stickiness == "strike":
        raise NotImplementedError("a surface that sticks to strikes, outside its pillars")
    x = min(max(math.log(spec.strike / forward) / math.sqrt(years), smile.lower), smile.upper)
    level_, skew, curvature = (
        level(kind, name, tenor) for kind in ("implied_vol", "vol_skew", "vol_curvature")
    )
    vol = level_ + skew * x + curvature * x * x
    sign = 1.0 if spec.right == "payer" else -1.0
    return annuity * black(sign, forward, spec.strike, vol * math.sqrt(years))
