"""Parts of a scenario joined along an axis: one level of each factor at every value, as `combine` says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.axis_lines import Row
from stresstest.scenarios.composition import compounded_level
from stresstest.scenarios.moves import Move, largest_move

_SAME_SIZE = 1e-9
"""Sizes closer than this share are compared one by one, to the digits that count."""


def joined(
    combine: str,
    parts: Sequence[Mapping[RiskFactorKey, Row]],
    levels: Mapping[RiskFactorKey, float],
    possible: BoolArray,
) -> dict[RiskFactorKey, Row]:
    """Return the one row of each factor that `parts` move; where there is none, `possible` becomes false.

    The rules are those of `Composer`.

    Parameters
    ----------
    combine
        One of `COMBINATIONS`.
    levels
        Base level of each factor.
    """
    candidates: dict[RiskFactorKey, list[Row]] = {}
    for part in parts:
        for key, row in part.items():
            candidates.setdefault(key, []).append(row)
    return {
        key: several[0]
        if len(several) == 1
        else _Several(key, levels[key], several).joined(combine, possible)
        for key, several in candidates.items()
    }


class _Several:
    """The rows that several parts give one factor.

    Attributes
    ----------
    level, floored, decided, present, certain
        `(n_parts, n)`.
    """

    def __init__(self, key: RiskFactorKey, base: float, rows: Sequence[Row]) -> None:
        n = len(rows[0].level)
        self.kind, self.base = FACTOR_KINDS[key.kind], base
        self.level = np.array([row.level for row in rows])
        self.floored = np.array([row.floored for row in rows])
        self.decided = np.array([row.decided for row in rows])
        self.present = np.array(
            [np.ones(n, np.bool_) if row.present is None else row.present for row in rows]
        )
        self.certain = np.array(
            [np.zeros(n, np.bool_) if row.certain is None else row.certain for row in rows]
        )
        self.certain &= self.present

    def joined(self, combine: str, possible: BoolArray) -> Row:
        """Return the row that counts; where the parts clash `possible` becomes false."""
        n_parts, n = self.level.shape
        last = n_parts - 1 - np.argmax(self.present[::-1], axis=0)
        if combine == "override":
            chosen = last
        elif combine == "worst_of_factor":
            chosen = self._largest()
        else:
            chosen = np.argmax(self.present, axis=0)
        if combine != "error":
            certain = n_parts - 1 - np.argmax(self.certain[::-1], axis=0)
            chosen = np.where(self.certain.any(axis=0), certain, chosen)
        columns = np.arange(n)
        level = self.level[chosen, columns]
        floored = self.floored[chosen, columns]
        if combine == "error":
            possible &= ~(self.present & (self.level != level)).any(axis=0)
        if combine == "compound":
            level, floored = self._compound(level, floored, possible)
        certain_there = self.certain[chosen, columns]
        present = np.asarray(self.present.any(axis=0))
        return Row(level, floored, self.decided[chosen, columns], present, certain_there)

    def _largest(self) -> IntArray:
        """Return `(n,)` the part whose move is largest, as `largest_move` finds it."""
        sizes = np.where(self.present, self._sizes(), -1.0)
        chosen: IntArray = np.argmax(sizes, axis=0)
        ties = (sizes >= sizes.max(axis=0) * (1.0 - _SAME_SIZE)).sum(axis=0) > 1
        for column in np.flatnonzero(ties & self.present.any(axis=0)).tolist():
            chosen[column] = self._first(column)
        return chosen

    def _sizes(self) -> FloatArray:
        """Return `(n_parts, n)` numbers in the order of the sizes of the moves."""
        if self.kind.change_space is not ChangeSpace.LOG:
            return np.abs(self.level - self.base)
        with np.errstate(divide="ignore"):
            sizes = np.maximum(self.level / self.base, self.base / self.level)
        return np.where(self.level > 0.0, sizes, np.inf)

    def _first(self, column: int) -> int:
        """Return which of several moves of nearly one size counts: by twelve digits, then by the fall."""
        places = np.flatnonzero(self.present[:, column]).tolist()
        moves = [Move(float(self.level[place, column]), False, ()) for place in places]
        largest = largest_move(self.kind, self.base, moves)
        return int(next(place for place, move in zip(places, moves, strict=True) if move is largest))

    def _compound(
        self, level: FloatArray, floored: BoolArray, possible: BoolArray
    ) -> tuple[FloatArray, BoolArray]:
        """Return the levels of all moves together, where no event without a size settles them."""
        open_ = (self.present.sum(axis=0) > 1) & ~self.certain.any(axis=0)
        for column in np.flatnonzero(open_).tolist():
            moves = self.level[self.present[:, column], column].tolist()
            level[column] = compounded_level(self.kind, self.base, moves)
            floored[column] = self.floored[self.present[:, column], column].any()
            possible[column] &= self.kind.domain.holds(float(level[column]))
        return level, floored
