"""Contract terms of GPU rental-rate forwards."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from stresstest.io.fields import Currency, Date, Identifier, Percentage, PositiveNumber, Spec
from stresstest.io.usual import UsualTerm


class RentalForwardSpec(Spec):
    """Rental of GPUs at a rate agreed today, settled in cash; the quantity counts GPUs, negative: let.

    Each month of the period pays hours × (rental rate on its last day − agreed rate) × utilisation: what
    renting at the agreed rate saves against the market. A lender or a cloud sells it to fix its revenue.
    """

    gpu: Identifier
    """Name of the `rental_rate` factors, as in `H100`."""

    rate: PositiveNumber
    """Agreed rental rate, money per GPU-hour."""

    start: Date
    """First day of the period."""

    end: Annotated[Date, UsualTerm(10)]
    """Last day of the period, on which its last month settles; later the forward is refused."""

    utilisation: Annotated[Percentage, Field(gt=0.0, le=1.0)] = 1.0
    """Share of the hours that count: `80%`."""

    currency: Currency | None = None
    """Currency of the rate; by default the market's own."""

    curve: Identifier | None = None
    """Zero curve that discounts the settlements; by default the discount curve of the currency."""

    @model_validator(mode="after")
    def _check_order(self) -> RentalForwardSpec:
        if self.end < self.start:
            raise ValueError("the period ends before it starts")
        return self
