"""Contract terms of equity futures."""

from __future__ import annotations

from stresstest.io.fields import Date, Identifier, PositiveNumber, Spec


class EquityFutureSpec(Spec):
    """Future on a share, fund or index; the quantity of a position counts contracts, negative when short.

    Gains are paid day by day, so a future that was settled last night is worth nothing this morning: without
    an entry price the base value is 0 and the position shows its P&L alone.
    """

    underlying: Identifier
    """Share, fund or index, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI."""

    expiry: Date
    """Last day of trading, on which the future settles at the underlying's price; later it is refused."""

    multiplier: PositiveNumber = 1.0
    """Units of the underlying a contract, 50 for an E-mini future on the S&P 500 index."""

    entry_price: PositiveNumber | None = None
    """Futures price that gains count from; by default the market's own, which makes the base value 0."""

    curve: Identifier | None = None
    """Zero curve of the interest to expiry; by default the discount curve of the underlying's currency."""
