"""Discount factors, forwards and Black's formula in 40-digit arithmetic; shares no code with the package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import mpmath as mp
from tests.oracle.european_option import DIGITS, linear, normal, surface_vol

Level = Callable[..., float]
TENORS = {"M": mp.mpf(1) / 12, "Y": mp.mpf(1)}


def years_between(start: date, end: date) -> mp.mpf:
    """Time in years of 365 days."""
    return mp.mpf((end - start).days) / 365


def tenor_years(tenor: str) -> mp.mpf:
    """Length of `6M` or `2Y` in years; the empty tenor is now."""
    return int(tenor[:-1]) * TENORS[tenor[-1]] if tenor else mp.mpf(0)


def discount(market: Any, level: Level, curve: str, years: mp.mpf) -> mp.mpf:
    """Discount factor of a curve whose zero rates are linear between its nodes."""
    tenors = market.curves[curve].tenors
    points = [(float(tenor_years(tenor)), level("zero_rate", curve, tenor)) for tenor in tenors]
    return mp.exp(-years * linear(points, years))


def price_for(market: Any, level: Level, curve: tuple[str, str], years: mp.mpf) -> mp.mpf:
    """Price for delivery in `years` of the forward curve (kind, name), linear between its deliveries."""
    kind, name = curve
    tenors = sorted(
        (key.tenor for key in market.levels if (key.kind, key.name) == (kind, name)), key=tenor_years
    )
    return linear([(float(tenor_years(tenor)), level(kind, name, tenor)) for tenor in tenors], years)


def exchange_rate(market: Any, level: Level, pair: str) -> mp.mpf:
    """Price of the base currency of a pair, quoted, turned round, or through the market's currency."""
    known = {key.name for key in market.levels if key.kind == "fx_spot"}
    base, quote = pair[:3], pair[3:]
    if base == quote:
        return mp.mpf(1)
    if pair in known:
        return mp.mpf(level("fx_spot", pair))
    if quote + base in known:
        return 1 / mp.mpf(level("fx_spot", quote + base))
    middle = market.currency
    return exchange_rate(market, level, base + middle) * exchange_rate(market, level, middle + quote)


def curve_of(market: Any, currency: str, stated: str | None) -> str:
    """Name of the curve of a currency: stated, its discount curve, or its only one."""
    if stated or currency in market.discount_curves:
        return stated or market.discount_curves[currency]
    (name,) = (name for name, curve in market.curves.items() if curve.currency == currency)
    return str(name)


def std_dev(market: Any, level: Level, name: str, log_moneyness: mp.mpf, years: mp.mpf) -> mp.mpf:
    """Standard deviation of the log price at ln(K/F), off the surface of `name`."""
    if years == 0:
        return mp.mpf(0)
    smile = market.smiles[name]
    pillars = {
        float(tenor_years(tenor)): tuple(
            level(kind, name, tenor) for kind in ("implied_vol", "vol_skew", "vol_curvature")
        )
        for tenor in smile.tenors
    }
    vol = surface_vol(pillars, log_moneyness, years, (smile.lower, smile.upper))
    return vol * mp.sqrt(years)


def black(sign: int, forward: mp.mpf, strike: float, deviation: mp.mpf) -> mp.mpf:
    """Undiscounted price of a European option."""
    strike = mp.mpf(strike)
    if deviation == 0:
        return max(sign * (forward - strike), mp.mpf(0))
    d1 = mp.log(forward / strike) / deviation + deviation / 2
    return sign * (forward * normal(sign * d1) - strike * normal(sign * (d1 - deviation)))


def option_on_forward(
    terms: Any, market: Any, level: Level, where: tuple[str, mp.mpf, mp.mpf, mp.mpf]
) -> mp.mpf:
    """Price of `terms` (right, strike) on a forward; `where`: surface, forward, years, discount factor."""
    surface, forward, years, factor = where
    deviation = std_dev(market, level, surface, mp.log(mp.mpf(terms.strike) / forward), years)
    return factor * black(1 if terms.right == "call" else -1, forward, terms.strike, deviation)


def in_digits(function: Callable[..., tuple[Any, Any]]) -> Callable[..., tuple[float, float]]:
    """Run an oracle in 40 digits and return doubles."""

    def wrapped(*arguments: Any) -> tuple[float, float]:
        with mp.workdps(DIGITS):
            value, size = function(*arguments)
            return float(value), float(size)

    return wrapped


def share_forward(market: Any, level: Level, terms: Sequence[Any]) -> tuple[mp.mpf, mp.mpf]:
    """Forward price and discount factor of a share: `terms` are its name, a stated curve and the years."""
    name, stated, years = terms
    curve = stated or market.discount_curves[market.issuers[name].currency]
    factor = discount(market, level, curve, years)
    carried = mp.mpf(level("spot", name)) * mp.exp(-mp.mpf(level("dividend_yield", name)) * years)
    return carried / factor, factor
