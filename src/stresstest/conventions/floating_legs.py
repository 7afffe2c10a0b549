"""Floating legs: periods with their rates' dates, and how the interest of each is known on a valuation date.

Interest is told by its growth, 1 + rate · year fraction. A term rate is set at the start of its period: its
growth is D(start)/D(end) of the projection curve on that day. A rate compounded in arrears grows day by day,
and its daily factors telescope to the same quotient. Both are one sum of logs, set at different times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from stresstest.conventions.day_counts import AccrualTerms, DayCount, act_365f_years, year_fraction
from stresstest.conventions.schedules import (
    NOT_ADJUSTED,
    CouponPeriod,
    PaymentTerms,
    ScheduleTerms,
    coupon_periods,
)

RateSetting: TypeAlias = Literal["in_advance", "in_arrears"]
"""`in_advance`: a term rate set on the first day of its period; `in_arrears`: compounded day by day."""

KEEPS_NOTHING, KEEPS_ACCRUED, KEEPS_ALL = 0, 1, 2
"""What of a log growth a path must remember: nothing, what has accrued so far, or all of it."""


class FloatingPeriod(NamedTuple):
    """Interest from `start` to `end`, paid on `payment_date`; `year_fraction` by the leg's day count.

    `slot` is 0 and 1 in turn: of what a path remembers, a period and the next do not share a place. A rate in
    advance is set on `start`.
    """

    start: date
    end: date
    payment_date: date
    year_fraction: float
    slot: int


@dataclass(frozen=True)
class FloatingLeg:
    """Interest at a floating rate on one unit of notional over a schedule."""

    day_count: DayCount
    schedule: ScheduleTerms
    payment: PaymentTerms = NOT_ADJUSTED

    @cached_property
    def periods(self) -> tuple[FloatingPeriod, ...]:
        """Periods, first to last."""
        return tuple(
            FloatingPeriod(
                period.start,
                period.end,
                period.payment_date,
                self._fraction(period, period.end),
                number % 2,
            )
            for number, period in enumerate(self._coupons)
        )

    @cached_property
    def _coupons(self) -> tuple[CouponPeriod, ...]:
        return coupon_periods(self.schedule, self.payment)

    def unpaid(self, after: date) -> tuple[FloatingPeriod, ...]:
        """Return the periods that are paid after the day `after`, first to last."""
        return tuple(period for period in self.periods if period.payment_date > after)

    def accrued_fraction(self, on: date) -> float:
        """Return the year fraction from the start of the period that runs on a day; 0 where none does."""
        running = (period for period in self._coupons if period.start <= on < period.end)
        return sum((self._fraction(period, on) for period in running), start=0.0)

    def _fraction(self, period: CouponPeriod, until: date) -> float:
        final = self.payment.accrual_date(self.schedule.end)
        terms = AccrualTerms(self.schedule.frequency, period.notional_dates, final)
        return year_fraction(self.day_count, period.start, until, terms)


class ValuationDates(NamedTuple):
    """The market's date, the date of the step before on a path (None without one), the valuation date."""

    today: date
    previous: date | None
    valuation: date


class Growth(NamedTuple):
    """Where the log growth of a period comes from: a sum of up to four parts.

    Attributes
    ----------
    is_known
        Whether a part is known from the market's date: of a rate in advance all, of one in arrears what has
        accrued before that date.
    is_carried
        Whether a part is what the path has remembered in the period's `slot`.
    overnight_days
        Days since the step before over which the overnight rate in force accrued.
    start_years, end_years
        Times between which the curve of the column projects the rest, ln D(start) − ln D(end); equal where no
        rest is left.
    keeps
        What the path must remember: `KEEPS_NOTHING`, `KEEPS_ACCRUED` (the first three parts) or `KEEPS_ALL`.
    set_before
        Whether the rate was set between the step before and this date, at the levels in force until then.
    """

    is_known: bool
    is_carried: bool
    overnight_days: int
    start_years: float
    end_years: float
    keeps: int
    set_before: bool = False


def term_growth(period: FloatingPeriod, dates: ValuationDates, *, is_stated: bool) -> Growth:
    """Return where the growth of a period at a rate set in advance comes from.

    A period that began before the market's date has its rate; one that begins on it has it where the rate
    `is_stated`. A rate set between two steps of a path is the spot rate for its term at the levels in force
    then.
    """
    first = dates.today if dates.previous is not None else dates.valuation
    if period.start < first or (is_stated and period.start == first):
        return Growth(True, False, 0, 0.0, 0.0, KEEPS_NOTHING)
    if dates.previous is not None and period.start <= dates.previous:
        return Growth(False, True, 0, 0.0, 0.0, KEEPS_NOTHING)
    is_set = period.start <= dates.valuation
    origin = period.start if is_set else dates.valuation
    keeps = KEEPS_ALL if is_set and period.payment_date > dates.valuation else KEEPS_NOTHING
    times = (act_365f_years(origin, period.start), act_365f_years(origin, period.end))
    return Growth(False, False, 0, *times, keeps, period.start < dates.valuation)


def compounded_growth(period: FloatingPeriod, dates: ValuationDates) -> Growth:
    """Return where the growth of a period compounded in arrears comes from.

    Between two steps of a path every day accrues the overnight rate of the levels in force.
    """
    today = dates.valuation
    begun, unpaid = period.start <= today, period.payment_date > today
    rest = min(max(period.start, today), period.end)
    keeps = KEEPS_ACCRUED if begun and unpaid else KEEPS_NOTHING
    since = max(period.start, dates.previous or today)
    days = max((min(period.end, today) - since).days, 0)
    return Growth(
        is_known=dates.previous is None and period.start < today,
        is_carried=dates.previous is not None and period.start <= dates.previous,
        overnight_days=days,
        start_years=act_365f_years(today, rest),
        end_years=act_365f_years(today, period.end),
        keeps=keeps,
    )
