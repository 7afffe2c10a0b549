"""What a scenario includes and since when it is valid, as files write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from stresstest.io.fields import Date, Name, Percentage, Spec
from stresstest.scenarios.driver_spec import Amount


def _form(value: Any) -> str:
    return "entry" if isinstance(value, Mapping | Spec) else "name"


class IncludeSpec(Spec):
    """A scenario that is part of another."""

    other_words: ClassVar[dict[str, str]] = {
        "name": "scenario",
        "file": "scenario",
        "path": "scenario",
        "scale": "severity",
        "weight": "severity",
        "set": "drivers",
    }
    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "scenario": ("ai_capex_collapse", "ours.yaml"),
        "severity": ("50%",),
        "drivers": ({"capex_cut": "65%"},),
    }

    scenario: Annotated[str, Field(min_length=1)]
    """Name of a scenario of the library, or a file, from the folder of this one: ours.yaml."""
    severity: Annotated[Percentage, Field(ge=0.0, le=100.0)] = 1.0
    """Scale of its shocks within this scenario."""
    drivers: dict[Name, Amount | Name] = Field(default_factory=dict)
    """What its drivers are set to."""


IncludeField: TypeAlias = Annotated[
    Annotated[Annotated[str, Field(min_length=1)], Tag("name")] | Annotated[IncludeSpec, Tag("entry")],
    Discriminator(_form),
]
"""A name or file by itself, or with a severity and drivers."""


class ValidFromSpec(Spec):
    """First date of the market that a scenario is for, and what happens before it."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {"date": ("2025-10-03",)}

    date: Date
    """First date."""
    before: Literal["refuse", "warn"] = "refuse"
    """Whether an earlier market is refused, or runs with a warning."""


ValidFrom: TypeAlias = Annotated[
    Annotated[Date, Tag("name")] | Annotated[ValidFromSpec, Tag("entry")], Discriminator(_form)
]
"""A date by itself, or with what happens before it."""
