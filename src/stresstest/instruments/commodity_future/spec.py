"""Contract terms of commodity futures."""

from __future__ import annotations

from stresstest.io.fields import Currency, Date, Identifier, Number, PositiveNumber, Spec


class CommodityFutureSpec(Spec):
    """Future on a commodity or on power; the quantity of a position counts contracts, negative when short.

    Gains are paid day by day, so a future that was settled last night is worth nothing this morning: without
    an entry price the base value is 0 and the position shows its P&L alone.
    """

    commodity: Identifier
    """Name of a forward curve of the market: of `commodity_forward` factors, or else of `power_price`."""

    expiry: Date
    """Last day of trading; the future settles at the price for delivery then, and is refused later."""

    multiplier: PositiveNumber = 1.0
    """Units of the commodity a contract: 1000 barrels, 100 ounces, megawatt-hours of the delivery period."""

    entry_price: Number | None = None
    """Futures price that gains count from; by default the market's own, which makes the base value 0."""

    currency: Currency | None = None
    """Currency of the price; by default that of the commodity in the market, or else the market's own."""
