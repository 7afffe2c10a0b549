"""Contract terms of a term loan."""

from __future__ import annotations

from math import fsum
from typing import Annotated

from pydantic import Field, model_validator

from stresstest.io.fields import Date, Items, Percentage
from stresstest.io.usual import Usual
from stresstest.market.loan_spec import FloatingLoanSpec, Instalment


class TermLoanSpec(FloatingLoanSpec):
    """A loan at a floating rate that has been paid out; the quantity of a position is its face today."""

    amortisation: Annotated[Percentage, Field(ge=0.0, le=12.0)] = 0.0
    """Part of the face repaid in a year, in equal parts with the interest: `1%` for an institutional loan."""

    repayments: Items[Instalment] = ()
    """Principal due on stated days, instead of `amortisation`; the rest is due at maturity."""

    prepayment: Annotated[Percentage, Field(ge=0.0, lt=1.0), Usual(high=0.6)] = 0.0
    """Part of the balance that is prepaid at par in a year beyond what is scheduled (CPR)."""

    start: Date | None = None
    """Day of the first interest; after the market's date it is the day on which the loan is paid out."""

    oid: Annotated[Percentage, Field(ge=0.0, lt=1.0), Usual(high=0.15)] = 0.0
    """Original-issue discount, kept back when the loan is paid out on `start`. With neither `basis` nor
    `price` the basis is the one at which the loan is worth 100 % less this on that day."""

    @model_validator(mode="after")
    def _check_principal(self) -> TermLoanSpec:
        if self.repayments and self.amortisation:
            raise ValueError("repayments and amortisation are both given; one takes the other's place")
        if fsum(item.part for item in self.repayments) > 1.0 + 1e-9:
            raise ValueError("repayments add up to more than the face")
        if self.oid and self.start is None:
            raise ValueError("oid is given without start, the day on which it was kept back")
        if self.start is not None and self.start >= self.maturity:
            raise ValueError("the loan starts on its maturity or after it")
        return self
