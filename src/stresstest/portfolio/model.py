"""What the user wrote: positions in distinct instruments, limits, the net asset value to reconcile with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stresstest.arrays import FloatArray, IntArray
from stresstest.errors import NOWHERE, Location


@dataclass(frozen=True, slots=True)
class StatedValue:
    """Value of a whole position as its holder states it, in the position's currency, on a date."""

    value: float
    date: date
    quantity: float


@dataclass(frozen=True, slots=True)
class Instrument:
    """Contract terms that one or more positions hold.

    Attributes
    ----------
    tag, spec
        Type and contract terms (a frozen pydantic model).
    owner
        Id of the position that this instrument is private to; empty where any position may share it.
    stated
        Value to use where the market has no price.
    proxy
        Issuer of the market whose moves the instrument follows where it has no price of its own.
    """

    tag: str
    spec: Any
    owner: str = ""
    stated: StatedValue | None = None
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class Lot:
    """Part of a position that was acquired at one price: what a sale realises a gain against.

    Attributes
    ----------
    quantity
        Units, negative for a short position.
    price
        What one unit cost, in the position's currency: per share, per unit of face, per contract.
    date
        Day of the purchase, None where it is not known.
    """

    quantity: float
    price: float
    date: date | None = None


def nowhere(position: int, field_name: str) -> Location:
    """Return the empty location: the portfolio was not read from a file."""
    del position, field_name
    return NOWHERE


@dataclass(frozen=True, slots=True)
class Positions:
    """Holdings as columns, in the order written.

    Attributes
    ----------
    ids
        Unique names `(n_positions,)`.
    instrument
        Row of `Portfolio.instruments` `(n_positions,)`.
    quantity
        Units held, negative when short; NaN where a weight is given `(n_positions,)`.
    weight
        Share of the portfolio's total; NaN where a quantity is given `(n_positions,)`.
    tags
        The user's own attributes: for each name one value a position, empty where absent.
    names
        Descriptions, empty where none is given.
    lots
        Tax lots by row, of the positions whose cost is known; their quantities add up to the position's.
    locate
        `(position, field) → Location` in the file.
    """

    ids: tuple[str, ...]
    instrument: IntArray
    quantity: FloatArray
    weight: FloatArray
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    locate: Callable[[int, str], Location] = nowhere
    lots: Mapping[int, tuple[Lot, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Limit:
    """Largest loss allowed.

    Attributes
    ----------
    scenario
        Name of a scenario, or `any`.
    max_loss
        Positive fraction of the denominator.
    of
        `base` (absolute base value) or `gross` (sum of absolute position values).
    name
        What the limit is called.
    warning
        Loss from which it warns, below `max_loss`, or None.
    owner
        Who decides what happens when it is breached; empty where nobody said.
    """

    scenario: str
    max_loss: float
    of: str = "base"
    name: str = ""
    location: Location = NOWHERE
    warning: float | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class MarginTerms:
    """Maintenance margin as parts of the market values of positions held long and sold short."""

    long: float
    short: float


@dataclass(frozen=True, slots=True)
class NetAssetValue:
    """Value that the holder reports, to reconcile the base value with.

    Attributes
    ----------
    tolerance
        Part of it by which the base value may differ and still match.
    """

    value: float
    date: date | None = None
    source: str = ""
    tolerance: float = 0.01


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A portfolio before it meets a market.

    Attributes
    ----------
    currency
        Currency of its reported value; empty: the market's.
    total
        Stated total that weights are shares of, in `currency`, or None.
    remainder
        `cash` where weights that do not add to 1 leave the rest in cash; empty otherwise.
    market
        Market to use when none is named, or empty.
    """

    name: str
    currency: str
    instruments: tuple[Instrument, ...]
    positions: Positions
    title: str = ""
    limits: tuple[Limit, ...] = ()
    margin: MarginTerms | None = None
    nav: NetAssetValue | None = None
    total: float | None = None
    remainder: str = ""
    market: str = ""
    notes: str = ""
    source: str = ""
    file: str = ""
