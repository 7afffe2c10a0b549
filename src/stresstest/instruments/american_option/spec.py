"""Contract terms of American options."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import model_validator

from stresstest.io.fields import Date, Identifier, Items, PositiveNumber, Spec


class DividendSpec(Spec):
    """A dividend that the underlying will pay."""

    date: Date
    """First day on which the share trades without the dividend."""

    amount: PositiveNumber
    """Amount a share, in the underlying's currency."""


class AmericanOptionSpec(Spec):
    """Right to buy or sell shares at the strike on any day; the quantity of a position counts contracts."""

    underlying: Identifier
    """Share, fund or index, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI."""

    right: Literal["call", "put"]
    """`call` to buy, `put` to sell."""

    strike: PositiveNumber
    """Price per share that the right is exercised at, in the underlying's currency."""

    expiry: Date
    """Last day of exercise; on that day the option is worth its intrinsic value, later it is refused."""

    multiplier: PositiveNumber = 1.0
    """Shares a contract is written on, 100 for a listed option on a US share."""

    curve: Identifier | None = None
    """Zero curve that discounts the payoff; by default the discount curve of the underlying's currency."""

    dividends: Items[DividendSpec] = ()
    """Dividends until expiry, by date, instead of the continuous yield; they move in proportion to it."""

    @model_validator(mode="after")
    def _check_dividends(self) -> AmericanOptionSpec:
        dates = [dividend.date for dividend in self.dividends]
        if any(later <= earlier for earlier, later in pairwise(dates)):
            raise ValueError("dividends are written in the order of their dates, each date once")
        return self
