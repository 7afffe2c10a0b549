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

BLOCK_COLUMNS = 1024
"""Columns run together where no stage is kept: their arrays stay in the processor's caches."""


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
        self.state = start
        self.stages: list[Stage] = []
        self.rounds: dict[Timescale, IntArray] = {}
        self.residual = np.zeros(start.n_columns)
        self.unsettled = np.zeros(start.paid.shape, dtype=np.bool_)

    def settle(self, timescale: Timescale, steps: Sequence[Chosen]) -> None:
        """Repeat the steps until every column has come to rest, or has not in the most rounds."""
        rounds = self.rounds[timescale] = np.zeros(self.state.n_columns, dtype=np.int64)
        last = np.zeros(self.state.n_columns)
        rows = np.arange(self.state.n_columns)
        for number in range(1, MOST_ROUNDS + 1):
            marked = self.state.stakes_marked
            last[rows] = self._round(steps, number, rows)
            rounds[rows] = number
            # Marking stakes changes what everybody is worth: all that ran before it runs again.
            moving = last[rows] > (TOLERANCE if self.state.stakes_marked == marked else -1.0)
            rows = rows[moving]
            if not len(rows):
                break
        self.residual = np.maximum(self.residual, last)

    def _round(self, steps: Sequence[Chosen], number: int, rows: IntArray) -> FloatArray:
        """Run the steps once on some columns; return `(n_rows,)` how much that has changed them."""
        # Column 0 goes along, as mechanisms refer to it, but changes no more once it has come to rest.
        company = rows if rows[0] == 0 else np.concatenate([[0], rows])
        own = slice(len(company) - len(rows), None)
        everyone = len(rows) == self.state.n_columns
        before = after = self.state if everyone else self.state.columns(company)
        whole = self.state
        for mechanism, settings in steps:
            reached = mechanism.run(self.surroundings, after, settings)
            moved = reached.stakes_marked != after.stakes_marked
            if self.keep_stages and (moved or np.any(reached.distance(after, self.scale)[own] != 0.0)):
                whole = _placed(whole, rows, reached, after)
                self.stages.append(Stage(mechanism.name, number, whole))
            after = reached
        change = after.distance(before, self.scale)[own]
        if number == MOST_ROUNDS or np.isnan(change).any():
            lost = ~(change <= TOLERANCE)
            self.unsettled[rows[lost]] = after.stirred(before, self.scale, TOLERANCE)[own][lost]
        self.state = _placed(self.state, rows, after, before)
        return change


def _placed(whole: State, rows: IntArray, reached: State, before: State) -> State:
    """Return the whole with what its columns `rows` have reached, in company or all together."""
    return reached if len(rows) == whole.n_columns else whole.with_columns(rows, reached, before)


def _timescale(chosen: Chosen) -> Timescale:
    return chosen.mechanism.timescale


def _smallest(surroundings: Surroundings) -> float:
    """Return the money below which a firm's losses are not worth a round."""
    total = float(np.max(surroundings.balance.equity + surroundings.balance.owed, initial=0.0))
    return 1e-6 * total or 1.0
