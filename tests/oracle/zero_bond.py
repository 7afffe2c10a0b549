"""Slow, obvious value of a zero-coupon bond. Shares no code with the package.

Time is counted in days, the rate found by walking along the nodes, and the discount factor is the standard
library's exponential.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

SIZE_TOLERANCE = 1e-13


def rate(nodes: Sequence[tuple[float, float]], years: float) -> float:
    """Zero rate off (years, rate) nodes: linear between them, flat outside."""
    first, last = nodes[0], nodes[-1]
    for (before, low), (after, high) in pairwise(nodes):
        if before <= years <= after:
            return (low * (after - years) + high * (years - before)) / (after - before)
    return first[1] if years < first[0] else last[1]


def value(maturity: date, today: date, nodes: Sequence[tuple[float, float]], spread: float) -> float:
    """Value today of face 1."""
    years = (maturity - today).days / 365
    return math.exp(-rate(nodes, years) * years) * math.exp(-spread * years)


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of face 1 and the size that its tolerance is relative to; `level(kind, name, tenor)`."""
    issuer = market.issuers[spec.issuer]
    curve = market.curves[spec.curve or market.discount_curves[spec.currency or issuer.currency]]
    nodes = [
        (years, level("zero_rate", curve.name, tenor))
        for years, tenor in zip(curve.years.tolist(), curve.tenors, strict=True)
    ]
    free_of_credit = issuer.kind == "sovereign" and ("credit_spread", spec.issuer, "") not in market.levels
    spread = 0.0 if free_of_credit else level("credit_spread", spec.issuer)
    return value(spec.maturity, market.as_of, nodes, spread), 1.0
