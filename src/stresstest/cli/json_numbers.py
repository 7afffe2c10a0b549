"""Numbers as JSON has them."""

from __future__ import annotations

import math


def number(value: float) -> float | None:
    """Return `value`, or None where it is not finite: JSON has no NaN."""
    return float(value) if math.isfinite(value) else None
