"""Slow, obvious value of a liability. Shares no code with the package.

Months are stepped one by one, rates are found by searching the segment, powers and discount factors come from
the standard library.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

SIZE_TOLERANCE = 1e-13
Nodes = Sequence[tuple[float, float]]


def payments(spec: Any) -> list[tuple[date, float]]:
    """Every payment, in money of today."""
    if spec.profile is None:
        return [(payment.date, payment.amount) for payment in spec.payments]
    profile, found = spec.profile, []
    ends_month = (profile.first_payment + timedelta(days=1)).day == 1
    number = 0
    while True:
        months = profile.first_payment.month - 1 + number * 12 // profile.frequency
        year, month = profile.first_payment.year + months // 12, months % 12 + 1
        length = calendar.monthrange(year, month)[1]
        day = date(year, month, length if ends_month else min(profile.first_payment.day, length))
        if day > profile.last_payment:
            return found
        growth = (1 + profile.growth) ** (number // profile.frequency)
        found.append((day, profile.yearly_amount / profile.frequency * growth))
        number += 1


def at(nodes: Nodes, years: float) -> float:
    """Level at a time: linear between nodes, flat outside."""
    if years <= nodes[0][0]:
        return nodes[0][1]
    for (before, low), (after, high) in pairwise(nodes):
        if years <= after:
            return low + (high - low) * (years - before) / (after - before)
    return nodes[-1][1]


def inflation_nodes(market: Any, currency: str, level: Any) -> Nodes:
    """Terms in years and inflation rates of a currency, shortest first."""
    tenors = [key.tenor for key in market.levels if (key.kind, key.name) == ("inflation", currency)]
    found = [(float(tenor.removesuffix("Y")), level("inflation", currency, tenor)) for tenor in tenors]
    return sorted(found)


def zero_nodes(market: Any, curve: Any, level: Any) -> Nodes:
    pairs = zip(curve.years.tolist(), curve.tenors, strict=True)
    return [(years, level("zero_rate", curve.name, tenor)) for years, tenor in pairs]


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of one unit and the size that its tolerance is relative to; `level(kind, name, tenor)`."""
    curve = market.curves[spec.curve or market.discount_curves[spec.currency]]
    rates = zero_nodes(market, curve, level)
    spread = 0.0 if spec.credit is None else level("credit_spread", spec.credit)
    terms = []
    for day, amount in payments(spec):
        years = (day - market.as_of).days / 365
        if years > 0:
            index = 1.0
            if spec.inflation_linked:
                index = (1 + at(inflation_nodes(market, spec.currency, level), years)) ** years
            terms.append(-amount * index * math.exp(-years * (at(rates, years) + spread)))
    return math.fsum(terms), math.fsum(map(abs, terms))
