"""Contract terms of European options."""

from __future__ import annotations

from typing import Annotated, Literal

from stresstest.io.fields import Date, Identifier, PositiveNumber, Spec
from stresstest.io.usual import UsualTerm


class EuropeanOptionSpec(Spec):
    """Right to buy or sell shares at the strike on one day; the quantity of a position counts contracts."""

    underlying: Identifier
    """Share, fund or index, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI."""

    right: Literal["call", "put"]
    """`call` to buy, `put` to sell."""

    strike: PositiveNumber
    """Price per share that the right is exercised at, in the underlying's currency."""

    expiry: Annotated[Date, UsualTerm(10)]
    """Day of exercise; on that day the option is worth its intrinsic value, later it is refused."""

    multiplier: PositiveNumber = 1.0
    """Shares a contract is written on, 100 for a listed option on a US share."""

    curve: Identifier | None = None
    """Zero curve that discounts the payoff; by default the discount curve of the underlying's currency."""
