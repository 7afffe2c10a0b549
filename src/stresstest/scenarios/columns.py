"""Where the engine gets columns of factor values from, chunk by chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray, frozen, frozen_int
from stresstest.errors import InputError, Problem, nearest
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.table import ColumnTable


class BoundColumns(Protocol):
    """Columns of the factors that a book reads, in the book's order of rows."""

    @property
    def base(self) -> FloatArray:
        """Return `(n_keys,)` values of column 0."""

    @property
    def moving(self) -> BoolArray:
        """Return `(n_keys,)` whether a factor can differ from its base in any column."""

    def chunk(self, slice_number: int, low: int, high: int) -> FloatArray:
        """Return `(n_keys, high − low)` values, C-contiguous and read-only.

        `low` and `high` count within the slice. The same arguments always give the same bits.
        """


class ColumnSource(Protocol):
    """All columns of a run, none of them held longer than the chunk that asks for it."""

    @property
    def table(self) -> ColumnTable:
        """Return what each column is."""

    @property
    def n_columns(self) -> int:
        """Return the number of columns, the base included."""

    @property
    def elapsed_years(self) -> tuple[float, ...]:
        """Return the time from the market's date to each slice; 0 for slice 0."""

    def bind(self, keys: Sequence[RiskFactorKey]) -> BoundColumns:
        """Return the columns of `keys`, row by row; raise `InputError` when the market lacks some."""


@dataclass(frozen=True, slots=True, eq=False)
class BoundFactorColumns:
    """`BoundColumns` over rows that are held: the base of each key and the rows that move.

    Attributes
    ----------
    table
        What each column is.
    base
        `(n_keys,)`.
    moving_rows
        `(n_moving,)` rows of `moved` among the keys, ascending.
    moved
        `(n_moving, n_columns)`.
    """

    table: ColumnTable
    base: FloatArray
    moving_rows: IntArray
    moved: FloatArray

    @property
    def moving(self) -> BoolArray:
        """Return `(n_keys,)` whether a factor can differ from its base in any column."""
        result = np.zeros(len(self.base), np.bool_)
        result[self.moving_rows] = True
        result.flags.writeable = False
        return result

    def chunk(self, slice_number: int, low: int, high: int) -> FloatArray:
        """Return `(n_keys, high − low)` values of the columns `low` to `high` of a slice, frozen."""
        first, end = self.table.slice_bounds(slice_number)
        if not 0 <= low <= high <= end - first:
            raise ValueError(
                f"columns {low} to {high} are not within the {end - first} of slice {slice_number}"
            )
        values = np.empty((len(self.base), high - low))
        values[:] = self.base[:, np.newaxis]
        values[self.moving_rows] = self.moved[:, first + low : first + high]
        values.flags.writeable = False
        return values


@dataclass(frozen=True, slots=True, eq=False)
class FactorColumns:
    """Columns given factor by factor: a base level for each, and a row of levels for each that moves.

    Attributes
    ----------
    table
        What each column is.
    base
        Base level of every factor of the market.
    moved
        `(n_columns,)` levels of each factor that moves in some column; element 0 is the base level.
    elapsed_years
        Time of each slice, ascending, 0 for slice 0 alone. Slices of one time come from different times.

    Raises
    ------
    ValueError
        When a row has the wrong length, does not start at its base, or belongs to no factor of `base`.

    Examples
    --------
    >>> spot = RiskFactorKey("spot", "NVDA")
    >>> table = ColumnTable.instant(["crash"])
    >>> columns = FactorColumns(table, {spot: 100.0}, {spot: np.array([100.0, 40.0])})
    >>> columns.bind([spot]).chunk(0, 0, 2).tolist()
    [[100.0, 40.0]]
    """

    table: ColumnTable
    base: Mapping[RiskFactorKey, float]
    moved: Mapping[RiskFactorKey, FloatArray]
    elapsed_years: tuple[float, ...] = (0.0,)

    def __post_init__(self) -> None:
        rows = {key: frozen(row) for key, row in self.moved.items()}
        for key, row in rows.items():
            if key not in self.base:
                raise ValueError(f"{key} moves but has no base level")
            if row.shape != (self.table.n_columns,):
                raise ValueError(f"{key} has shape {row.shape}, not ({self.table.n_columns},)")
            if row[0] != self.base[key]:
                raise ValueError(f"column 0 of {key} is {row[0]!r}, its base level {self.base[key]!r}")
        years = self.elapsed_years
        later = all(year > 0.0 for year in years[1:])
        ascending = later and all(one <= other for one, other in pairwise(years[1:]))
        if len(years) != self.table.n_slices or years[0] != 0.0 or not ascending:
            raise ValueError("elapsed years are one a slice, ascending from 0")
        object.__setattr__(self, "moved", rows)

    @property
    def n_columns(self) -> int:
        """Number of columns, the base included."""
        return self.table.n_columns

    def bind(self, keys: Sequence[RiskFactorKey]) -> BoundFactorColumns:
        """Return the columns of `keys` in their order.

        Raises
        ------
        InputError
            With one problem for each key that the market has no level of.
        """
        missing = [key for key in keys if key not in self.base]
        if missing:
            raise InputError(map(self._missing, missing))
        rows = [row for row, key in enumerate(keys) if key in self.moved]
        moved = np.array([self.moved[keys[row]] for row in rows]).reshape(len(rows), self.n_columns)
        base = frozen([self.base[key] for key in keys])
        return BoundFactorColumns(self.table, base, frozen_int(rows), frozen(moved))

    def _missing(self, key: RiskFactorKey) -> Problem:
        same_kind = (str(other) for other in self.base if other.kind == key.kind)
        return Problem(
            "ST349",
            f"factor {key}",
            "a factor that the market has a level of",
            suggestion=nearest(str(key), same_kind),
        )
