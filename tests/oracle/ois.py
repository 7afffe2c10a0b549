"""Slow, obvious value of an overnight index swap: every payment of both legs by itself."""

from __future__ import annotations

from typing import Any

from tests.oracle.floating import Level
from tests.oracle.interest_rate_swap import swap_value

SIZE_TOLERANCE = 1e-12


def unit_value(spec: Any, market: Any, level: Level) -> tuple[float, float]:
    """Value of one unit of notional, and the size that its tolerance is relative to: the notional."""
    return swap_value(spec, market, level, "in_arrears"), 1.0
