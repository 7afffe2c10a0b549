"""Contract terms of a credit default swap on an index of issuers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from stresstest.conventions.cds_dates import PREMIUM_MONTHS, is_premium_date
from stresstest.io.fields import Currency, Date, Identifier, Percentage, PositiveNumber, Spec
from stresstest.io.prices import PricePer100
from stresstest.io.spreads import Margin, Spread
from stresstest.io.usual import Usual, UsualTerm


class CdsIndexSpec(Spec):
    """Credit default swap on an index series; the quantity of a position is original notional bought.

    Protection is bought by a positive quantity and sold by a negative one.
    """

    index: Identifier
    """Index, by its id in the market, like `CDX.NA.IG`; its credit spread and attributes apply."""

    series: Annotated[int, Field(ge=1)]
    """Number of the series, which says what its members are."""

    maturity: Annotated[Date, UsualTerm(11)]
    """Last day of protection: the twentieth of March, June, September or December."""

    coupon: Annotated[Margin, Usual(high=0.1)]
    """Premium a year: 100bp on investment grade, 500bp on high yield."""

    recovery: Annotated[Percentage, Field(ge=0.0, lt=1.0)] | None = None
    """Recovery that quotes assume, 30 % on high yield; by default the market's, else 40 %."""

    index_factor: Annotated[PositiveNumber, Field(le=1.0)] = 1.0
    """Part of the original notional whose names have not defaulted."""

    basis: Annotated[Spread, Usual(-0.05, 0.05)] = 0.0
    """Quoted spread of the series less the credit spread of the index in the market; constant."""

    price: Annotated[PricePer100, Usual(40.0, 130.0)] | None = None
    """Quoted price, 100 less the points that a buyer of protection pays; the basis is solved from it."""

    currency: Currency | None = None
    """Currency of all payments; by default the currency of the index in the market."""

    curve: Identifier | None = None
    """Zero curve that discounts; by default that of the currency's overnight rate (`USD_SOFR`)."""

    @model_validator(mode="after")
    def _check_terms(self) -> CdsIndexSpec:
        if not is_premium_date(self.maturity):
            raise ValueError(f"maturity {self.maturity} is not the 20th of {PREMIUM_MONTHS}")
        if self.price is not None and self.basis != 0.0:
            raise ValueError("price and basis are both given; one fixes the other")
        return self
