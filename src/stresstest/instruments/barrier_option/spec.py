"""Contract terms of barrier options."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.io.fields import Date, Identifier, Number, PositiveNumber, Spec
from stresstest.io.usual import UsualTerm


class BarrierOptionSpec(Spec):
    """Option that lives from, or until, the first touch of a barrier; the quantity counts contracts.

    The barrier is watched all the time. Along a path a barrier touched at one date stays touched.
    """

    underlying: Identifier
    """Share, fund or index, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI."""

    right: Literal["call", "put"]
    """`call` to buy, `put` to sell."""

    strike: PositiveNumber
    """Price per share that the right is exercised at, in the underlying's currency."""

    expiry: Annotated[Date, UsualTerm(10)]
    """Day of exercise; on that day the option is worth its payoff or its rebate, later it is refused."""

    barrier: PositiveNumber
    """Price per share that ends the option's life or begins it."""

    knock: Literal["down_in", "down_out", "up_in", "up_out"]
    """From which side the barrier is touched, and whether the option begins (`in`) or ends (`out`) there."""

    rebate: Annotated[Number, Field(ge=0.0)] = 0.0
    """Money per share paid where a knock-out is touched, or at expiry where a knock-in never was."""

    rebate_paid: Literal["at_touch", "at_expiry"] = "at_touch"
    """When a knock-out pays its rebate; a knock-in pays at expiry."""

    knocked: bool = False
    """Whether the barrier was touched before the market's date, and the rebate due at the touch paid."""

    multiplier: PositiveNumber = 1.0
    """Shares a contract is written on, 100 for a listed option on a US share."""

    curve: Identifier | None = None
    """Zero curve that discounts the payoff; by default the discount curve of the underlying's currency."""

    @model_validator(mode="after")
    def _check_rebate(self) -> BarrierOptionSpec:
        if self.knock.endswith("in") and self.rebate_paid == "at_expiry":
            raise ValueError("rebate_paid is for a knock-out; a knock-in pays its rebate at expiry anyway")
        return self
