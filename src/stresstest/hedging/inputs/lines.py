"""What can be traded: held positions to reduce, candidates to buy, in one fixed order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.hedging.policies.selection import Traits

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class TaxLot:
    """Part of a position bought, or written, at one price.

    Attributes
    ----------
    quantity
        Units of the position, positive.
    price
        Price of a unit in the instrument's currency.
    """

    quantity: float
    price: float


@dataclass(frozen=True, slots=True)
class BookLeg:
    """One instrument of a line.

    Attributes
    ----------
    ratio
        Units for one unit of the line; negative for the written leg of a spread.
    row
        Row of the book as the instrument is today.
    carried_row
        Row of the book of what stands for it in scenarios: the contract with half of its life gone for an
        option that is bought, otherwise `row`.
    """

    ratio: float
    row: int
    carried_row: int

    @property
    def is_rolled(self) -> bool:
        """Whether the leg is carried as a programme that is rolled."""
        return self.carried_row != self.row


@dataclass(frozen=True, slots=True)
class Line:
    """A held position or a candidate.

    Attributes
    ----------
    id
        Of the position or the candidate.
    quantity
        Units held, negative when short; 0 for a candidate.
    can_sell
        Whether the policy lets the position be reduced.
    type
        Tag of the instrument type; `package` for several legs.
    issuer
        Public id of the issuer, the underlying's for an option; empty where there is none.
    seller
        Who must pay; empty for what is exchange-traded or cleared.
    source
        Kind of refuge that a candidate is (`bills`, `gold`, `puts`).
    universe_line
        Name of the universe's line that a candidate comes from.
    is_on_index
        Whether what is bought is an option on a broad fund or index, or protection on a credit index.
    expiry
        Of an option.
    lots
        Tax lots of a position, highest cost first; empty where no cost is known.
    """

    id: str
    label: str
    is_held: bool
    quantity: float
    legs: tuple[BookLeg, ...]
    type: str
    issuer: str
    traits: Traits
    can_sell: bool = False
    lot_size: float = 1.0
    seller: str = ""
    is_cleared: bool = True
    source: str = ""
    universe_line: str = ""
    is_on_index: bool = False
    expiry: date | None = None
    lots: tuple[TaxLot, ...] = ()

    @property
    def sign(self) -> float:
        """1 where long or a candidate, −1 where short."""
        return -1.0 if self.quantity < 0.0 else 1.0

    @property
    def is_option(self) -> bool:
        """Whether the line is bought for a premium and expires."""
        return self.expiry is not None

    def half_life_years(self, as_of: date) -> float:
        """Return the time after which a bought option is rolled; infinite for anything else."""
        return math.inf if self.expiry is None else half_life_days(self.expiry, as_of) / DAYS_PER_YEAR


def half_life_days(expiry: date, as_of: date) -> int:
    """Return half of an option's remaining life in whole days, at least one."""
    return max((expiry - as_of).days // 2, 1)


def number_of_rolls(horizon_years: float, half_life_years: float) -> int:
    """Return how often a programme rolls within a horizon when it rolls after each half-life.

    Examples
    --------
    >>> number_of_rolls(1.0, 0.5), number_of_rolls(1.0, 0.25), number_of_rolls(0.25, 0.5)
    (1, 3, 0)
    """
    return max(math.ceil(horizon_years / half_life_years - _ROUNDING) - 1, 0)


def in_fixed_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return held lines by id, then candidates by id: the order of every array of a hedge.

    The order of positions in a file and of the universe's lines does not matter to any trade, therefore.
    """
    return tuple(sorted(lines, key=lambda line: (not line.is_held, line.id)))
