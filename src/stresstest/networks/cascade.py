"""Mechanisms one after another, each timescale to a fixed point of its own, and the state after each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray
from stresstest.networks.mechanism import Mechanism, Surroundings, Timescale
from stresstest.networks.state import State

TOLERANCE = 1e-12
"""Change, relative to a firm's value, below which a round has changed nothing."""

MOST_ROUNDS = 200
"""Rounds after which a timescale counts as not converging."""

BLOCK_COLUMNS = 4096
"""Columns run together where no stage is kept: what takes time is calls below it, memory above."""


_CROWDED = 0.7
"""Part of the columns that must still move; below it the others are left out, which copies arrays."""


class Chosen(NamedTuple):
    """A mechanism of a scenario, with its settings by name."""

    mechanism: Mechanism
    settings: Mapping[str, float]


class Stage(NamedTuple):
    """State after a mechanism has run in a round, from 1, of its timescale."""

    mechanism: str
    round_number: int
    state: State

    @property
    def name(self) -> str:
        """Name of the stage of a column: `network/<mechanism>/<round>`."""
        return f"network/{self.mechanism}/{self.round_number}"


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of a network.

    Attributes
    ----------
    start, state
        Before any mechanism, and where it ended.
    stages
        In the order in which they were reached; a step that changed no column is left out. Empty where none
        were kept.
    column_rounds
        `(n_columns,)` rounds of each timescale that ran, after which a column had come to rest.
    residual
        `(n_columns,)` change of the last round, relative to a firm's value, largest over timescales.
    unsettled
        `(n_columns, n_firms)` firms that the last round still changed where a column did not come to rest.
    """

    start: State
    state: State
    stages: tuple[Stage, ...]
    column_rounds: Mapping[Timescale, IntArray]
    residual: FloatArray
    unsettled: BoolArray

    @property
    def rounds(self) -> Mapping[Timescale, int]:
        """Rounds of each timescale that ran, the most of any column."""
        return {timescale: int(np.max(rounds)) for timescale, rounds in self.column_rounds.items()}

    @property
    def converged(self) -> BoolArray:
        """Tell of each column whether every timescale came to rest."""
        return self.residual <= TOLERANCE


def run_cascade(
    surroundings: Surroundings, start: State, chosen: Sequence[Chosen], *, keep_stages: bool = True
) -> Outcome:
    """Return what the chosen mechanisms make of a state, in the order of their timescales.

    Within a timescale they run in the order given, again and again. A column whose round has changed nothing
    has come to rest and leaves; its bits are the same in the company of any other columns. A later timescale
    does not reach back into an earlier one.

    Parameters
    ----------
    start
        Column 0 is the network without a shock, which mechanisms may refer to.
    keep_stages
        Whether the state after each step is kept. Without, any number of columns takes the memory of a block.
    """
    n_columns = start.n_columns
    if keep_stages or n_columns <= BLOCK_COLUMNS:
        return _outcome(surroundings, start, chosen, keep_stages)
    # Every block has column 0 beside its own columns.
    blocks = [
        np.arange(low, min(low + BLOCK_COLUMNS, n_columns)) for low in range(1, n_columns, BLOCK_COLUMNS)
    ]
    found = [
        _outcome(surroundings, start.columns(np.concatenate([[0], block])), chosen, False) for block in blocks
    ]
    return _joined(start, found)


def _outcome(
    surroundings: Surroundings, start: State, chosen: Sequence[Chosen], keep_stages: bool
) -> Outcome:
    walk = _Walk(surroundings, start, keep_stages)
    for timescale, members in groupby(sorted(chosen, key=_timescale), key=_timescale):
        walk.settle(timescale, tuple(members))
    stages, rounds = tuple(walk.stages), MappingProxyType(walk.rounds)
    return Outcome(start, walk.state, stages, rounds, walk.residual, walk.unsettled)


def _joined(start: State, found: Sequence[Outcome]) -> Outcome:
    """Return the outcomes of blocks as one: column 0 of the first, and the columns from 1 of each."""
    firsts = [0 if number == 0 else 1 for number in range(len(found))]
    state = State.joined([one.state.columns(slice(a, None)) for one, a in zip(found, firsts, strict=True)])
    rounds = {
        timescale: np.concatenate(
            [one.column_rounds[timescale][a:] for one, a in zip(found, firsts, strict=True)]
        )
        for timescale in found[0].column_rounds
    }
    residual = np.concatenate([one.residual[a:] for one, a in zip(found, firsts, strict=True)])
    unsettled = np.concatenate([one.unsettled[a:] for one, a in zip(found, firsts, strict=True)])
    return Outcome(start, state, (), MappingProxyType(rounds), residual, unsettled)


class _Walk:
    """Columns on their way from one timescale to the next."""

    def __init__(self, surroundings: Surroundings, start: State, keep_stages: bool) -> None:
        self.surroundings = surroundings
        self.keep_stages = keep_stages
        self.scale = np.maximum(surroundings.balance.external, _smallest(surroundings))
        self.start = self.state = start
        self.stages: list[Stage] = []
        self.rounds: dict[Timescale, IntArray] = {}
        self.residual = np.zeros(start.n_columns)
        self.unsettled = np.zeros(start.paid.shape, dtype=np.bool_)

    def settle(self, timescale: Timescale, steps: Sequence[Chosen]) -> None:
        """Repeat the steps until every column has come to rest, or has not in the most rounds."""
        n_columns = self.state.n_columns
        rounds = self.rounds[timescale] = np.zeros(n_columns, dtype=np.int64)
        last = np.zeros(n_columns)
        crowd = _Crowd(self.state)
        for number in range(1, MOST_ROUNDS + 1):
            before = crowd.state
            after = self._round(steps, number, crowd)
            change, rows = after.distance(before, self.scale), crowd.rows[crowd.moving]
            last[rows], rounds[rows] = change[crowd.moving], number
            # Marking stakes changes what everybody is worth: all that ran before it runs again.
            on = change > (TOLERANCE if after.stakes_marked == before.stakes_marked else -1.0)
            lost = crowd.moving & (on if number == MOST_ROUNDS else np.isnan(change))
            if lost.any():
                self.unsettled[crowd.rows[lost]] = after.stirred(before, self.scale, TOLERANCE)[lost]
            crowd.follow(after, on & (number < MOST_ROUNDS))
            if not crowd.moving.any():
                break
        self.state = crowd.gathered()
        self.residual = np.maximum(self.residual, last)

    def _round(self, steps: Sequence[Chosen], number: int, crowd: _Crowd) -> State:
        """Return what one round of the steps makes of a crowd."""
        state, moving = crowd.state, np.flatnonzero(crowd.moving)
        for mechanism, settings in steps:
            reached = mechanism.run(self.surroundings, state, settings)
            if self.keep_stages and _differ(reached, state, self.scale, moving):
                whole = self.stages[-1].state if self.stages else self.start
                whole = whole.with_columns(crowd.rows[moving], reached, moving, state)
                self.stages.append(Stage(mechanism.name, number, whole))
            state = reached
        return state


class _Crowd:
    """Columns that run together: those that still move, and others that go along until they are many.

    Attributes
    ----------
    rows, moving
        `(n_crowd,)` which columns they are, and which of them still move. Column 0 is always the first, as
        mechanisms refer to it.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.rows = np.arange(state.n_columns)
        self.moving = np.ones(state.n_columns, dtype=np.bool_)
        self._left: list[tuple[IntArray, State]] = []

    def follow(self, after: State, on: BoolArray) -> None:
        """Take a round's state; those of the moving that do not go on have come to rest and leave."""
        leaving = np.flatnonzero(self.moving & ~on)
        if len(leaving):
            everyone = len(leaving) == self.state.n_columns
            self._left.append((self.rows[leaving], after if everyone else after.columns(leaving)))
        self.state, self.moving = after, self.moving & on
        if np.count_nonzero(self.moving) < _CROWDED * len(self.rows):
            kept = np.union1d([0], np.flatnonzero(self.moving))
            self.state, self.rows, self.moving = after.columns(kept), self.rows[kept], self.moving[kept]

    def gathered(self) -> State:
        """Return all columns where they left, in their order."""
        if len(self._left) == 1:
            return self._left[0][1]
        rows = np.concatenate([rows for rows, _ in self._left])
        return State.joined([state for _, state in self._left]).columns(np.argsort(rows))


def _differ(reached: State, state: State, scale: FloatArray, moving: IntArray) -> bool:
    """Tell whether a step has changed a column that still moves."""
    marked = reached.stakes_marked != state.stakes_marked
    return marked or bool(np.any(reached.distance(state, scale)[moving] != 0.0))


def _timescale(chosen: Chosen) -> Timescale:
    return chosen.mechanism.timescale


def _smallest(surroundings: Surroundings) -> float:
    """Return the money below which a firm's losses are not worth a round."""
    total = float(np.max(surroundings.balance.equity + surroundings.balance.owed, initial=0.0))
    return 1e-6 * total or 1.0
