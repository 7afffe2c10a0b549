"""Commodity futures: the price on the forward curve less the entry, in 40 digits."""

from __future__ import annotations

from typing import Any

from tests.oracle.forwards import in_digits, price_for, years_between

SIZE_TOLERANCE = 4e-15


def price_kind(market: Any, name: str) -> tuple[str, str]:
    """Kind and name of the forward curve of a commodity."""
    kinds = {key.kind for key in market.levels if key.name == name}
    return ("commodity_forward" if "commodity_forward" in kinds else "power_price"), name


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Gain of one contract since entry, and the size that its tolerance is relative to."""
    curve, years = price_kind(market, spec.commodity), years_between(market.as_of, spec.expiry)
    price = price_for(market, level, curve, years)
    entry = spec.entry_price
    if entry is None:
        entry = price_for(market, lambda *key: market.levels[key], curve, years)
    return (price - entry) * spec.multiplier, max(abs(price), abs(entry)) * spec.multiplier
