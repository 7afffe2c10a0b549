"""Parts of the columns of a batch: some of the named scenarios, with the bits that they have in the whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stresstest.arrays import IntArray, frozen
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.table import ColumnTable


def columns_of(table: ColumnTable, scenarios: Sequence[str]) -> IntArray:
    """Return the numbers of the base and of all columns of `scenarios`, ascending."""
    wanted = frozenset(scenarios)
    return np.array([0, *(n for n, name in enumerate(table.scenario) if n and name in wanted)], np.int64)


def scenario_columns(columns: FactorColumns, scenarios: Sequence[str]) -> FactorColumns:
    """Return the base and the columns of `scenarios`; dates on which none of them stands fall away.

    No column depends on the company of another: each keeps its levels, its date and the date that it comes
    from.
    """
    table = columns.table
    chosen = columns_of(table, scenarios)
    slices = table.slice[chosen]
    kept, numbers = np.unique(slices, return_inverse=True)
    part = ColumnTable(
        scenario=tuple(table.scenario[column] for column in chosen.tolist()),
        slice=numbers.astype(np.int64),
        stage=tuple(table.stage[column] for column in chosen.tolist()),
        draw=table.draw[chosen],
        probability=table.probability[chosen],
        order=tuple(name for name in table.scenarios if name in frozenset(scenarios)),
    )
    elapsed = tuple(columns.elapsed_years[number] for number in kept.tolist())
    moved = {key: frozen(row[chosen]) for key, row in columns.moved.items()}
    return FactorColumns(part, columns.base, moved, elapsed)
