"""What scenarios do to a market: columns for the engine, and line by line what each shock moved and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from stresstest.errors import Location
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.network_moves import NetworkMoves

DIRECT = "direct"
LINKED = "linked"
REPLAYED = "replayed"
PROPAGATED = "propagated"
NETWORK = "network"


class LineEffect(NamedTuple):
    """One line of a scenario on one factor.

    Attributes
    ----------
    line
        Place of the line among the shocks, from 1; 0 for a move that no line states: by a network, through a
        link or propagation, or replayed.
    base, level
        Level of the factor in column 0 and in the scenario, whichever line gave it; in decimals.
    reason
        `direct`, `replayed`, the name of an event (`default`), `network`, `linked`, `propagated`,
        `overruled by shock 3 (ours.yaml:12)`, or `combined with` one.
    floored
        Whether the line's floor stopped the move.
    implied
        For a link target that the line moves directly: the level that its link implies.
    step
        Step of a path that the line belongs to, from 1; 0 for the lines of today. Then `base` is the level at
        the step before.
    """

    scenario: str
    line: int
    location: Location
    factor: RiskFactorKey
    base: float
    level: float
    reason: str
    floored: bool = False
    implied: float | None = None
    step: int = 0


def moved_factors(effects: Iterable[LineEffect]) -> frozenset[RiskFactorKey]:
    """Return the factors that some effect moves: a line of +0 % reaches its factors and moves none."""
    return frozenset(effect.factor for effect in effects if effect.level != effect.base)


@dataclass(frozen=True, slots=True)
class ScenarioWarning:
    """Something in a scenario that runs, and that its reader should know."""

    scenario: str
    message: str
    location: Location

    def __str__(self) -> str:
        place = self.location
        where = f"{place.file}:{place.line}:{place.column}: " if place.line else ""
        return f"{where}{self.scenario}: {self.message}"


@dataclass(frozen=True, slots=True)
class UnmatchedLine:
    """An optional line that reached nothing in this market."""

    scenario: str
    line: int
    location: Location
    text: str


@dataclass(frozen=True, eq=False)
class CompiledScenarios:
    """Scenarios against a market.

    Attributes
    ----------
    columns
        Column 0 is the base, then one column a scenario in their order.
    tell
        Gives the effects one by one. They are many, and not every caller asks.
    dates
        Of each scenario by name: today, then the dates of its steps. A scenario of today has one.
    networks
        What became of the network of each scenario that has one, where the scenario ends.
    restless
        Scenarios whose network does not come to rest, at any date: they have failed, whatever a book holds.
    """

    columns: FactorColumns
    tell: Callable[[], Iterable[LineEffect]] = field(repr=False)
    warnings: tuple[ScenarioWarning, ...]
    unmatched: tuple[UnmatchedLine, ...]
    dates: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    networks: Mapping[str, NetworkMoves] = field(default_factory=dict)
    restless: tuple[str, ...] = ()

    @cached_property
    def effects(self) -> tuple[LineEffect, ...]:
        """Scenario by scenario; of one scenario the factors that lines reach, then those that links move."""
        return tuple(self.tell())
