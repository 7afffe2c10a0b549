"""Contract terms of overnight index swaps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.conventions.calendars import BusinessDayConvention, CalendarName
from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.schedules import ScheduleTerms
from stresstest.io.fields import Currency, Date, Identifier, Percentage, Spec
from stresstest.io.spreads import SignedMargin
from stresstest.io.usual import Usual, UsualTerm

Frequency = Literal[1, 2, 3, 4, 6, 12]
"""Payments a year."""


class OisSpec(Spec):
    """Fixed interest against the compounded overnight rate; the quantity of a position is the notional."""

    side: Literal["pay_fixed", "receive_fixed"]
    """Which leg the holder pays; a negative quantity is the other side."""

    currency: Currency
    """Currency of both legs."""

    fixed_rate: Annotated[Percentage, Field(ge=-1.0, le=1.0), Usual(-0.03, 0.2)]
    """Rate of the fixed leg, a year, like `3.45%`."""

    start: Date
    """First day of interest; it may lie ahead."""

    maturity: Annotated[Date, UsualTerm(60)]
    """Last day of interest; a first period that does not divide evenly is short."""

    frequency: Frequency = 1
    """Payments a year of both legs."""

    day_count: DayCount = "ACT/360"
    """Length of a period, on both legs."""

    margin: Annotated[SignedMargin, Usual(-0.05, 0.05)] = 0.0
    """Over the compounded rate, not compounded itself: `25bp` or `0.25%`."""

    current_rate: Annotated[Percentage, Field(ge=-0.5, le=1.0)] | None = None
    """Rate compounded so far in the period that runs, a year; by default the curve's overnight rate today."""

    payment_lag: Annotated[int, Field(ge=0, le=10)] = 0
    """Business days between the end of a period and its payment."""

    calendar: CalendarName = "none"
    """Business days that the ends of periods and payments fall on."""

    business_day_convention: BusinessDayConvention = "modified_following"
    """How the end of a period that falls on a holiday moves, and its payment with it."""

    end_of_month: bool = True
    """Whether a swap that matures on the last day of a month has all periods end on last days of months."""

    curve: Identifier | None = None
    """Zero curve that discounts and projects; by default of the overnight rate, like `USD_SOFR`."""

    @model_validator(mode="after")
    def _check_terms(self) -> OisSpec:
        ScheduleTerms(self.start, self.maturity, self.frequency, end_of_month=self.end_of_month)
        return self
