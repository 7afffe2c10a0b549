"""Slow, obvious value of an inflation-linked bond. Shares no code with the package."""

from __future__ import annotations

import calendar
import math
from datetime import date, timedelta
from typing import Any

from tests.oracle.liability import at, inflation_nodes, zero_nodes

SIZE_TOLERANCE = 1e-13


def back(day: date, months: int) -> date:
    """The same day of an earlier (or, below 0, later) month, cut to its last day."""
    number = day.year * 12 + day.month - 1 - months
    length = calendar.monthrange(number // 12, number % 12 + 1)[1]
    return date(number // 12, number % 12 + 1, min(day.day, length))


def coupon_days(spec: Any) -> list[tuple[date, date]]:
    """Regular periods (start, end) back from the maturity to the one that holds the issue date."""
    step, periods = 12 // spec.frequency, []
    ends_month = (spec.maturity + timedelta(days=1)).day == 1
    end = spec.maturity
    while end > spec.issue_date:
        start = back(spec.maturity, step * (len(periods) + 1))
        if ends_month:
            start = start.replace(day=calendar.monthrange(start.year, start.month)[1])
        periods.append((start, end))
        end = start
    return periods[::-1]


def reference(prints: dict[date, float], day: date) -> float:
    """Reference index of a day that the prints cover."""
    first = day.replace(day=1)
    start = prints[back(first, 3)]
    if day == first:
        return start
    return start + (day.day - 1) / calendar.monthrange(day.year, day.month)[1] * (
        prints[back(first, 2)] - start
    )


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Dirty value of real face 1 and the size of its tolerance; `level(kind, name, tenor)`."""
    if spec.day_count != "ACT/ACT ICMA" or spec.calendar != "none":
        raise NotImplementedError("other day counts and holidays")
    issuer = market.issuers[spec.issuer]
    currency = spec.currency or issuer.currency
    rates = zero_nodes(market, market.curves[spec.curve or market.discount_curves[currency]], level)
    inflation = inflation_nodes(market, currency, level)
    free_of_credit = issuer.kind == "sovereign" and ("credit_spread", spec.issuer, "") not in market.levels
    spread = 0.0 if free_of_credit else level("credit_spread", spec.issuer)
    prints = {item.month: item.index for item in spec.prints}
    known = max(back(max(prints), -3), market.as_of)
    terms = []
    for start, end in coupon_days(spec):
        if end <= market.as_of:
            continue
        growing = max((end - known).days, 0) / 365
        ratio = reference(prints, min(end, known)) / spec.base_index
        ratio *= (1 + at(inflation, growing)) ** growing
        accrued = (end - max(start, spec.issue_date)).days / (end - start).days / spec.frequency
        face = (max(ratio, 1.0) if spec.deflation_floor else ratio) if end == spec.maturity else 0.0
        years = (end - market.as_of).days / 365
        terms.append((spec.coupon * accrued * ratio + face) * math.exp(-years * (at(rates, years) + spread)))
    return math.fsum(terms), 1.0
