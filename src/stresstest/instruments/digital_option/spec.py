"""Contract terms of digital options."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from stresstest.io.fields import Date, Identifier, PositiveNumber, Spec
from stresstest.io.usual import UsualTerm
from stresstest.quantity import QuantityError


class DigitalOptionSpec(Spec):
    """Payment that depends on which side of a strike the price ends; the quantity counts payments."""

    underlying: Identifier
    """Share, fund or index, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI."""

    right: Literal["call", "put"]
    """`call` pays where the price ends above the strike, `put` where it ends at or below it."""

    strike: PositiveNumber
    """Price per share that decides, in the underlying's currency."""

    expiry: Annotated[Date, UsualTerm(10)]
    """Day that decides; on that day the option is worth its payment or nothing, later it is refused."""

    payoff: Literal["cash", "asset"] = "cash"
    """`cash` pays `amount` units of money, `asset` that many shares (or their price)."""

    amount: PositiveNumber | None = None
    """Money, or shares, paid for one unit of the position; money must be stated, one share need not be."""

    curve: Identifier | None = None
    """Zero curve that discounts the payment; by default the discount curve of the underlying's currency."""

    @property
    def payment(self) -> float:
        """Money, or shares, paid for one unit."""
        return 1.0 if self.amount is None else self.amount

    @model_validator(mode="after")
    def _check_amount(self) -> DigitalOptionSpec:
        if self.payoff == "cash" and self.amount is None:
            raise QuantityError("ST151", "missing field 'amount'", "amount: money paid for one unit")
        return self
