"""Contract terms of a fixed-rate bond."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.conventions.amortisation import sinking
from stresstest.conventions.calendars import BusinessDayConvention, CalendarName
from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.schedules import Grid, ScheduleTerms
from stresstest.io.fields import Currency, Date, Identifier, Items, Percentage, Spec
from stresstest.io.prices import PricePer100
from stresstest.io.spreads import Spread
from stresstest.io.usual import Usual, UsualTerm


class RepaymentSpec(Spec):
    """A part of the face that is repaid before maturity."""

    date: Date
    """Coupon date on which it is due."""

    amount: Annotated[Percentage, Field(gt=0.0, le=1.0)]
    """Part of the original face, like `10%`."""


class FixedBondSpec(Spec):
    """A bond with fixed coupons; the quantity of a position is its original face."""

    issuer: Identifier
    """Debtor, by its id in the market, ticker or LEI; its credit spread and attributes apply."""

    coupon: Annotated[Percentage, Field(ge=0.0, le=1.0), Usual(high=0.2)]
    """Interest a year as a percentage of face, like `9.25%`."""

    maturity: Annotated[Date, UsualTerm(50)]
    """Day on which the face, or what is left of it, is due."""

    frequency: Literal[1, 2, 3, 4, 6, 12]
    """Coupons a year."""

    day_count: DayCount
    """Length of an accrual period; `ACT/ACT ICMA` pays equal coupons in all regular periods."""

    currency: Currency | None = None
    """Currency of all payments; by default the currency of the issuer in the market."""

    issue_date: Date | None = None
    """First day of interest; by default long enough ago that the current period is regular."""

    first_coupon_date: Date | None = None
    """First coupon after a short or long first period; by default a short one where the dates need it."""

    last_coupon_date: Date | None = None
    """Last coupon before a short or long last period; by default the last period is regular."""

    end_of_month: bool = True
    """Whether a bond that matures on the last day of a month pays all coupons on last days of months."""

    sinking_fund: Items[RepaymentSpec] = ()
    """Repayments before maturity, in the order of their dates; the rest is due at maturity."""

    amortisation: Literal["equal", "annuity"] | None = None
    """Repayment on coupon dates in `equal` parts, or so that interest and repayment together are level."""

    first_repayment: Date | None = None
    """Coupon date of the first repayment of an amortisation; by default the first coupon date."""

    ex_dividend_days: Annotated[int, Field(ge=0, le=60)] = 0
    """Days before a payment from which on the coupon goes to the seller."""

    ex_dividend_calendar: CalendarName = "none"
    """Business days that are counted as such; `none` counts every day."""

    calendar: CalendarName = "none"
    """Business days that payments fall on; interest always accrues to the unmoved date."""

    business_day_convention: BusinessDayConvention = "following"
    """How a payment due on a holiday moves."""

    seniority: Literal["secured", "senior_unsecured", "subordinated"] = "senior_unsecured"
    """Rank of the claim, which decides what is recovered after a default."""

    curve: Identifier | None = None
    """Zero curve that discounts the payments; by default the discount curve of the currency."""

    z_spread: Annotated[Spread, Usual(-0.02, 0.4)] | None = None
    """Spread over the curve, continuously compounded, instead of the issuer's: `350bp` or `3.5%`."""

    clean_price: Annotated[PricePer100, Usual(5.0, 250.0)] | None = None
    """Price per 100 of face outstanding, less accrued interest; the bond's own spread is solved from it."""

    @model_validator(mode="after")
    def _check_terms(self) -> FixedBondSpec:
        if self.z_spread is not None and self.clean_price is not None:
            raise ValueError("z_spread and clean_price are both given; one fixes the other")
        if self.first_coupon_date is not None and self.issue_date is None:
            raise ValueError("first_coupon_date is given without issue_date, from which its interest runs")
        schedule = ScheduleTerms(
            self.issue_date or (self.last_coupon_date or self.maturity) - timedelta(days=1),
            self.maturity,
            self.frequency,
            self.first_coupon_date,
            self.last_coupon_date,
            end_of_month=self.end_of_month,
        )
        self._check_repayments(schedule.grid())
        return self

    def _check_repayments(self, grid: Grid) -> None:
        """Refuse repayments that are not due with a coupon, or that are stated twice or by halves."""
        if self.sinking_fund and self.amortisation is not None:
            raise ValueError("sinking_fund and amortisation are both given")
        if self.amortisation is not None and self.issue_date is None:
            raise ValueError("amortisation is given without issue_date, from which the face falls")
        if self.first_repayment is not None and self.amortisation is None:
            raise ValueError("first_repayment is given without amortisation")
        sinking([(item.date, item.amount) for item in self.sinking_fund], self.maturity)
        days = [item.date for item in self.sinking_fund]
        for day in days if self.first_repayment is None else [self.first_repayment]:
            if not self._pays_coupon_on(day, grid):
                raise ValueError(f"no coupon is due on {day}, the day of a repayment")

    def _pays_coupon_on(self, day: date, grid: Grid) -> bool:
        first = self.first_coupon_date or self.issue_date
        too_early = first is not None and (day < first or day == self.issue_date)
        in_last_period = self.last_coupon_date is not None and self.last_coupon_date < day
        return day == self.maturity or (grid.holds(day) and not too_early and not in_last_period)
