"""Terms that all floating-rate loans have in common."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.conventions.calendars import BusinessDayConvention, CalendarName
from stresstest.conventions.day_counts import DayCount
from stresstest.io.fields import Currency, Date, Identifier, Percentage, Spec
from stresstest.io.prices import PricePer100
from stresstest.io.spreads import Margin, Spread
from stresstest.io.usual import Usual, UsualTerm


class Instalment(Spec):
    """Principal due on a day, or lent on a day."""

    date: Date
    """Day of the payment; a repayment is made at the end of the interest period that it lies in."""

    part: Annotated[Percentage, Field(gt=0.0, le=1.0)]
    """Part of what the quantity of the position counts, face or commitment: `5%`."""


class FloatingTermsSpec(Spec):
    """What a loan at a floating rate and a margin is told by, whatever secures it."""

    issuer: Identifier
    """Debtor, by its id in the market, ticker or LEI; its spread, default state and attributes apply."""

    maturity: Annotated[Date, UsualTerm(20)]
    """Day on which the rest is due."""

    margin: Annotated[Margin, Usual(high=0.16)]
    """Interest a year over the floating rate: `600bp` or `6%`."""

    frequency: Literal[1, 2, 4, 12] = 4
    """Payments a year."""

    floor: Annotated[Spread, Usual(-0.02, 0.1)] | None = None
    """Lowest floating rate before the margin, like `0%`; by default none."""

    day_count: DayCount = "ACT/360"
    """Length of an interest period."""

    rate_setting: Literal["in_advance", "in_arrears"] = "in_advance"
    """`in_advance`: a term rate set on the first day of its period; `in_arrears`: compounded over it."""

    current_rate: Annotated[Spread, Usual(-0.02, 0.2)] | None = None
    """Floating rate, before the margin, of the period that runs today; by default the curve's own."""

    currency: Currency | None = None
    """Currency of all payments; by default the currency of the issuer in the market."""

    curve: Identifier | None = None
    """Zero curve that projects the rate and discounts; by default that of the currency's overnight rate."""

    calendar: CalendarName = "none"
    """Business days that payments fall on; interest accrues to the unmoved date."""

    business_day_convention: BusinessDayConvention = "following"
    """How a payment due on a holiday moves."""

    basis: Annotated[Spread, Usual(-0.1, 0.2)] | None = None
    """Constant spread that the loan pays beside its issuer's risk, for being hard to sell; by default 0."""

    price: Annotated[PricePer100, Usual(10.0, 150.0)] | None = None
    """Value per 100 of what is drawn, without accrued interest; the basis is solved from it."""

    @model_validator(mode="after")
    def _check_basis(self) -> FloatingTermsSpec:
        if self.basis is not None and self.price is not None:
            raise ValueError("basis and price are both given; one fixes the other")
        return self


class FloatingLoanSpec(FloatingTermsSpec):
    """A loan that recovers what claims of its rank on its debtor do."""

    seniority: Literal["secured", "senior_unsecured", "subordinated"] = "secured"
    """Rank of the claim, which decides what is recovered after a default."""
