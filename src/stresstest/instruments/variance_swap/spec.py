"""Contract terms of variance swaps."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from stresstest.io.fields import Date, Identifier, Percentage, Spec
from stresstest.io.usual import UsualTerm


class VarianceSwapSpec(Spec):
    """Exchange of realised variance against a strike; the quantity is the vega notional, negative when short.

    It pays quantity × 100·(σ² − K²)/(2K) at expiry, σ the realised volatility a year and K the strike: about
    quantity × (σ − K) in vol points near the strike, and more than that on both sides.
    """

    underlying: Identifier
    """Share, fund or index, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI."""

    strike: Annotated[Percentage, Field(gt=0.0, le=10.0)]
    """Volatility a year against which the realised one is exchanged, like `18.5%`."""

    expiry: Annotated[Date, UsualTerm(10)]
    """Last day on which variance counts; it is paid then, and later the swap is refused."""

    start: Date | None = None
    """First day on which variance counts; by default the market's own date."""

    realised_vol: Annotated[Percentage, Field(ge=0.0, le=10.0)] | None = None
    """Volatility a year realised from the start to the market's date; needed where it began before that."""

    curve: Identifier | None = None
    """Zero curve that discounts the payment; by default the discount curve of the underlying's currency."""

    @model_validator(mode="after")
    def _check_dates(self) -> VarianceSwapSpec:
        if self.start is not None and self.start >= self.expiry:
            raise ValueError("start is not before expiry; no variance would count")
        if self.start is None and self.realised_vol is not None:
            raise ValueError("realised_vol is given without start, from which it counts")
        return self
