"""Contract terms of a fixed-rate bond."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.conventions.calendars import BusinessDayConvention, CalendarName
from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.schedules import ScheduleTerms
from stresstest.io.fields import Currency, Date, Identifier, Percentage, PositiveNumber, Spec
from stresstest.io.spreads import Spread


class FixedBondSpec(Spec):
    """A bond with fixed coupons that repays its face at maturity; the quantity of a position is face."""

    issuer: Identifier
    """Debtor, by its id in the market, ticker or LEI; its credit spread and attributes apply."""

    coupon: Annotated[Percentage, Field(ge=0.0, le=1.0)]
    """Interest a year as a percentage of face, like `9.25%`."""

    maturity: Date
    """Day on which the face is due."""

    frequency: Literal[1, 2, 3, 4, 6, 12]
    """Coupons a year."""

    day_count: DayCount
    """Length of an accrual period; `ACT/ACT ICMA` pays equal coupons in all regular periods."""

    currency: Currency | None = None
    """Currency of all payments; by default the currency of the issuer in the market."""

    issue_date: Date | None = None
    """First day of interest; by default long enough ago that the current period is regular."""

    first_coupon_date: Date | None = None
    """First coupon after a long first period; by default a short first period where the dates need one."""

    last_coupon_date: Date | None = None
    """Last coupon before a stub at the end; by default the last period is regular."""

    end_of_month: bool = True
    """Whether a bond that matures on the last day of a month pays all coupons on last days of months."""

    calendar: CalendarName = "none"
    """Business days that payments fall on; interest always accrues to the unmoved date."""

    business_day_convention: BusinessDayConvention = "following"
    """How a payment due on a holiday moves."""

    seniority: Literal["secured", "senior_unsecured", "subordinated"] = "senior_unsecured"
    """Rank of the claim, which decides what is recovered after a default."""

    curve: Identifier | None = None
    """Zero curve that discounts the payments; by default the discount curve of the currency."""

    z_spread: Spread | None = None
    """Spread over the curve, continuously compounded, instead of the issuer's: `350bp` or `3.5%`."""

    clean_price: PositiveNumber | None = None
    """Price per 100 of face without accrued interest; the bond's own spread is solved from it."""

    @model_validator(mode="after")
    def _check_terms(self) -> FixedBondSpec:
        if self.z_spread is not None and self.clean_price is not None:
            raise ValueError("z_spread and clean_price are both given; one fixes the other")
        if self.first_coupon_date is not None and self.issue_date is None:
            raise ValueError("first_coupon_date is given without issue_date, from which its interest runs")
        ScheduleTerms(
            self.issue_date or (self.last_coupon_date or self.maturity) - timedelta(days=1),
            self.maturity,
            self.frequency,
            self.first_coupon_date,
            self.last_coupon_date,
            end_of_month=self.end_of_month,
        )
        return self
