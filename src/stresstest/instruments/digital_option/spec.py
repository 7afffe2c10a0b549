"""Contract terms of digital options."""

from __future__ import annotations

from typing import Literal

from stresstest.io.fields import Date, Identifier, PositiveNumber, Spec


class DigitalOptionSpec(Spec):
    """Payment that depends on which side of a strike the price ends; the quantity counts payments."""

    underlying: Identifier
    """Share, fund or index, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI."""

    right: Literal["call", "put"]
    """`call` pays where the price ends above the strike, `put` where it ends at or below it."""

    strike: PositiveNumber
    """Price per share that decides, in the underlying's currency."""

    expiry: Date
    """Day that decides; on that day the option is worth its payment or nothing, later it is refused."""

    payoff: Literal["cash", "asset"] = "cash"
    """`cash` pays `amount` units of money, `asset` that many shares (or their price)."""

    amount: PositiveNumber = 1.0
    """Money, or shares, paid for one unit of the position."""

    curve: Identifier | None = None
    """Zero curve that discounts the payment; by default the discount curve of the underlying's currency."""
