"""A fund share is worth its price."""

from __future__ import annotations

from typing import Any

SIZE_TOLERANCE = 0.0


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of one unit and the size that its tolerance is relative to."""
    price = level("spot", spec.issuer)
    return price, price
