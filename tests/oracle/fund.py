"""A fund share is worth its price, or a net asset value that follows the bottom of its holdings."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

SIZE_TOLERANCE = 1e-14


def gain(holdings: Any, funds: dict[str, Any], market: Any, level: Any) -> Fraction:
    """Gain of a fund by recursion: weight by weight, fund by fund."""
    found = Fraction(0)
    for item in holdings:
        if item.fund is not None:
            inner = gain(funds[item.fund], funds, market, level)
        else:
            base = {str(key): value for key, value in market.levels.items()}[f"spot/{item.issuer}"]
            inner = Fraction(level("spot", item.issuer)) / Fraction(base) - 1
        found += Fraction(item.weight) * inner
    return found


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of one unit and the size that its tolerance is relative to."""
    if spec.nav is None:
        price = level("spot", spec.issuer)
        return price, price
    if spec.issuer is not None:
        base = {str(key): value for key, value in market.levels.items()}[f"spot/{spec.issuer}"]
        moved = Fraction(level("spot", spec.issuer)) / Fraction(base) - 1
    else:
        moved = gain(spec.holdings, {item.name: item.holdings for item in spec.funds}, market, level)
    value = Fraction(spec.nav) * max(1 + Fraction(spec.multiple) * moved, Fraction(0))
    return float(value), spec.nav
