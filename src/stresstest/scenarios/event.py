"""Events: what happens to an issuer as a whole, at a severity, and not by degrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from stresstest.errors import Location
from stresstest.scenarios.basis import Basis
from stresstest.scenarios.selectors import Selector

_NOWHERE = Location()

SENIORITIES = ("secured", "senior_unsecured", "subordinated")
"""Ranks of claims, the first to be paid first."""

EVENT_ATTRIBUTES = ("issuer", "industry", "survivor_tier", "rating", "sector", "region")
"""What an event may select issuers by: attributes that an issuer has or has not, unlike themes."""

NOTICE = "hypothetical, not a forecast, not a statement on the issuer"
"""Stands in every result of a scenario in which an issuer defaults."""


@dataclass(frozen=True, slots=True)
class Default:
    """The issuer's shares are worth nothing, its claims what they recover, as a part of face.

    Attributes
    ----------
    recovery
        By seniority; where it states none, the market's recovery holds.
    """

    name: ClassVar[str] = "default"
    kinds: ClassVar[tuple[str, ...]] = ("spot", "credit_spread", "private_mark")
    recovery: Mapping[str, float] = field(default_factory=dict, hash=False)

    def text(self) -> str:
        """Return the event in words."""
        stated = ", ".join(f"{name} {100.0 * part:.6g}%" for name, part in self.recovery.items())
        return f"default (recovery {stated})" if stated else "default"


@dataclass(frozen=True, slots=True)
class Downgrade:
    """The credit spread widens to that of a bucket some notches lower; it never tightens."""

    name: ClassVar[str] = "downgrade"
    kinds: ClassVar[tuple[str, ...]] = ("credit_spread",)
    notches: int = 1

    def text(self) -> str:
        """Return the event in words."""
        return f"downgrade by {self.notches} notch{'es' if self.notches > 1 else ''}"


@dataclass(frozen=True, slots=True)
class DividendCut:
    """The dividend yield falls by a part of itself, 1 being all of it."""

    name: ClassVar[str] = "dividend"
    kinds: ClassVar[tuple[str, ...]] = ("dividend_yield",)
    cut: float = 1.0

    def text(self) -> str:
        """Return the event in words."""
        return f"dividend cut by {100.0 * self.cut:.6g}%"


@dataclass(frozen=True, slots=True)
class Halt:
    """Trading is halted: the price stays where it is, and cannot be sold at."""

    name: ClassVar[str] = "halt"
    kinds: ClassVar[tuple[str, ...]] = ("spot",)

    def text(self) -> str:
        """Return the event in words."""
        return "trading halt"


EventType = Default | Downgrade | DividendCut | Halt


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a scenario.

    Attributes
    ----------
    select
        Issuers, by the attributes in `EVENT_ATTRIBUTES`.
    at_severity
        Severity from which it happens; below it nothing does.
    optional
        Whether it may reach nothing.
    """

    select: Selector
    what: EventType
    at_severity: float = 1.0
    optional: bool = False
    source: tuple[str, ...] = ()
    basis: Basis | None = None
    location: Location = _NOWHERE
    locations: Mapping[str, Location] = field(default_factory=dict, compare=False, repr=False)

    floor: ClassVar[None] = None

    def at(self, part: str) -> Location:
        """Return where `part` of the event was written, or the nearest place that is known."""
        return self.locations.get(part) or self.locations.get(part.split(".", 1)[0]) or self.location

    def text(self) -> str:
        """Return the event in words: `issuer CRWV: default from a severity of 80%`."""
        start = "" if self.at_severity == 1.0 else f" from a severity of {100.0 * self.at_severity:.6g}%"
        return f"{self.select.text()}: {self.what.text()}{start}"
