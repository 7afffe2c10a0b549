"""What lines gain or lose under moves of risk factors: for rules on how far a book is from a loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.inputs.effects import EffectReader, Effects
from stresstest.reverse.losses import BUMP, LossFunction
from stresstest.reverse.moves import MoveSpace
from stresstest.reverse.question import Question, pose

_MOST_SLOPES, _MOST_RADII = 64, 16


class Slopes(NamedTuple):
    """Effects of a move, and derivatives of P&L by factor there.

    Attributes
    ----------
    before
        `(n,)` of the book as it is.
    unit
        `(n_lines, n)` of one unit of each line.
    """

    effects: Effects
    before: FloatArray
    unit: FloatArray


@dataclass(eq=False)
class MoveEffects:
    """Effects of moves on every line, and the directions in which books of these lines were seen to lose.

    Attributes
    ----------
    reader
        Of the book of portfolio and candidates.
    unit_value
        `(n_lines,)` mid price of a unit: a candidate without a value after a move counts as lost there.
    directions
        Coordinates of moves as parts of the distance that they were found at, `(m + n,)` each, no longer
        than 1: a plan that bears all moves within a distance bears these times that distance.
    """

    reader: EffectReader
    unit_value: FloatArray
    space: MoveSpace
    directions: list[FloatArray] = field(default_factory=list)
    _slopes: dict[bytes, Slopes] = field(default_factory=dict)
    _at: dict[float, Effects] = field(default_factory=dict)

    @cached_property
    def _columns(self) -> LossFunction:
        return LossFunction(self.reader.book, self.space.keys, 0, self.space.deviations)

    def of(self, moves: Sequence[FloatArray] | FloatArray) -> Effects:
        """Return the effects of moves `(n,)` each."""
        names = [f"move {number}" for number in range(len(moves))]
        found = self.reader.effects(self._columns.columns(list(moves)), names)
        unit = np.where(np.isnan(found.unit), -np.abs(self.unit_value)[:, np.newaxis], found.unit)
        return replace(found, unit=frozen(unit))

    def slopes(self, move: FloatArray) -> Slopes:
        """Return the derivatives at a move, by bumps up and down."""
        key = np.ascontiguousarray(move).tobytes()
        if key not in self._slopes:
            sizes = BUMP * self.space.deviations
            steps = np.diag(sizes)
            found, count = self.of([move, *(move + steps), *(move - steps)]), len(sizes)
            ups, downs = slice(1, count + 1), slice(count + 1, None)
            parts = (found.before, found.unit)
            slopes = (frozen((part[..., ups] - part[..., downs]) / (2.0 * sizes)) for part in parts)
            _make_room(self._slopes, _MOST_SLOPES)
            self._slopes[key] = Slopes(found.first(), *slopes)
        return self._slopes[key]

    def at(self, radius: float) -> Effects | None:
        """Return the effects of all directions at a distance; None where there are none yet."""
        known = self._at.get(radius)
        new = self.directions[0 if known is None else len(known.names) :]
        if new:
            found = self.of(self.space.move(radius * np.array(new)))
            _make_room(self._at, _MOST_RADII)
            self._at[radius] = found if known is None else known.joined(found)
        return self._at.get(radius)


@dataclass(eq=False)
class MoveLibrary:
    """The effects of moves of each kind, worked out once for all hedges over one book."""

    known: dict[Question, MoveEffects] = field(default_factory=dict)

    def of(self, reader: EffectReader, unit_value: FloatArray, question: Question) -> MoveEffects:
        """Return the effects of the moves that a question is about, those known already if there are any.

        Raises
        ------
        InputError
            For a question that does not fit the book and its market, see `pose`.
        """
        if question not in self.known:
            space = pose(reader.book, question).target.space
            self.known[question] = MoveEffects(reader, unit_value, space)
        return self.known[question]


def _make_room(kept: dict[Any, Any], most: int) -> None:
    """Drop the oldest of many."""
    while len(kept) >= most:
        del kept[next(iter(kept))]
