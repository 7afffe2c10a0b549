"""Contract terms of a convertible bond."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.redemption_rights import check_right_dates
from stresstest.conventions.schedules import ScheduleTerms
from stresstest.io.fields import Date, Identifier, Items, Number, Percentage, Spec
from stresstest.io.prices import PricePer100
from stresstest.io.spreads import Spread
from stresstest.io.usual import Usual


class ConvertibleCallSpec(Spec):
    """Days on which the issuer may redeem early, and at what price."""

    date: Date
    """First day of redemption."""

    until: Date | None = None
    """Last day at this price; by default the next call's date, or maturity."""

    price: PricePer100 = 100.0
    """Price per 100 of face, accrued interest left out, which is paid too."""

    trigger: Percentage | None = None
    """Price of the share that allows the call, as a percentage of the conversion price, like `130%`."""


class ConvertiblePutSpec(Spec):
    """A day on which the holder may ask for redemption."""

    date: Date
    """Day of redemption."""

    price: PricePer100 = 100.0
    """Price per 100 of face, accrued interest left out, which is paid too."""


class ConvertibleBondSpec(Spec):
    """A bond that its holder may exchange for shares of its issuer; the quantity of a position is face."""

    issuer: Identifier
    """Debtor, by its id in the market, ticker or LEI; its credit spread, share and attributes apply."""

    coupon: Annotated[Percentage, Field(ge=0.0, le=1.0)]
    """Interest a year as a percentage of face, `0%` for most issues of growing firms."""

    maturity: Date
    """Day on which the face is due."""

    frequency: Literal[1, 2, 3, 4, 6, 12]
    """Coupons a year."""

    day_count: DayCount
    """Length of an accrual period; `ACT/ACT ICMA` pays equal coupons in all regular periods."""

    conversion_ratio: Annotated[Number, Field(ge=0.0, le=1e9)]
    """Shares for 1,000 of face; 0 where there is nothing to convert into."""

    conversion_start: Date | None = None
    """First day of conversion; by default it is allowed already."""

    conversion_end: Date | None = None
    """Last day of conversion; by default the maturity."""

    redemption: PricePer100 = 100.0
    """Paid at maturity per 100 of face, more than 100 where interest accretes."""

    calls: Items[ConvertibleCallSpec] = ()
    """Days and prices of the issuer's right to redeem, each with its trigger if it has one."""

    puts: Items[ConvertiblePutSpec] = ()
    """Days and prices of the holder's right to redemption."""

    spread_factor: Annotated[Number, Field(gt=0.0, le=10.0)] = 1.0
    """Multiple of the issuer's credit spread that this bond bears, above 1 where it ranks lower."""

    vol_factor: Annotated[Number, Field(gt=0.0, le=10.0)] = 1.0
    """Multiple of the share's listed vol that the bond is valued with; convertibles often trade below it."""

    credit_on: Literal["cash_part", "probability"] = "cash_part"
    """What bears the spread: the part of the value that ends as cash, or the whole by its chance to do so."""

    steps: Annotated[int, Field(ge=11, le=2001)] = 201
    """Steps of the lattice to maturity; an even number is raised by one."""

    issue_date: Date | None = None
    """First day of interest; by default long enough ago that the current period is regular."""

    end_of_month: bool = True
    """Whether a bond that matures on the last day of a month pays all coupons on last days of months."""

    seniority: Literal["secured", "senior_unsecured", "subordinated"] = "senior_unsecured"
    """Rank of the claim, which decides what is recovered after a default."""

    curve: Identifier | None = None
    """Zero curve of payments and forward prices; by default the discount curve of the issuer's currency."""

    z_spread: Spread | None = None
    """Spread over the curve, continuously compounded, instead of the issuer's: `350bp` or `3.5%`."""

    clean_price: Annotated[PricePer100, Usual(5.0, 250.0)] | None = None
    """Price per 100 of face, less accrued interest; the bond's own spread is solved from it."""

    @model_validator(mode="after")
    def _check_terms(self) -> ConvertibleBondSpec:
        if self.z_spread is not None and self.clean_price is not None:
            raise ValueError("z_spread and clean_price are both given; one fixes the other")
        check_right_dates("calls", [call.date for call in self.calls], self.maturity)
        check_right_dates("puts", [put.date for put in self.puts], self.maturity)
        for call in self.calls:
            if call.until is not None and not call.date <= call.until <= self.maturity:
                raise ValueError(f"the call of {call.date} ends on {call.until}, not between it and maturity")
        start, end = self.conversion_start, self.conversion_end or self.maturity
        if end > self.maturity or (start is not None and start > end):
            raise ValueError("conversion starts, and then ends, not after the maturity")
        ScheduleTerms(
            self.issue_date or self.maturity - timedelta(days=1),
            self.maturity,
            self.frequency,
            end_of_month=self.end_of_month,
        )
        return self
