"""Contract terms of a floating-rate bond."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.conventions.calendars import BusinessDayConvention, CalendarName
from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.floating_legs import RateSetting
from stresstest.conventions.schedules import ScheduleTerms
from stresstest.io.fields import Currency, Date, Identifier, Percentage, Spec
from stresstest.io.prices import PricePer100
from stresstest.io.spreads import SignedMargin, Spread
from stresstest.io.usual import Usual, UsualTerm


class FloatingBondSpec(Spec):
    """A bond with floating coupons that repays its face at maturity; the quantity of a position is face."""

    issuer: Identifier
    """Debtor, by its id in the market, ticker or LEI; its credit spread and attributes apply."""

    margin: Annotated[SignedMargin, Usual(-0.01, 0.12)]
    """Over the floating rate, a year: `125bp` or `1.25%`."""

    maturity: Annotated[Date, UsualTerm(50)]
    """Day on which the face is due."""

    frequency: Literal[1, 2, 3, 4, 6, 12] = 4
    """Coupons a year."""

    day_count: DayCount = "ACT/360"
    """Length of an accrual period."""

    rate: RateSetting = "in_advance"
    """`in_advance`: a term rate set as a period begins; `in_arrears`: the overnight rate compounded."""

    current_rate: Annotated[Percentage, Field(ge=-0.5, le=1.0)] | None = None
    """Floating rate of the period that runs, so far where in arrears; without margin; else the market's."""

    currency: Currency | None = None
    """Currency of all payments; by default the currency of the issuer in the market."""

    issue_date: Date | None = None
    """First day of interest; by default long enough ago that the current period is regular."""

    first_coupon_date: Date | None = None
    """First coupon after a long first period; by default a short first period where the dates need one."""

    end_of_month: bool = True
    """Whether a bond that matures on the last day of a month pays all coupons on last days of months."""

    calendar: CalendarName = "none"
    """Business days that the ends of periods and payments fall on."""

    business_day_convention: BusinessDayConvention = "modified_following"
    """How the end of a period that falls on a holiday moves, and its payment with it."""

    seniority: Literal["secured", "senior_unsecured", "subordinated"] = "senior_unsecured"
    """Rank of the claim, which decides what is recovered after a default."""

    curve: Identifier | None = None
    """Zero curve that discounts the payments; by default that of the overnight rate, like `USD_SOFR`."""

    projection_curve: Identifier | None = None
    """Zero curve that projects the floating rate; by default the one that discounts."""

    z_spread: Annotated[Spread, Usual(-0.02, 0.4)] | None = None
    """Spread over the curve, continuously compounded, instead of the issuer's: `350bp` or `3.5%`."""

    clean_price: Annotated[PricePer100, Usual(5.0, 200.0)] | None = None
    """Price per 100 of face without accrued interest; the bond's own spread is solved from it."""

    @model_validator(mode="after")
    def _check_terms(self) -> FloatingBondSpec:
        if self.z_spread is not None and self.clean_price is not None:
            raise ValueError("z_spread and clean_price are both given; one fixes the other")
        if self.first_coupon_date is not None and self.issue_date is None:
            raise ValueError("first_coupon_date is given without issue_date, from which its interest runs")
        ScheduleTerms(
            self.issue_date or self.maturity - timedelta(days=1),
            self.maturity,
            self.frequency,
            self.first_coupon_date,
            end_of_month=self.end_of_month,
        )
        return self
