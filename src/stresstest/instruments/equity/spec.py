"""Contract terms of a share."""

from __future__ import annotations

from stresstest.io.fields import Identifier, Spec


class EquitySpec(Spec):
    """A share; the quantity of a position is the number of shares."""

    issuer: Identifier
    """Company, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI."""

    borrowed: bool = False
    """Whether a short position pays the fee that the market states for borrowing the share."""
