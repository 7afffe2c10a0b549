"""Schedules of coupon periods: regular dates on one grid, stubs at either end, payment dates.

All regular dates of a schedule are whole numbers of periods away from one anchor, so a date never drifts
(31 August, 28 February, 31 August, …) and a stub is measured against the same grid.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import isleap
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from stresstest.conventions.calendars import (
    BusinessDayConvention,
    CalendarName,
    adjust,
    advance_business_days,
)

FREQUENCIES = (1, 2, 3, 4, 6, 12)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def add_months(day: date, months: int, *, month_end: bool = False) -> date:
    """Return `day` moved by calendar months, cut to the month's last day; `month_end` forces that day.

    Examples
    --------
    >>> add_months(date(2024, 8, 31), 6)
    datetime.date(2025, 2, 28)
    >>> add_months(date(2025, 2, 28), 6, month_end=True)
    datetime.date(2025, 8, 31)
    """
    year, month_index = divmod(12 * day.year + day.month - 1 + months, 12)
    last = _days_in_month(year, month_index + 1)
    return date(year, month_index + 1, last if month_end else min(day.day, last))


def is_month_end(day: date) -> bool:
    """Tell whether `day` is the last of its month."""
    return day.day == _days_in_month(day.year, day.month)


def _days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and isleap(year) else _MONTH_DAYS[month - 1]


@dataclass(frozen=True, slots=True)
class Grid:
    """Endless sequence of regular dates: `anchor` plus whole numbers of periods.

    Under the end-of-month rule a grid whose anchor ends a month has month ends only.
    """

    anchor: date
    frequency: int
    end_of_month: bool = True

    def day(self, index: int) -> date:
        """Return the regular date `index` periods after the anchor."""
        if index == 0:
            return self.anchor
        month_end = self.end_of_month and is_month_end(self.anchor)
        return add_months(self.anchor, index * (12 // self.frequency), month_end=month_end)

    def index_at_or_before(self, day: date) -> int:
        """Return the index of the last regular date that is not after `day`."""
        months = 12 * (day.year - self.anchor.year) + day.month - self.anchor.month
        index = months // (12 // self.frequency)
        return index - 1 if self.day(index) > day else index

    def start_before(self, day: date) -> date:
        """Return the regular date from which periods, the last ending on the anchor, are needed on `day`.

        It is the start of the period before that of `day`. A payment moves by days, never by a whole period
        of a month or more: no earlier one holds a coupon that is due and not yet paid.

        Examples
        --------
        >>> Grid(date(2030, 6, 1), 2).start_before(date(2026, 7, 1))
        datetime.date(2025, 12, 1)
        """
        return self.day(min(self.index_at_or_before(day), 0) - 1)

    def holds(self, day: date) -> bool:
        """Tell whether `day` is a regular date."""
        return self.day(self.index_at_or_before(day)) == day


@dataclass(frozen=True, slots=True)
class ScheduleTerms:
    """Dates of a bond or leg as its documents state them, before any move off holidays.

    Attributes
    ----------
    start, end
        First accrual date and maturity.
    frequency
        Coupons a year, one of 1, 2, 3, 4, 6, 12.
    first_coupon, last_coupon
        First coupon after a stub at the front; last coupon before a stub at the back. None: a short front
        stub where the dates do not divide evenly (`direction` backward), or a short back stub (forward).
    direction
        Where the regular dates count from without `last_coupon` or `first_coupon`: the end or the start.
    end_of_month
        Whether an anchor that ends a month makes every regular date a month end.
    """

    start: date
    end: date
    frequency: int
    first_coupon: date | None = None
    last_coupon: date | None = None
    direction: Literal["backward", "forward"] = "backward"
    end_of_month: bool = True

    def __post_init__(self) -> None:
        if self.frequency not in FREQUENCIES:
            raise ValueError(f"frequency {self.frequency} is not one of {', '.join(map(str, FREQUENCIES))}")
        stated = (self.start, self.first_coupon, self.last_coupon, self.end)
        dates = [day for day in stated if day is not None]
        if any(later < earlier for earlier, later in pairwise(dates)) or self.start == self.end:
            raise ValueError("start, first coupon, last coupon and end are not in order")
        grid = self.grid()
        for name, coupon in (("first", self.first_coupon), ("last", self.last_coupon)):
            if coupon is not None and coupon != self.end and not grid.holds(coupon):
                raise ValueError(f"{name} coupon {coupon} is no whole number of periods from {grid.anchor}")

    def grid(self) -> Grid:
        """Return the grid of regular dates."""
        if self.direction == "forward":
            anchor = self.first_coupon or self.start
        else:
            anchor = self.last_coupon or self.end
        return Grid(anchor, self.frequency, self.end_of_month)


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """How payments, and where stated accruals too, move off holidays.

    `lag_days` business days pass between the end of a period and its payment.
    """

    calendar: CalendarName = "none"
    convention: BusinessDayConvention = "following"
    accrual_adjusted: bool = False
    lag_days: int = 0

    def payment_date(self, day: date) -> date:
        """Return the day on which money due on `day` is paid."""
        return advance_business_days(self.calendar, self._moved(day), self.lag_days)

    def accrual_date(self, day: date) -> date:
        """Return the day to which interest accrues for a period that ends on `day`."""
        return self._moved(day) if self.accrual_adjusted else day

    def _moved(self, day: date) -> date:
        return adjust(self.calendar, day, self.convention)


NOT_ADJUSTED = PaymentTerms()
"""Every day is a business day."""


_MOST_KEPT = 1 << 13
"""Schedules kept: a book is resolved again at every date of a path, and its schedules stay the same."""


@dataclass(frozen=True, slots=True)
class CouponPeriod:
    """One coupon: accrual from `start` to `end`, paid on `payment_date`.

    `notional_dates` are the regular dates that cover the period: two for a regular period.
    """

    start: date
    end: date
    payment_date: date
    notional_dates: tuple[date, ...]


@lru_cache(maxsize=_MOST_KEPT)
def coupon_periods(terms: ScheduleTerms, payment: PaymentTerms = NOT_ADJUSTED) -> tuple[CouponPeriod, ...]:
    """Return the coupon periods of `terms`, first to last.

    Examples
    --------
    >>> terms = ScheduleTerms(date(2025, 3, 10), date(2026, 6, 1), frequency=2)
    >>> [str(period.end) for period in coupon_periods(terms)]
    ['2025-06-01', '2025-12-01', '2026-06-01']
    """
    regular = _regular_dates(terms)
    return tuple(
        CouponPeriod(
            payment.accrual_date(start),
            payment.accrual_date(end),
            payment.payment_date(end),
            tuple(map(payment.accrual_date, _covering(regular, start, end))),
        )
        for start, end in pairwise(_boundaries(terms, regular))
    )


def _regular_dates(terms: ScheduleTerms) -> list[date]:
    """Return the regular dates from the one at or before the start to the one at or after the end."""
    grid = terms.grid()
    index = grid.index_at_or_before(terms.start)
    dates = [grid.day(index)]
    while dates[-1] < terms.end:
        index += 1
        dates.append(grid.day(index))
    return dates


def _boundaries(terms: ScheduleTerms, regular: list[date]) -> list[date]:
    """Return start, the regular dates from the first to the last coupon, and end."""
    first = terms.first_coupon or terms.start
    last = terms.last_coupon or terms.end
    inner = [day for day in regular if first <= day <= last and terms.start < day < terms.end]
    return [terms.start, *inner, terms.end]


def _covering(regular: list[date], start: date, end: date) -> list[date]:
    return regular[bisect_right(regular, start) - 1 : bisect_left(regular, end) + 1]
