"""Slow, obvious value of a fixed-rate bond. Shares no code with the package.

Accrual periods are found by stepping months from the maturity, actual day counts by looking at every single
day, rates by searching the segment, discount factors by the standard library.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

SIZE_TOLERANCE = 1e-13


@dataclass(frozen=True)
class Bond:
    """Terms of a bond without holidays; `issued` and `first_coupon` may be None."""

    coupon: float
    maturity: date
    frequency: int
    day_count: str
    issued: date | None = None
    first_coupon: date | None = None
    end_of_month: bool = True
    repayments: tuple[tuple[date, float], ...] = ()
    amortisation: str | None = None
    first_repayment: date | None = None
    ex_days: int = 0
    ex_weekdays: bool = False


def schedule_of_face(bond: Bond, today: date) -> dict[date, float]:
    """Face due by coupon date."""
    ends = [end for _, end in periods(bond, today)]
    if bond.amortisation is None:
        early = dict(bond.repayments)
        early.pop(bond.maturity, None)
        return {**early, bond.maturity: 1.0 - sum(early.values())}
    pairs = [pair for pair in periods(bond, today) if pair[1] >= (bond.first_repayment or ends[0])]
    if bond.amortisation == "equal":
        return {end: 1.0 / len(pairs) for _, end in pairs}
    # The level payment by bisection: what is left after all of them must be nothing.
    low, high = 0.0, 2.0
    for _ in range(200):
        payment, left = (low + high) / 2, 1.0
        for start, end in pairs:
            left -= payment - left * bond.coupon * fraction(bond, start, end)
        low, high = (payment, high) if left > 0 else (low, payment)
    due, left = {}, 1.0
    for start, end in pairs:
        due[end] = payment - left * bond.coupon * fraction(bond, start, end)
        left -= due[end]
    return due


def ex_from(bond: Bond, payment: date) -> date:
    """First day without the coupon."""
    day, left = payment, bond.ex_days
    while left:
        day -= timedelta(days=1)
        if not bond.ex_weekdays or day.weekday() < 5:
            left -= 1
    return day


def value(bond: Bond, today: date, nodes: Sequence[tuple[float, float]], spread: float) -> float:
    """Dirty value of face 1 on `today`, off (years, zero rate) nodes and a spread."""
    terms, face = [], schedule_of_face(bond, today)
    for start, end in periods(bond, today):
        if end > today:
            years = (end - today).days / 365
            left = sum(amount for day, amount in face.items() if day >= end)
            coupon = 0.0 if bond.ex_days and ex_from(bond, end) <= today else left * bond.coupon
            amount = coupon * fraction(bond, start, end) + face.get(end, 0.0)
            terms.append(amount * math.exp(-years * (rate(nodes, years) + spread)))
    return math.fsum(terms)


def rate(nodes: Sequence[tuple[float, float]], years: float) -> float:
    if years <= nodes[0][0]:
        return nodes[0][1]
    for (before, low), (after, high) in pairwise(nodes):
        if years <= after:
            return low + (high - low) * (years - before) / (after - before)
    return nodes[-1][1]


def regular(bond: Bond, periods_back: int) -> date:
    """The regular date so many periods before maturity."""
    month = bond.maturity.year * 12 + bond.maturity.month - 1 - periods_back * 12 // bond.frequency
    year, month = month // 12, month % 12 + 1
    length = calendar.monthrange(year, month)[1]
    ends_month = (bond.maturity + timedelta(days=1)).day == 1
    return date(year, month, length if bond.end_of_month and ends_month else min(bond.maturity.day, length))


def periods(bond: Bond, today: date) -> list[tuple[date, date]]:
    ends = [bond.maturity]
    floor = bond.first_coupon or bond.issued or today
    while ends[0] > floor:
        before = regular(bond, len(ends))
        if (bond.first_coupon or bond.issued) and before < floor:
            break
        ends.insert(0, before)
    if bond.issued and ends[0] > bond.issued:
        ends.insert(0, bond.issued)
    return list(pairwise(ends))


def days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days)]


def fraction(bond: Bond, start: date, end: date) -> float:
    """Length of the accrual period in years."""
    if bond.day_count == "ACT/360":
        return len(days(start, end)) / 360
    if bond.day_count == "ACT/365F":
        return len(days(start, end)) / 365
    if bond.day_count == "ACT/ACT ISDA":
        return math.fsum(1 / (366 if calendar.isleap(day.year) else 365) for day in days(start, end))
    if bond.day_count == "NL/365":
        # 29 February stands where 28 February does: the step between them is no day.
        return (
            sum((day.month, day.day) != (2, 28) or not calendar.isleap(day.year) for day in days(start, end))
            / 365
        )
    if bond.day_count == "ACT/ACT AFB":
        return years_back(start, end)
    if bond.day_count == "1/1":
        return 1.0
    if bond.day_count == "ACT/ACT ICMA":
        return math.fsum(1 / (bond.frequency * regular_length(bond, day)) for day in days(start, end))
    return (day_360(bond, end, start) - day_360(bond, start, None)) / 360


def years_back(start: date, end: date) -> float:
    """Whole years back from the end, then the days left over 366 if one of them is a 29 February."""
    last = calendar.monthrange(end.year - 1, end.month)[1]
    february_end = end.month == 2 and (end + timedelta(days=1)).month == 3
    before = date(end.year - 1, end.month, last if february_end else end.day)
    if before >= start:
        return 1.0 + years_back(start, before)
    left = days(start, end)
    return len(left) / (366 if any((day.month, day.day) == (2, 29) for day in left) else 365)


def regular_length(bond: Bond, day: date) -> int:
    """Days of the regular period that holds `day`."""
    # Cannot be too far back: no period is longer than 366 ÷ frequency days by more than a few.
    back = max((bond.maturity - day).days * bond.frequency // 372 - 1, 0)
    while regular(bond, back) > day:
        back += 1
    return (regular(bond, back - 1) - regular(bond, back)).days


def day_360(bond: Bond, day: date, start: date | None) -> int:
    """Number of `day` in a calendar of 30-day months; `start` is None for the first day of a period."""
    february_end = day.month == 2 and (day + timedelta(days=1)).month == 3
    number = day.day
    if bond.day_count == "30E/360":
        number = min(number, 30)
    elif bond.day_count == "30E/360 ISDA":
        number = 30 if number == 31 or (february_end and (start is None or day != bond.maturity)) else number
    elif bond.day_count == "30/360":
        if start is None or start.day >= 30:
            number = min(number, 30)
    elif bond.day_count == "30/360 US":
        start_is_end = start is not None and start.month == 2 and (start + timedelta(days=1)).month == 3
        if start is None:
            number = 30 if february_end else min(number, 30)
        elif (start_is_end and february_end) or (number == 31 and (start_is_end or start.day >= 30)):
            number = 30
    return day.year * 360 + day.month * 30 + number


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Dirty value of face 1 and the size that its tolerance is relative to; `level(kind, name, tenor)`."""
    if spec.calendar != "none" or spec.last_coupon_date is not None:
        raise NotImplementedError("holidays and a stub at the end")
    issuer = market.issuers[spec.issuer]
    currency = spec.currency or issuer.currency
    curve = market.curves[spec.curve or market.discount_curves[currency]]
    nodes = [
        (years, level("zero_rate", curve.name, tenor))
        for years, tenor in zip(curve.years.tolist(), curve.tenors, strict=True)
    ]
    free_of_credit = issuer.kind == "sovereign" and ("credit_spread", spec.issuer, "") not in market.levels
    spread = 0.0 if free_of_credit else level("credit_spread", spec.issuer)
    bond = Bond(
        coupon=spec.coupon,
        maturity=spec.maturity,
        frequency=spec.frequency,
        day_count=spec.day_count,
        issued=spec.issue_date,
        first_coupon=spec.first_coupon_date,
        end_of_month=spec.end_of_month,
        repayments=tuple((item.date, item.amount) for item in spec.sinking_fund),
        amortisation=spec.amortisation,
        first_repayment=spec.first_repayment,
        ex_days=spec.ex_dividend_days,
        ex_weekdays=spec.ex_dividend_calendar == "weekends_only",
    )
    return value(bond, market.as_of, nodes, spread), 1.0
