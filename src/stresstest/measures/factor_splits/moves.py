"""Moves of a scenario taken apart: which factors move by themselves, and columns in which only some do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray, frozen, frozen_int
from stresstest.market.factor_kinds import FACTOR_KINDS, Domain
from stresstest.market.keys import RiskFactorKey
from stresstest.market.links import linked_level
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.histories import AGED
from stresstest.scenarios.implied import follow_links
from stresstest.scenarios.table import BASE, NO_DRAW, ColumnTable

_SAME = 1e-12
"""Levels of a link target and of what its link implies, this near as a part of the base, are one."""


class Step(NamedTuple):
    """A column of a scenario that later columns or the end rest on: its slice counts the scenario's own."""

    slice: int
    years: float
    stage: str


@dataclass(frozen=True, eq=False)
class ScenarioMove:
    """How a scenario moves factors, step by step; a scenario of today has one step.

    Attributes
    ----------
    steps
        Of each date what ageing gives and what shocks leave; stages between are left out.
    columns
        `(n_steps,)` where each step stands in the run.
    levels
        `(n_steps,)` levels of each factor that moves by itself and not through its link.
    stated
        Steps at which the target of a link does not follow it.
    """

    scenario: str
    steps: tuple[Step, ...]
    columns: IntArray
    levels: Mapping[RiskFactorKey, FloatArray]
    stated: Mapping[RiskFactorKey, frozenset[int]]

    @property
    def goes_on(self) -> bool:
        """Whether it ends after today."""
        return self.steps[-1].slice > 0

    def follows(self, target: RiskFactorKey) -> bool:
        """Tell whether the target of a link follows it at some step."""
        return len(self.stated.get(target, ())) < len(self.steps)


def scenario_move(columns: FactorColumns, directory: FactorDirectory, scenario: str) -> ScenarioMove:
    """Return how `scenario` moves the market of `directory`.

    A factor that has a link moves by itself where its level is not what the link implies: a line states it,
    or keeps it at its base.

    Raises
    ------
    KeyError
        When there is no column of the scenario.
    """
    found = tuple(_steps(columns, scenario))
    if not found:
        raise KeyError(f"no scenario {scenario!r}")
    places = [column for column, _ in found]
    base, n_steps = columns.base, len(places)
    every = {key: row[places] for key, row in columns.moved.items()}
    moved = {key: row for key, row in every.items() if np.any(row != base[key])}
    stated: dict[RiskFactorKey, frozenset[int]] = {}
    for link in directory.links:
        target = link.target
        if target in moved or any(source in moved for source in link.sources()):
            implied = np.broadcast_to(linked_level(link, base, moved), n_steps)
            off = _differ(moved.get(target, np.full(n_steps, base[target])), implied, base[target])
            stated[target] = frozenset(np.flatnonzero(off).tolist())
    own = {key: frozen(row) for key, row in moved.items() if key not in stated or stated[key]}
    return ScenarioMove(scenario, tuple(step for _, step in found), frozen_int(places), own, stated)


def _differ(level: FloatArray, implied: FloatArray, base: float) -> BoolArray:
    both_missing = np.isnan(level) & np.isnan(implied)
    different: BoolArray = ~(both_missing | (np.abs(level - implied) <= _SAME * abs(base)))
    return different


def _steps(columns: FactorColumns, scenario: str) -> Iterator[tuple[int, Step]]:
    """Yield the columns that a scenario rests on: of later dates the aged and the last, of today the last."""
    table = columns.table
    numbers = table.columns_of(scenario).tolist() if scenario != BASE else []
    by_slice: dict[int, list[int]] = {}
    for number in numbers:
        by_slice.setdefault(int(table.slice[number]), []).append(number)
    later = 0
    for slice_, own in by_slice.items():
        later += slice_ > 0
        years = columns.elapsed_years[slice_]
        aged = [number for number in own if table.stage[number] == AGED][:1]
        for number in dict.fromkeys([*aged, own[-1]]):
            stage = AGED if number in aged else "direct"
            yield number, Step(later if slice_ else 0, years, stage)


@dataclass(frozen=True, eq=False)
class MoveColumns:
    """Columns in which players move by some part of what they move by in their scenarios, links followed.

    Attributes
    ----------
    directory
        The market.
    moves
        Of one timeline each.
    player
        Number of the player that each factor belongs to; others stand at their base.
    scales
        By move, `(n_variants, n_players)`: 0 leaves a player's factors at base, 1 takes them where the
        scenario does, what is between or beyond on the straight line through both. Default states and other
        switches have no line: they stand at base but for 1.
    """

    directory: FactorDirectory
    moves: Sequence[ScenarioMove]
    player: Mapping[RiskFactorKey, int]
    scales: Sequence[FloatArray]

    @cached_property
    def _places(self) -> tuple[IntArray, ...]:
        """By move, `(n_variants, n_steps)` numbers of columns: by slice, then by move and variant."""
        slices = np.array([step.slice for step in self.moves[0].steps])
        counts = [len(scale) for scale in self.scales]
        pairs, found = sum(counts), np.empty((sum(counts), len(slices)), np.int64)
        for number in np.unique(slices).tolist():
            own = np.flatnonzero(slices == number)
            first = 1 + pairs * int(np.count_nonzero(slices < number))
            found[:, own] = first + np.arange(pairs)[:, np.newaxis] * len(own) + np.arange(len(own))
        return tuple(np.split(found, np.cumsum(counts)[:-1]))

    @property
    def final(self) -> tuple[IntArray, ...]:
        """By move, `(n_variants,)` the columns at its end."""
        return tuple(places[:, -1] for places in self._places)

    def columns(self) -> FactorColumns:
        """Return the columns; column 0 is the base."""
        base, n_columns = self.directory.market.levels, self._table.n_columns
        moved: dict[RiskFactorKey, FloatArray] = {}
        stated: dict[RiskFactorKey, set[int]] = {}
        for move, places, scale in zip(self.moves, self._places, self.scales, strict=True):
            for key, levels in move.levels.items():
                if key in self.player:
                    row = moved.setdefault(key, np.full(n_columns, base[key]))
                    row[places] = scaled(key, base[key], levels, scale[:, self.player[key]])
            for target, steps in move.stated.items():
                stated.setdefault(target, set()).update(places[:, sorted(steps)].ravel().tolist())
        linked = follow_links(self.directory, moved, stated, n_columns)
        return FactorColumns(self._table, base, linked.moved, self._years)

    @cached_property
    def _table(self) -> ColumnTable:
        every = np.concatenate(self._places)
        n_columns = 1 + every.size
        name, slice_, stage = [BASE] * n_columns, np.zeros(n_columns, np.int64), [BASE] * n_columns
        for pair, row in enumerate(every.tolist()):
            for step, column in zip(self.moves[0].steps, row, strict=True):
                name[column], slice_[column], stage[column] = str(pair), step.slice, step.stage
        return ColumnTable(
            tuple(name), slice_, tuple(stage), np.full(n_columns, NO_DRAW), np.full(n_columns, np.nan)
        )

    @property
    def _years(self) -> tuple[float, ...]:
        return (0.0, *{step.slice: step.years for step in self.moves[0].steps if step.slice}.values())


def directory_of(directory: FactorDirectory, wanted: Iterable[RiskFactorKey]) -> FactorDirectory:
    """Return `directory` with only the links that the levels of `wanted` factors come through."""
    by_target = {link.target: link for link in directory.links}
    found: set[RiskFactorKey] = set()
    left = [key for key in wanted if key in by_target]
    while left:
        target = left.pop()
        if target not in found:
            found.add(target)
            left += [source for source in by_target[target].sources() if source in by_target]
    other = copy(directory)
    other.links = tuple(link for link in directory.links if link.target in found)
    return other


def scaled(key: RiskFactorKey, base: float, levels: FloatArray, scale: FloatArray) -> FloatArray:
    """Return `(n_scales, n_levels)` levels at parts `scale` of the way from `base`; 0 and 1 are exact."""
    part = scale[:, np.newaxis]
    between = base + part * (levels - base)
    if FACTOR_KINDS[key.kind].domain is Domain.INDICATOR:
        between = np.full_like(between, base)
    found: FloatArray = np.where(part == 1.0, levels, np.where(part == 0.0, base, between))
    return found
