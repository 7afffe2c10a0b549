"""Contract terms of swaptions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.conventions.calendars import BusinessDayConvention, CalendarName
from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.schedules import ScheduleTerms
from stresstest.io.fields import Currency, Date, Identifier, Percentage, Spec
from stresstest.io.usual import Usual, UsualTerm


class SwaptionSpec(Spec):
    """Right to enter a swap on one day; the quantity of a position is the notional."""

    right: Literal["payer", "receiver"]
    """`payer` to pay the fixed rate, `receiver` to receive it."""

    currency: Currency
    """Currency of the swap."""

    strike: Annotated[Percentage, Field(ge=-1.0, le=1.0), Usual(-0.03, 0.2)]
    """Fixed rate of the swap, a year, like `3.75%`."""

    expiry: Annotated[Date, UsualTerm(30)]
    """Day of exercise; on that day the swaption is worth its intrinsic value, later it is refused."""

    maturity: Date
    """Last day of interest of the swap."""

    start: Date | None = None
    """First day of interest of the swap; by default the expiry."""

    frequency: Literal[1, 2, 3, 4, 6, 12] = 1
    """Fixed payments of the swap a year."""

    day_count: DayCount = "ACT/360"
    """Length of a fixed period."""

    calendar: CalendarName = "none"
    """Business days that the ends of periods and payments fall on."""

    business_day_convention: BusinessDayConvention = "modified_following"
    """How the end of a period that falls on a holiday moves, and its payment with it."""

    end_of_month: bool = True
    """Whether a swap that matures on the last day of a month has all periods end on last days of months."""

    model: Literal["bachelier", "black"] = "bachelier"
    """`bachelier` with normal vols, for any rates; `black` with lognormal ones, for positive rates only."""

    vol_surface: Identifier | None = None
    """Name of the vols in the market; by default the currency with `_SWAPTION`, like `USD_SWAPTION`."""

    curve: Identifier | None = None
    """Zero curve that projects and discounts; by default of the overnight rate, like `USD_SOFR`."""

    @property
    def surface(self) -> str:
        """Name of the vols in the market."""
        return self.vol_surface or f"{self.currency}_SWAPTION"

    @property
    def first_day(self) -> date:
        """First day of interest of the swap."""
        return self.start or self.expiry

    @model_validator(mode="after")
    def _check_terms(self) -> SwaptionSpec:
        if self.start is not None and self.start < self.expiry:
            raise ValueError("the swap starts before the expiry")
        if self.model == "black" and self.strike <= 0.0:
            raise ValueError("a strike that is not above 0 has no Black price; model: bachelier has one")
        ScheduleTerms(self.first_day, self.maturity, self.frequency, end_of_month=self.end_of_month)
        return self
