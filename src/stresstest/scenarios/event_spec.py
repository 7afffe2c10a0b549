"""Events as scenario files write them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from stresstest.io.fields import Percentage, Spec
from stresstest.scenarios.basis_spec import BasisSpec, Texts
from stresstest.scenarios.select_spec import SelectSpec

_Seniority: TypeAlias = Literal["secured", "senior_unsecured", "subordinated"]
_Part: TypeAlias = Annotated[Percentage, Field(ge=0.0, le=1.0)]


class EventSpec(Spec):
    """What every event has."""

    other_words: ClassVar[dict[str, str]] = {
        "type": "event",
        "kind": "event",
        "severity": "at_severity",
        "bankruptcy": "default",
        "insolvency": "default",
        "suspension": "halt",
    }
    examples: ClassVar[dict[str, tuple[object, ...]]] = {"source": ("A31",)}

    select: SelectSpec
    """Issuers, by issuer, industry, survivor_tier, rating, sector or region."""
    at_severity: Annotated[Percentage, Field(gt=0.0, le=100.0)] = 1.0
    """Severity from which it happens; below it nothing does."""
    optional: bool = False
    """Whether it may reach nothing in a market."""
    source: Texts = ()
    """What it rests on."""
    basis: BasisSpec | None = None
    """How well it is founded, with the episode it is modelled on."""


class DefaultSpec(EventSpec):
    """The issuer defaults: shares are worth nothing, claims what they recover."""

    event: Literal["default"]
    """What happens: default, downgrade, dividend or halt."""
    recovery: dict[_Seniority, _Part] = Field(default_factory=dict)
    """What claims recover, as a part of face, by seniority; by default 70%, 40% and 20%."""


class DowngradeSpec(EventSpec):
    """The credit spread widens to that of the bucket some notches lower."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {**EventSpec.examples, "notches": (1, 3)}

    event: Literal["downgrade"]
    """What happens: default, downgrade, dividend or halt."""
    notches: Annotated[int, Field(ge=1, le=20)]
    """Steps on the rating scale: BBB to BBB- is one."""


class DividendSpec(EventSpec):
    """The dividend is cut."""

    event: Literal["dividend"]
    """What happens: default, downgrade, dividend or halt."""
    cut: Annotated[Percentage, Field(gt=0.0, le=1.0)]
    """Part of the dividend that is not paid; 100% is all of it."""


class HaltSpec(EventSpec):
    """Trading is halted: the price stays where it is."""

    event: Literal["halt"]
    """What happens: default, downgrade, dividend or halt."""


EventField: TypeAlias = Annotated[
    DefaultSpec | DowngradeSpec | DividendSpec | HaltSpec, Field(discriminator="event")
]
"""One event, by its name."""
