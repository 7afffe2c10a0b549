"""Contract terms of interest-rate swaps."""

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


class InterestRateSwapSpec(Spec):
    """Fixed against floating interest; a position's quantity is the notional, which is never exchanged."""

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

    fixed_frequency: Frequency
    """Fixed payments a year."""

    fixed_day_count: DayCount
    """Length of a fixed period."""

    floating_frequency: Frequency
    """Floating payments a year, each at the rate set on the first day of its period."""

    floating_day_count: DayCount = "ACT/360"
    """Length of a floating period."""

    margin: Annotated[SignedMargin, Usual(-0.05, 0.05)] = 0.0
    """Over the floating rate: `25bp` or `0.25%`."""

    current_rate: Annotated[Percentage, Field(ge=-0.5, le=1.0)] | None = None
    """Floating rate of the period that runs, without margin; by default the rate today for such a term."""

    payment_lag: Annotated[int, Field(ge=0, le=10)] = 0
    """Business days between the end of a period and its payment."""

    calendar: CalendarName = "none"
    """Business days that the ends of periods and payments fall on."""

    business_day_convention: BusinessDayConvention = "modified_following"
    """How the end of a period that falls on a holiday moves, and its payment with it."""

    end_of_month: bool = True
    """Whether a swap that matures on the last day of a month has all periods end on last days of months."""

    curve: Identifier | None = None
    """Zero curve that discounts; by default that of the currency's overnight rate, like `USD_SOFR`."""

    projection_curve: Identifier | None = None
    """Zero curve that projects the floating rate; by default the one that discounts."""

    @model_validator(mode="after")
    def _check_terms(self) -> InterestRateSwapSpec:
        for frequency in (self.fixed_frequency, self.floating_frequency):
            ScheduleTerms(self.start, self.maturity, frequency, end_of_month=self.end_of_month)
        return self
