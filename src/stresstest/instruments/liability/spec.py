"""Terms of a liability."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from stresstest.io.fields import (
    Currency,
    Date,
    Identifier,
    Items,
    Percentage,
    PositiveNumber,
    Spec,
    read_number,
)
from stresstest.io.usual import Usual
from stresstest.quantity import QuantityError, shown


def _read_owed(value: object) -> float:
    """Return an amount that is owed; one that is not above 0 is refused."""
    amount = read_number(value)
    if amount > 0.0:
        return amount
    close = f"{-amount:.15g}" if amount < 0.0 else ""
    raise QuantityError("ST153", shown(value), "an amount above 0: what is owed is written positive", close)


PaymentAmount = Annotated[float, BeforeValidator(_read_owed), Field(gt=0.0)]
"""Amount that is owed."""


class PaymentSpec(Spec):
    """A payment that is owed."""

    date: Date
    """Day of the payment."""

    amount: PaymentAmount
    """Amount in the liability's currency; in money of the market's date where inflation is added."""


class ProfileSpec(Spec):
    """Payments by rule: so much a year from a first to a last day, growing or shrinking from year to year."""

    first_payment: Date
    """Day of the first payment."""

    last_payment: Date
    """Day after which nothing is paid."""

    yearly_amount: PositiveNumber
    """Amount of the first year, in equal parts at every payment of it."""

    growth: Annotated[Percentage, Field(gt=-1.0, le=1.0), Usual(-0.3, 0.15)] = 0.0
    """Growth from one year of payments to the next: `2%`, or `-4%` as pensioners die."""

    frequency: Literal[1, 2, 3, 4, 6, 12] = 1
    """Payments a year."""

    @model_validator(mode="after")
    def _in_order(self) -> ProfileSpec:
        if self.last_payment < self.first_payment:
            raise ValueError("last_payment is before first_payment; nothing would be paid")
        return self


class LiabilitySpec(Spec):
    """Dated payments that the portfolio owes; a quantity of 1 owes them once, and its value is negative."""

    currency: Currency
    """Currency of all payments."""

    payments: Items[PaymentSpec] = ()
    """Payments one by one, in the order of their dates; those up to the market's date are taken as paid."""

    profile: ProfileSpec | None = None
    """Payments by rule, instead of one by one."""

    inflation_linked: bool = False
    """Whether amounts grow with prices from the market's date on, as `inflation/<currency>` expects."""

    curve: Identifier | None = None
    """Zero curve that discounts the payments; by default the discount curve of the currency."""

    credit: Identifier | None = None
    """Issuer or credit index whose spread is added to the curve and moves with it, like `US_AA`."""

    @model_validator(mode="after")
    def _check_payments(self) -> LiabilitySpec:
        if bool(self.payments) == (self.profile is not None):
            raise ValueError("a liability has either payments or a profile")
        dates = [payment.date for payment in self.payments]
        if any(later <= earlier for earlier, later in pairwise(dates)):
            raise ValueError("payments are written in the order of their dates, each date once")
        return self
