"""What trading costs: half spreads, daily volumes, impact, tax, fees, and the lots that trades come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stresstest.errors import NOWHERE, Location
from stresstest.hedging.policies.selection import Selection, Traits


@dataclass(frozen=True, slots=True)
class HalfSpread:
    """Distance of bid and ask from the mid.

    Attributes
    ----------
    amount
        Decimal: of the price where `unit` is `price`, of implied volatility where it is `vol` (0.005 is half
        a point), of the credit spread where it is `spread` (0.0001 is a basis point; it costs what the
        contract is worth at that spread, less the mid), of normal vols where it is `normal_vol`.
    """

    amount: float
    unit: str
    select: Selection | None = None
    basis_class: str = ""
    reason: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Margin:
    """Initial margin that a clearing house asks of a swap, as a decimal of its notional."""

    share: float
    select: Selection | None = None
    basis_class: str = ""
    reason: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Volume:
    """Usual daily volume in value, by exactly one of its fields.

    Attributes
    ----------
    share_of_market_cap
        Decimal of the issuer's market capitalisation.
    share_of_underlying
        Decimal of the underlying's own volume, for options, against the value of the shares that they are on.
    value
        Amount in the market's currency.
    """

    share_of_market_cap: float | None = None
    share_of_underlying: float | None = None
    value: float | None = None
    select: Selection | None = None
    basis_class: str = ""
    reason: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Costs:
    """What trading costs, for purchases and sales alike.

    Attributes
    ----------
    half_spreads, volumes
        The first line that matches an instrument counts; what no line matches costs no spread, and has no
        known volume. An issuer's own volume in the market (attribute `adv_usd_mn`) comes before the lines.
    margins
        Of swaps; the first line that matches counts.
    impact_coefficient
        c in c · daily volatility · √(value traded ÷ daily volume), as a decimal of the value traded.
    tax_rate
        Of realised gains, lots of highest cost first.
    fee_per_contract
        Of an option, in the market's currency.
    lot_sizes
        Units a trade comes in, by instrument type; 1 where a type is not listed.
    bases
        What impact, tax and fee rest on, by `impact`, `tax` and `fee`.
    """

    half_spreads: tuple[HalfSpread, ...] = ()
    volumes: tuple[Volume, ...] = ()
    margins: tuple[Margin, ...] = ()
    impact_coefficient: float = 0.0
    tax_rate: float = 0.0
    fee_per_contract: float = 0.0
    lot_sizes: Mapping[str, float] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)

    def half_spread(self, traits: Traits) -> HalfSpread | None:
        """Return the first line that matches, or None."""
        return next(
            (line for line in self.half_spreads if line.select is None or line.select.matches(traits)), None
        )

    def volume(self, traits: Traits) -> Volume | None:
        """Return the first line that matches, or None."""
        return next(
            (line for line in self.volumes if line.select is None or line.select.matches(traits)), None
        )

    def margin(self, traits: Traits) -> float:
        """Return the initial margin by the first line that matches, else 0, as a decimal of the notional."""
        found = (line for line in self.margins if line.select is None or line.select.matches(traits))
        return next((line.share for line in found), 0.0)

    def lot_size(self, type_: str) -> float:
        """Return the units that a trade in an instrument of `type_` comes in."""
        return self.lot_sizes.get(type_, 1.0)
