"""How a scenario file asks for a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from stresstest.io.fields import Name, Spec
from stresstest.networks.spec import Behaviour
from stresstest.quantity import QuantityError


def _settings_by_name(value: object) -> object:
    """Return a list of names, or of one-name mappings, as a mapping from name to settings."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return value
    found: dict[Any, Any] = {}
    for item in value:
        named = item if isinstance(item, Mapping) else {item: {}}
        for name in named:
            if name in found:
                raise QuantityError("ST506", f"mechanism {name!r} for the second time", "each mechanism once")
        found.update(named)
    return found


SettingText: TypeAlias = str | float
"""A number, or a percentage like `60%`, as the setting wants it."""

Mechanisms: TypeAlias = Annotated[
    dict[Name, Annotated[dict[Name, SettingText], BeforeValidator(lambda value: value or {})]],
    BeforeValidator(_settings_by_name),
]
"""Mechanisms by name with their settings: `[clearing, {distress: {years: 2}}]`."""


class PortfolioSpec(Spec):
    """How the portfolios of a run act in the network."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {"leverage": (2.0,), "times": (100.0,)}

    behaviour: Behaviour
    """What they do when prices fall."""
    leverage: Annotated[float, Field(ge=1.0, le=100.0)] = 1.0
    """Assets over own money."""
    times: Annotated[float, Field(gt=0.0, le=1e6)] = 1.0
    """How many like them act alike."""


class NetworkUseSpec(Spec):
    """A network, and what runs on it."""

    shorthand: ClassVar[str] = "name"
    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "name": ("ai_circular_financing", "../ours.yaml"),
        "mechanisms": (["capitalised_revenue", {"funding_runway": {"burn_cut": "30%"}}],),
    }

    name: Annotated[str, Field(min_length=1)]
    """Network of the library by its name, or a file, from the folder of the scenario."""
    mechanisms: Mechanisms | None = None
    """What runs, each with the settings that differ from its own; by default all with their own."""
    on_top: bool = False
    """Whether factors that lines state move further by the network."""
    portfolio: PortfolioSpec | None = None
    """Lets the portfolios of the run act as one more institution, with what their deltas say they hold."""


def _form(value: Any) -> str:
    return "name" if isinstance(value, str) else "use"


NetworkField: TypeAlias = Annotated[
    Annotated[str, Tag("name")] | Annotated[NetworkUseSpec, Tag("use")], Discriminator(_form)
]
"""A network by its name alone, or with mechanisms."""
