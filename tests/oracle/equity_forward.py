"""Equity forwards: the discounted gain, in 40 digits."""

from __future__ import annotations

from typing import Any

from tests.oracle.forwards import in_digits, share_forward, years_between

SIZE_TOLERANCE = 4e-15


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value of one share forward, and the size that its tolerance is relative to."""
    where = (spec.underlying, spec.curve, years_between(market.as_of, spec.delivery))
    forward, factor = share_forward(market, level, where)
    return factor * (forward - spec.price), max(forward, spec.price)
