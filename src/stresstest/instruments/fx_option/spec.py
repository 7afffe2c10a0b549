"""Contract terms of currency options."""

from __future__ import annotations

from typing import Annotated, Literal

from stresstest.io.currency_pair import CurrencyPair
from stresstest.io.fields import Date, Identifier, PositiveNumber, Spec
from stresstest.io.usual import UsualTerm


class FxOptionSpec(Spec):
    """Right to buy or sell the pair's base currency on one day; the quantity of a position is its amount."""

    pair: CurrencyPair
    """Base currency and the currency of the strike, as in `EURUSD`, the way round its surface is quoted."""

    right: Literal["call", "put"]
    """`call` to buy the base currency, `put` to sell it."""

    strike: PositiveNumber
    """Price of one unit of the base currency, in the quote currency."""

    expiry: Annotated[Date, UsualTerm(15)]
    """Day of exercise; on that day the option is worth its intrinsic value, later it is refused."""

    base_curve: Identifier | None = None
    """Zero curve of the base currency; by default its discount curve or its only curve."""

    quote_curve: Identifier | None = None
    """Zero curve of the quote currency; by default its discount curve or its only curve."""
