"""Contract terms of a fund share."""

from __future__ import annotations

from stresstest.io.fields import Identifier, Spec


class FundSpec(Spec):
    """A share of a fund; the market says what the fund's price moves with."""

    issuer: Identifier
    """Fund, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI."""
