"""Instruments that a plan may buy: one, or several that are bought together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stresstest.hedging.policies.selection import Traits
from stresstest.portfolio.model import Instrument

CLEARING_HOUSE = "Options Clearing Corporation"
"""Who stands behind listed options in the United States."""

CREDIT_CLEARING_HOUSE = "ICE Clear Credit"
"""Who stands behind cleared swaps on North American credit indices."""

SWAPS_ON_NOTIONAL = ("cds_index",)
"""Types whose size is their notional, and not their value, which is near 0 on the day they are made."""

NOTIONAL_SWAPS = (*SWAPS_ON_NOTIONAL, "cds", "interest_rate_swap", "ois")
"""Types of which a unit is a unit of notional."""

FORWARDS = (
    "equity_forward", "equity_future", "commodity_future", "fx_forward", "rental_forward", "variance_swap",
)  # fmt: skip
"""Types that are dealt in for what they are on, and worth next to nothing on the day they are made."""


@dataclass(frozen=True, slots=True)
class OptionTerms:
    """What rules and rolls ask of an option.

    Attributes
    ----------
    strike
        Price per share, in the underlying's currency.
    moneyness
        Strike ÷ spot of the market.
    multiplier
        Shares that a contract is on.
    is_index
        Whether the underlying is a broad fund or an index, and neither a share nor a fund of one sector.
    """

    underlying: str
    right: str
    strike: float
    moneyness: float
    expiry: date
    multiplier: float
    is_index: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """Part of a candidate: `units` of an instrument for each unit of the candidate, negative when sold."""

    instrument: Instrument
    units: float = 1.0
    option: OptionTerms | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a plan may buy.

    Attributes
    ----------
    id
        Position id: that of the position which holds the instrument already, or a new one.
    line
        Name of the universe's line that it comes from.
    label
        In words, for reports.
    legs
        One, or the long leg of a package before the short one.
    lot_size
        Units that a trade comes in.
    cleared
        Whether an exchange's clearing house, and not the seller, owes the payment; true as well of shares,
        funds and other things that nobody has to honour.
    seller
        Who owes the payment: the clearing house, a bond's issuer, an over-the-counter seller; else empty.
    source
        Kind of refuge, for rules on protection.
    traits
        Of the first leg.
    held
        Whether the portfolio is long of it already.
    """

    id: str
    line: str
    label: str
    legs: tuple[Leg, ...]
    traits: Traits
    lot_size: float = 1.0
    cleared: bool = True
    seller: str = ""
    source: str = ""
    held: bool = False

    @property
    def instrument(self) -> Instrument:
        """The instrument of the first leg."""
        return self.legs[0].instrument

    @property
    def option(self) -> OptionTerms | None:
        """Terms of the first leg where it is an option."""
        return self.legs[0].option

    @property
    def is_package(self) -> bool:
        """Whether several instruments are bought together."""
        return len(self.legs) > 1
