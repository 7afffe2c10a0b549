"""Contract terms of a bond with rights of redemption."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.conventions.calendars import BusinessDayConvention, CalendarName
from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.redemption_rights import check_right_dates
from stresstest.conventions.schedules import ScheduleTerms
from stresstest.io.fields import Currency, Date, Identifier, Items, Percentage, Spec
from stresstest.io.prices import PricePer100
from stresstest.io.spreads import Spread
from stresstest.io.usual import Usual


class RedemptionSpec(Spec):
    """A day from which, or on which, the bond may be redeemed early, and at what price."""

    date: Date
    """Day of redemption; notice is given before it."""

    price: PricePer100
    """Price per 100 of face, accrued interest left out, which is paid too."""


class CallableBondSpec(Spec):
    """A bond with fixed coupons that may be redeemed early; the quantity of a position is face."""

    issuer: Identifier
    """Debtor, by its id in the market, ticker or LEI; its credit spread and attributes apply."""

    coupon: Annotated[Percentage, Field(ge=0.0, le=1.0)]
    """Interest a year as a percentage of face, like `6.5%`."""

    maturity: Date
    """Day on which the face is due."""

    frequency: Literal[1, 2, 3, 4, 6, 12]
    """Coupons a year."""

    day_count: DayCount
    """Length of an accrual period; `ACT/ACT ICMA` pays equal coupons in all regular periods."""

    calls: Items[RedemptionSpec] = ()
    """Prices at which the issuer may redeem, by date."""

    call_style: Literal["on_dates", "from_dates"] = "on_dates"
    """Whether a call price holds on its date alone, or on every day from it to the next one or maturity."""

    puts: Items[RedemptionSpec] = ()
    """Prices at which the holder may ask for redemption, by date; each on its date alone."""

    notice_days: Annotated[int, Field(ge=0, le=120)] = 0
    """Calendar days from the decision to call or put to the redemption."""

    rate_vol: Annotated[Spread, Field(ge=0.0, le=0.2)] | None = None
    """Volatility of the short rate a year, like `95bp`; by default the market's of swap rates."""

    mean_reversion: Annotated[Percentage, Field(ge=0.0, le=1.0)] = 0.03
    """Speed a year at which the short rate returns to its forward, like `3%`."""

    steps: Annotated[int, Field(ge=10, le=2000)] = 120
    """Steps of the lattice to maturity; payments and redemptions lie on it in any case."""

    currency: Currency | None = None
    """Currency of all payments; by default the currency of the issuer in the market."""

    issue_date: Date | None = None
    """First day of interest; by default long enough ago that the current period is regular."""

    end_of_month: bool = True
    """Whether a bond that matures on the last day of a month pays all coupons on last days of months."""

    calendar: CalendarName = "none"
    """Business days that payments fall on; interest always accrues to the unmoved date."""

    business_day_convention: BusinessDayConvention = "following"
    """How a payment due on a holiday moves; redemptions are written on the day that they fall on."""

    seniority: Literal["secured", "senior_unsecured", "subordinated"] = "senior_unsecured"
    """Rank of the claim, which decides what is recovered after a default."""

    curve: Identifier | None = None
    """Zero curve that discounts the payments; by default the discount curve of the currency."""

    z_spread: Spread | None = None
    """Spread over the curve, continuously compounded, instead of the issuer's: `350bp` or `3.5%`."""

    clean_price: Annotated[PricePer100, Usual(5.0, 250.0)] | None = None
    """Price per 100 of face, less accrued interest; the bond's own spread is solved from it."""

    @model_validator(mode="after")
    def _check_terms(self) -> CallableBondSpec:
        if self.z_spread is not None and self.clean_price is not None:
            raise ValueError("z_spread and clean_price are both given; one fixes the other")
        check_right_dates("calls", [call.date for call in self.calls], self.maturity)
        check_right_dates("puts", [put.date for put in self.puts], self.maturity)
        _check_prices(self.calls, self.puts)
        ScheduleTerms(
            self.issue_date or self.maturity - timedelta(days=1),
            self.maturity,
            self.frequency,
            end_of_month=self.end_of_month,
        )
        return self


def _check_prices(calls: tuple[RedemptionSpec, ...], puts: tuple[RedemptionSpec, ...]) -> None:
    """Refuse a date on which the holder may ask for more than the issuer may redeem at."""
    prices: dict[date, float] = {call.date: call.price for call in calls}
    for put in puts:
        if prices.get(put.date, put.price) < put.price:
            raise ValueError(
                f"the put of {put.date} is at {put.price:g}, above the call at {prices[put.date]:g}"
            )
