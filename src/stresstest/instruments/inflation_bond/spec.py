"""Contract terms of an inflation-linked bond."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.conventions.calendars import BusinessDayConvention, CalendarName
from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.schedules import ScheduleTerms, add_months
from stresstest.io.fields import Currency, Date, Identifier, Items, Percentage, PositiveNumber, Spec
from stresstest.io.usual import UsualTerm
from stresstest.quantity import QuantityError


class PrintSpec(Spec):
    """A published level of the consumer price index."""

    month: Date
    """First day of the month that the level is of: `2025-08-01`."""

    index: PositiveNumber
    """Level, not seasonally adjusted."""

    @model_validator(mode="after")
    def _first_day(self) -> PrintSpec:
        if self.month.day != 1:
            first = self.month.replace(day=1).isoformat()
            raise QuantityError("ST156", self.month.isoformat(), "the first day of a month", first)
        return self


class InflationBondSpec(Spec):
    """A bond whose coupons and face grow with prices, such as a TIPS; the quantity is real face."""

    issuer: Identifier
    """Debtor, by its id in the market, ticker or LEI; its credit spread and attributes apply."""

    coupon: Annotated[Percentage, Field(ge=0.0, le=1.0)]
    """Real interest a year as a percentage of face, like `1.875%`."""

    issue_date: Date
    """First day of interest, whose reference index is `base_index`."""

    maturity: Annotated[Date, UsualTerm(50)]
    """Day on which the face is due."""

    base_index: PositiveNumber
    """Reference index of the first day of interest, by which index ratios are divided."""

    prints: Annotated[Items[PrintSpec], Field(min_length=1)]
    """Published levels of the price index, month after month; of three and two months ago at least."""

    frequency: Literal[1, 2, 3, 4, 6, 12] = 2
    """Coupons a year."""

    day_count: DayCount = "ACT/ACT ICMA"
    """Length of an accrual period."""

    deflation_floor: bool = True
    """Whether the face is repaid in full at least, however prices fell; coupons have no floor."""

    currency: Currency | None = None
    """Currency of all payments, whose inflation applies; by default that of the issuer in the market."""

    calendar: CalendarName = "none"
    """Business days that payments fall on; interest and index run to the unmoved date."""

    business_day_convention: BusinessDayConvention = "following"
    """How a payment due on a holiday moves."""

    seniority: Literal["secured", "senior_unsecured", "subordinated"] = "senior_unsecured"
    """Rank of the claim, which decides what is recovered after a default."""

    curve: Identifier | None = None
    """Nominal zero curve that discounts the payments; by default the discount curve of the currency."""

    @model_validator(mode="after")
    def _check_terms(self) -> InflationBondSpec:
        ScheduleTerms(self.issue_date, self.maturity, self.frequency)
        months = [item.month for item in self.prints]
        if any(later != add_months(earlier, 1) for earlier, later in pairwise(months)):
            raise ValueError("prints are written month after month, without a gap")
        return self
