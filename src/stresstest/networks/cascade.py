"""Mechanisms one after another, each timescale to a fixed point of its own, and the state after each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.networks.mechanism import Mechanism, Surroundings, Timescale
from stresstest.networks.state import State

TOLERANCE = 1e-12
"""Change, relative to a firm's value, below which a round has changed nothing."""

MOST_ROUNDS = 200
"""Rounds after which a timescale counts as not converging."""


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
    start
        State before any mechanism.
    stages
        In the order in which they were reached; a step that changed no column is left out.
    rounds
        Of each timescale that ran.
    residual
        `(n_columns,)` change of the last round, largest over timescales.
    converged
        `(n_columns,)` whether every timescale came to rest.
    """

    start: State
    stages: tuple[Stage, ...]
    rounds: Mapping[Timescale, int]
    residual: FloatArray
    converged: BoolArray

    @property
    def state(self) -> State:
        """Where it ended."""
        return self.stages[-1].state if self.stages else self.start


def run_cascade(surroundings: Surroundings, start: State, chosen: Sequence[Chosen]) -> Outcome:
    """Return what the chosen mechanisms make of a state, in the order of their timescales.

    Within a timescale they run in the order given, again and again until a round changes nothing in any
    column; a later timescale does not reach back into an earlier one.
    """
    scale = np.maximum(surroundings.balance.external, _smallest(surroundings))
    state, stages, rounds = start, list[Stage](), {}
    residual = np.zeros(len(start.paid))
    for timescale, members in groupby(sorted(chosen, key=_timescale), key=_timescale):
        steps = list(members)
        last = residual
        for number in range(1, MOST_ROUNDS + 1):
            before = state
            for stage in _round(surroundings, state, steps, number):
                if (
                    np.any(stage.state.distance(state, scale) > 0.0)
                    or stage.state.stakes_marked != state.stakes_marked
                ):
                    stages.append(stage)
                state = stage.state
            last = state.distance(before, scale)
            rounds[timescale] = number
            if not np.any(last > TOLERANCE):
                break
        residual = np.maximum(residual, last)
    return Outcome(start, tuple(stages), rounds, residual, residual <= TOLERANCE)


def _round(surroundings: Surroundings, state: State, steps: Iterable[Chosen], number: int) -> Iterator[Stage]:
    for mechanism, settings in steps:
        state = mechanism.run(surroundings, state, settings)
        yield Stage(mechanism.name, number, state)


def _timescale(chosen: Chosen) -> Timescale:
    return chosen.mechanism.timescale


def _smallest(surroundings: Surroundings) -> float:
    """Return the money below which a firm's losses are not worth a round."""
    total = float(np.max(surroundings.balance.equity + surroundings.balance.owed, initial=0.0))
    return 1e-6 * total or 1.0


def shocked(state: State, **parts: FloatArray) -> State:
    """Return a state with some arrays in place of those it has."""
    return replace(state, **parts)  # type: ignore[arg-type]
