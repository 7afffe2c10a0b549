"""Columns of a path in their order: which column a path came from, and how long before."""

from __future__ import annotations

from stresstest.arrays import IntArray, frozen_int
from stresstest.scenarios.table import ColumnTable

AGED = "aged"
"""Stage of a column that holds the levels of the step before at the date of the next one."""


def previous_columns(table: ColumnTable) -> IntArray:
    """Return `(n_columns,)` the column that each column goes on from; 0 for the columns of slice 0.

    An aged column goes on from the last column of its scenario and draw in an earlier slice, and from the
    base where there is none. Any other column of a later slice shocks the aged column of its own date, which
    stands before it: nothing is paid between the two.

    Raises
    ------
    ValueError
        When a column of a later slice has no aged column before it.

    Examples
    --------
    >>> import numpy as np
    >>> table = ColumnTable(
    ...     ("base", "fall", "fall", "fall"), np.array([0, 0, 1, 1]), ("base", "direct", "aged", "direct"),
    ...     np.full(4, -1), np.full(4, np.nan))
    >>> previous_columns(table).tolist()
    [0, 0, 1, 2]
    """
    if table.n_slices == 1:
        return frozen_int([0] * table.n_columns)
    previous = []
    latest: dict[tuple[str, int], int] = {}
    aged: dict[tuple[str, int], int] = {}
    rows = zip(table.scenario, table.draw.tolist(), table.slice.tolist(), table.stage, strict=True)
    for column, (scenario, draw, number, stage) in enumerate(rows):
        path = (scenario, draw)
        if number == 0:
            previous.append(0)
        elif stage == AGED:
            previous.append(latest.get(path, 0))
            aged[path] = column
        else:
            if path not in aged or table.slice[aged[path]] != number:
                raise ValueError(f"column {column} of {scenario!r} has no aged column before it in its slice")
            previous.append(aged[path])
        latest[path] = column
    return frozen_int(previous)


def previous_years(table: ColumnTable, elapsed_years: tuple[float, ...]) -> tuple[float | None, ...]:
    """Return for each slice the time of the step before; None for slice 0.

    Raises
    ------
    ValueError
        When the aged columns of a slice come from different times: each such group is a slice of its own.
    """
    if table.n_slices == 1:
        return (None,)
    previous = previous_columns(table)
    times: list[set[float]] = [set() for _ in range(table.n_slices)]
    for column, stage in enumerate(table.stage):
        if stage == AGED:
            before = int(table.slice[previous[column]])
            times[int(table.slice[column])].add(elapsed_years[before])
    if any(len(found) != 1 for found in times[1:]):
        raise ValueError("the columns of a slice do not all come from one time")
    return (None, *(found.pop() for found in times[1:]))
