"""Portfolio files as strict models: the document's head, limits, and what every position has."""

from __future__ import annotations

from math import fsum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stresstest.io.fields import (
    Currency,
    Date,
    Identifier,
    Items,
    Name,
    Number,
    Percentage,
    PositiveNumber,
    Spec,
)
from stresstest.quantity import QuantityError

LOT_TOLERANCE = 1e-9
"""Lots add up to their position within this share of it."""


class LimitSpec(Spec):
    """Largest loss that the portfolio may make."""

    name: Annotated[str, Field(max_length=64)] = ""
    """What the limit is called."""
    scenario: Annotated[str, Field(max_length=64)]
    """Name of a scenario, or `any`."""
    max_loss: Percentage
    """Loss allowed, in per cent of the denominator: `25%`."""
    of: Literal["base", "gross"] = "base"
    """Denominator: |base value|, or gross value for long-short books."""
    warning: Percentage | None = None
    """Loss from which the limit warns, below `max_loss`: `20%`."""
    owner: Annotated[str, Field(max_length=200)] = ""
    """Who decides what happens when it is breached: a person, a team or a committee."""

    @model_validator(mode="after")
    def _positive(self) -> Self:
        if self.max_loss < 0.0 or (self.warning is not None and self.warning < 0.0):
            raise ValueError("a loss limit is written as a positive percentage")
        if self.warning is not None and not self.warning < self.max_loss:
            got = f"warning at {100.0 * self.warning:.6g}% of a limit of {100.0 * self.max_loss:.6g}%"
            raise QuantityError("ST735", got, "a warning below max_loss")
        return self


class NavSpec(Spec):
    """Net asset value that the holder reports, to reconcile the base value with."""

    value: PositiveNumber
    """Amount in the portfolio's currency."""
    date: Date | None = None
    """Date of the valuation."""
    source: Annotated[str, Field(max_length=400)] = ""
    """Who states it."""
    tolerance: Annotated[Percentage, Field(ge=0.0, le=1.0)] = 0.01
    """Difference of the base value that is still a match, in per cent of it: `1%`."""


class MarginSpec(Spec):
    """Maintenance margin: what equity must be, as parts of the positions' market values."""

    long: Annotated[Percentage, Field(ge=0.0, le=1.0)] = 0.25
    """Part of the value of positions held long: `25%`."""
    short: Annotated[Percentage, Field(ge=0.0, le=1.0)] = 0.3
    """Part of the value of positions sold short."""


class TotalSpec(Spec):
    """Total that weights are shares of."""

    value: PositiveNumber
    """Amount."""
    currency: Currency
    """Currency of the amount: the portfolio's."""


class PortfolioHead(Spec):
    """A portfolio: positions in instruments of any type, with limits and a net asset value to reconcile."""

    version: Literal[1]
    """Version of the format."""
    name: Name
    """Name of the portfolio, snake_case."""
    currency: Currency
    """Currency that values are reported in."""
    title: Annotated[str, Field(max_length=200)] = ""
    """One line on the portfolio."""
    market: Annotated[str, Field(max_length=200)] = ""
    """Market to use when the command line names none."""
    as_of: Date | None = None
    """Date of the holdings."""
    nav: NavSpec | None = None
    """Net asset value to reconcile the base value with."""
    total: TotalSpec | None = None
    """Total that weights are shares of; needed where a position has a weight."""
    remainder: Literal["cash", ""] = ""
    """`cash`: what the weights leave is cash in the portfolio's currency."""
    limits: Items[LimitSpec] = ()
    """Loss limits."""
    margin: MarginSpec | None = None
    """Maintenance margin of an account at a broker; a scenario that leaves less equity shows the call."""
    notes: str = ""
    """Anything a reader should know."""
    source: str | Items[str] = ""
    """Where the holdings come from."""


class LotSpec(Spec):
    """A tax lot: units that were acquired at one price."""

    quantity: Number
    """Units, negative for a short position."""
    price: Annotated[Number, Field(ge=0)]
    """What one unit cost, in the position's currency: per share, per unit of face, per contract."""
    date: Date | None = None
    """Day of the purchase."""


class PositionHead(Spec):
    """What every position has, whatever its type."""

    id: Identifier
    """Name of the position, unique in the portfolio."""
    type: Annotated[str, Field(max_length=64)]
    """Instrument type; `stresstest list instruments` shows them."""
    quantity: Number | None = None
    """Units held, negative when short."""
    weight: Percentage | None = None
    """Share of the portfolio's total, instead of a quantity."""
    name: Annotated[str, Field(max_length=200)] = ""
    """Description for readers."""
    stated_value: Number | None = None
    """Value of the whole position as its holder states it, where the market has no price."""
    stated_date: Date | None = None
    """Date of the stated value."""
    proxy: Identifier | None = None
    """Issuer of the market whose moves an unpriced position follows."""
    cost_price: Annotated[Number, Field(ge=0)] | None = None
    """What one unit cost, in the position's currency; a sale realises the gain over it."""
    lots: Items[LotSpec] = ()
    """Tax lots instead of one cost price; their quantities add up to the position's."""
    tags: dict[str, str] = Field(default_factory=dict)
    """The holder's own attributes, for `--by`."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.quantity is None) == (self.weight is None):
            raise ValueError("a position has either a quantity or a weight")
        if (self.stated_value is None) != (self.stated_date is None):
            raise ValueError("stated_value and stated_date belong together")
        if self.stated_value is not None and self.quantity is None:
            raise ValueError("a stated value needs a quantity")
        self._check_lots()
        return self

    def _check_lots(self) -> None:
        """Refuse lots that are not the whole position."""
        if self.cost_price is None and not self.lots:
            return
        if self.quantity is None:
            raise QuantityError("ST480", "a cost price or lots without a quantity", "a quantity")
        if self.cost_price is not None and self.lots:
            raise QuantityError("ST480", "both cost_price and lots", "one of them")
        if any(lot.quantity * self.quantity <= 0.0 for lot in self.lots):
            raise QuantityError("ST480", "a lot of another sign than its position, or of 0", "the same sign")
        total = fsum(lot.quantity for lot in self.lots)
        if self.lots and abs(total - self.quantity) > LOT_TOLERANCE * abs(self.quantity):
            got = f"lots that add to {total:,.10g}"
            raise QuantityError("ST480", got, f"the position's quantity, {self.quantity:,.10g}")


POSITION_FIELDS: frozenset[str] = frozenset(PositionHead.model_fields)
"""Fields of a position that do not belong to its type."""
