"""A replay of history as scenario files write it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from stresstest.io.fields import Date, Identifier, Items, Number, Spec
from stresstest.quantity import QuantityError
from stresstest.scenarios.select_spec import SelectSpec


class ReplayProxySpec(Spec):
    """What stands in for shares that have no history of their own over the window."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {"series": ("QQQ",), "beta": (1.5,)}

    select: SelectSpec
    """Which shares, by attribute; of those without history. The first proxy that reaches a share counts."""
    series: Identifier
    """Name in the price history whose move they take."""
    beta: Number = 1.0
    """Power of the move: 1.5 makes -20% to -28%."""


class ReplaySeriesSpec(Spec):
    """A series of the history that is no price of a share: a rate, a spread, a vol, an exchange rate."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "factor": ("zero_rate/USD/10Y", "credit_spread/US_B")
    }

    factor: Annotated[str, Field(min_length=1)]
    """The factor that moves with it: zero_rate/USD/10Y, credit_spread/US_B, implied_vol/SPY/3M."""
    unit: Literal["", "%", "bp", "vol"] = ""
    """Unit of its numbers: 4.24 with % is 4.24 %; none for prices and decimals."""


class ReplaySpec(Spec):
    """Moves of a window of the user's own history, applied to today's factors."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "prices": ("prices.csv",),
        "from": ("2020-02-19",),
        "to": ("2020-03-23",),
    }

    prices: Annotated[str, Field(min_length=1)]
    """Adjusted closes, wide or long, CSV, Parquet or xlsx; a path from the folder of this file."""
    start: Annotated[Date, Field(alias="from")]
    """Close that the moves begin with; of the last trading day up to it."""
    end: Annotated[Date, Field(alias="to")]
    """Close that they end with."""
    series: dict[Identifier, ReplaySeriesSpec] = Field(default_factory=dict)
    """Series that are no prices of shares, and the factor that each moves."""
    proxies: Items[ReplayProxySpec] = ()
    """Stand-ins for names without history."""

    @model_validator(mode="after")
    def _forward(self) -> ReplaySpec:
        if self.end <= self.start:
            raise QuantityError("ST453", f"a replay from {self.start} to {self.end}", "a later end")
        return self
