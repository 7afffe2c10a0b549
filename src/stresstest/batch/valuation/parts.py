"""Parts of a valuation as Arrow tables: rows group by group, a column a result, failures beside them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray
from stresstest.batch.planning.plan import Task
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.valuation.failing import Failed
from stresstest.scenarios.table import ColumnTable

_FAILED = b"stresstest.failed"

POINT = "#"
"""Between a path and the number of a point on it."""


@dataclass(frozen=True, slots=True)
class RowValues:
    """P&L `(n_rows, n_results)` of portfolios and of rows of contributions; None: no contributions."""

    portfolios: FloatArray
    shares: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class GroupColumns:
    """P&L of a group: `portfolios (n_portfolios, n)` and `shares (n_shares, n)` by name of the column.

    A column that no part has, as its task was set apart, is NaN.
    """

    names: tuple[str, ...]
    portfolios: FloatArray
    shares: FloatArray

    def of(self, names: Sequence[str]) -> FloatArray:
        """Return `(n_portfolios, n_names)` P&L of the portfolios."""
        place = {name: column for column, name in enumerate(self.names)}
        found: FloatArray = self.portfolios[:, [place[name] for name in names]]
        return found


def draw_names(task: Task) -> list[str]:
    """Return the names of the draws of a task: `<set>/<number>`, from 0."""
    return [f"{task.set}/{draw}" for draw in range(task.low, task.high)]


def scenario_names(table: ColumnTable) -> list[str]:
    """Return the names of all columns but the base: the scenario where it ends, `<scenario>#<n>` on the way.

    Points of a path are numbered from 0 in the order of its columns.
    """
    final = set(table.final_columns.tolist())
    seen: dict[str, int] = {}
    names = []
    for column, scenario in enumerate(table.scenario):
        if column:
            number = seen.get(scenario, 0)
            seen[scenario] = number + 1
            names.append(scenario if column in final else f"{scenario}{POINT}{number}")
    return names


def part_table(
    prepared: Prepared, names: Sequence[str], values: RowValues, failed: Sequence[Failed]
) -> pa.Table:
    """Return a part; `prepared.row_groups(shares=…)` says how many of its rows belong to each group."""
    order = rows_by_group(prepared, shares=values.shares is not None)
    stacked = values.portfolios
    if values.shares is not None:
        stacked = np.concatenate([values.portfolios, values.shares])
    columns = np.ascontiguousarray(stacked[order].T)
    table = pa.table({name: pa.array(column) for name, column in zip(names, columns, strict=True)})
    text = json.dumps(failed, ensure_ascii=False, allow_nan=False)
    return table.replace_schema_metadata({_FAILED: text.encode()})


def failed_of(part: pa.Table) -> list[Failed]:
    """Return the instruments that a part has no values of."""
    text = (part.schema.metadata or {}).get(_FAILED, b"[]")
    return [Failed(*item) for item in json.loads(text)]


def rows_by_group(prepared: Prepared, *, shares: bool) -> np.ndarray:
    """Return `(n_rows,)` what each row of a part is: the portfolio of that place, or a row of contributions.

    Rows of contributions are numbered on from the portfolios.
    """
    count = len(prepared.holders)
    parts = []
    for group in prepared.groups:
        parts.append(np.arange(group.first, group.last))
        if shares:
            parts.append(count + np.arange(group.first_share, group.last_share))
    found: np.ndarray = np.concatenate(parts)
    return found
