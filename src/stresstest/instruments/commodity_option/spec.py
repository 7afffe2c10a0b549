"""Contract terms of options on commodity futures."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from stresstest.io.fields import Currency, Date, Identifier, PositiveNumber, Spec


class CommodityOptionSpec(Spec):
    """Right to buy or sell a future at the strike on one day; the quantity of a position counts contracts."""

    commodity: Identifier
    """Name of a forward curve of the market: of `commodity_forward` factors, or else of `power_price`."""

    right: Literal["call", "put"]
    """`call` to buy, `put` to sell."""

    strike: PositiveNumber
    """Price per unit of the commodity."""

    expiry: Date
    """Day of exercise; on that day the option is worth its intrinsic value, later it is refused."""

    delivery: Date | None = None
    """Day on which the future that is bought or sold expires; by default the option's own expiry."""

    multiplier: PositiveNumber = 1.0
    """Units of the commodity a contract: 1000 barrels, 100 ounces, megawatt-hours of the delivery period."""

    currency: Currency | None = None
    """Currency of the price; by default that of the commodity in the market, or else the market's own."""

    curve: Identifier | None = None
    """Zero curve that discounts the payoff; by default the discount curve of the currency."""

    @model_validator(mode="after")
    def _check_order(self) -> CommodityOptionSpec:
        if self.delivery is not None and self.delivery < self.expiry:
            raise ValueError("delivery is before expiry; the future must outlive the option")
        return self
