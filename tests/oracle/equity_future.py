"""Equity futures: the forward price less the entry, in 40 digits."""

from __future__ import annotations

from typing import Any

from tests.oracle.forwards import in_digits, share_forward, years_between

SIZE_TOLERANCE = 4e-15


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Gain of one contract since entry, and the size that its tolerance is relative to."""
    where = (spec.underlying, spec.curve, years_between(market.as_of, spec.expiry))
    forward, _ = share_forward(market, level, where)
    entry = spec.entry_price
    if entry is None:
        entry, _ = share_forward(market, lambda *key: market.levels[_key(*key)], where)
    return (forward - entry) * spec.multiplier, max(forward, entry) * spec.multiplier


def _key(kind: str, name: str, tenor: str = "") -> tuple[str, str, str]:
    return kind, name, tenor
