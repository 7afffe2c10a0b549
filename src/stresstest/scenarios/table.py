"""The table of columns: scenario, slice, stage, draw and probability of each column of factor values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int

BASE = "base"
"""Scenario and stage of column 0; no scenario of a user may have this name."""

MAX_SLICES = 64
"""Largest number of valuation times of one table."""

NO_DRAW = -1
"""Draw number of a column that was written down, not sampled."""


def is_stage(stage: str) -> bool:
    """Tell whether `stage` is base, direct, network/<mechanism>/<round>, propagated or aged."""
    if stage in (BASE, "direct", "propagated", "aged"):
        return True
    parts = stage.split("/")
    return len(parts) == 3 and parts[0] == "network" and bool(parts[1]) and parts[2].isdecimal()


@dataclass(frozen=True, slots=True, eq=False)
class ColumnTable:
    """One row a column of the factor matrix; column 0 is the base.

    Attributes
    ----------
    scenario
        `(n_columns,)` name of the scenario of each column, `base` for column 0.
    slice
        `(n_columns,)` number of the valuation time; columns of one slice are neighbours, slice 0 is today.
    stage
        `(n_columns,)` how far the scenario was taken, see `is_stage`.
    draw
        `(n_columns,)` number of the draw within a sampled set, −1 for a scenario that was written down.
    probability
        `(n_columns,)` stated probability in [0, 1]; NaN where none was stated and for column 0.
    order
        Names of the scenarios in the order that a reader expects, where columns cannot stand in it because
        those of one slice are neighbours; empty: the order of their first columns.

    Raises
    ------
    ValueError
        When the columns differ in number or break one of the rules above.
    """

    scenario: tuple[str, ...]
    slice: IntArray
    stage: tuple[str, ...]
    draw: IntArray
    probability: FloatArray
    order: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, dtype_frozen in (("slice", frozen_int), ("draw", frozen_int), ("probability", frozen)):
            object.__setattr__(self, name, dtype_frozen(getattr(self, name)))
        n_columns = len(self.scenario)
        if {n_columns} != {len(self.slice), len(self.stage), len(self.draw), len(self.probability)}:
            raise ValueError("the columns of a column table differ in length")
        if n_columns == 0 or self.scenario[0] != BASE or self.stage[0] != BASE:
            raise ValueError("column 0 of a column table is the base")
        if BASE in self.scenario[1:] or BASE in self.stage[1:]:
            raise ValueError("only column 0 of a column table is the base")
        if self.order and not set(self.scenario[1:]) <= set(self.order):
            raise ValueError("the order of scenarios leaves one out")
        steps = np.diff(self.slice)
        if self.slice[0] != 0 or bool(np.any((steps != 0) & (steps != 1))) or self.n_slices > MAX_SLICES:
            raise ValueError(f"slices run 0, 1, 2, … in order, at most {MAX_SLICES}")
        unknown = {stage for stage in set(self.stage) if not is_stage(stage)}
        if unknown:
            raise ValueError(f"unknown stage {min(unknown)!r}")
        stated = self.probability[~np.isnan(self.probability)]
        if bool(np.any((stated < 0.0) | (stated > 1.0))):
            raise ValueError("probabilities lie in [0, 1]")

    @classmethod
    def instant(cls, names: Sequence[str], probabilities: Sequence[float | None] = ()) -> ColumnTable:
        """Return the table of scenarios that are valued today: the base, then one `direct` column a scenario.

        Examples
        --------
        >>> ColumnTable.instant(["calm", "storm"]).scenario
        ('base', 'calm', 'storm')
        """
        n_columns = 1 + len(names)
        stated = [np.nan if p is None else p for p in (probabilities or [None] * len(names))]
        return cls(
            scenario=(BASE, *names),
            slice=np.zeros(n_columns, np.int64),
            stage=(BASE, *("direct" for _ in names)),
            draw=np.full(n_columns, NO_DRAW),
            probability=np.array([np.nan, *stated]),
        )

    @property
    def n_columns(self) -> int:
        """Number of columns, the base included."""
        return len(self.scenario)

    @property
    def n_slices(self) -> int:
        """Number of valuation times."""
        return int(self.slice[-1]) + 1

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios without the base: in `order`, or else that of their first columns."""
        found = tuple(dict.fromkeys(self.scenario[1:]))
        return tuple(sorted(found, key=self.order.index)) if self.order else found

    @property
    def final_columns(self) -> IntArray:
        """Numbers of the last columns of every scenario and draw, by scenario, then by column."""
        last = {
            name: column
            for column, name in enumerate(zip(self.scenario, self.draw.tolist(), strict=True))
            if column
        }
        places = {name: place for place, name in enumerate(self.scenarios)} if self.order else {}
        return frozen_int([last[key] for key in sorted(last, key=lambda key: places.get(key[0], 0))])

    def slice_bounds(self, number: int) -> tuple[int, int]:
        """Return first column and column after the last of slice `number`."""
        if not 0 <= number < self.n_slices:
            raise ValueError(f"slice {number} is none of the {self.n_slices} slices")
        low, high = np.searchsorted(self.slice, [number, number + 1])
        return int(low), int(high)

    def columns_of(self, scenario: str) -> IntArray:
        """Return the numbers of the columns of `scenario`, ascending; empty when there are none."""
        return frozen_int([column for column, name in enumerate(self.scenario) if name == scenario])
