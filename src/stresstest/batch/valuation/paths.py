"""Values of a group along the paths of its scenarios."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray, IntArray
from stresstest.batch.planning.prepared import Group, Prepared
from stresstest.batch.valuation.parts import GroupColumns
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.histories import previous_columns


def path_table(prepared: Prepared, group: Group, named: GroupColumns) -> pa.Table:
    """Return a row a portfolio, path and date, in this order: value before the shocks, and after them.

    Positions without a value at a point stand at their base value, as in `measures.paths`.
    """
    columns = prepared.named
    parts = (
        []
        if columns is None
        else [
            _path(prepared, group, (named.portfolios, name), columns)
            for name in prepared.scenarios
            if _leaves_today(columns, name)
        ]
    )
    if parts:
        together, count = pa.concat_tables(parts), group.last - group.first
        portfolio = np.concatenate([np.repeat(np.arange(count), len(part) // count) for part in parts])
        return together.take(np.argsort(portfolio, kind="stable"))
    return pa.table({name: pa.array([], kind) for name, kind in _KINDS.items()})


_KINDS = {
    "portfolio": pa.string(),
    "scenario": pa.string(),
    "date": pa.date32(),
    "before": pa.float64(),
    "after": pa.float64(),
}


def _leaves_today(columns: FactorColumns, name: str) -> bool:
    return bool(columns.table.slice[columns.table.columns_of(name)[-1]] > 0)


def _points(columns: FactorColumns, name: str) -> tuple[IntArray, IntArray]:
    """Return the columns after and before the shocks of each date, today first, where it is the base."""
    table = columns.table
    own = table.columns_of(name)
    last = own[np.flatnonzero(np.diff(table.slice[own], append=-1))]
    before = previous_columns(table)[last]
    if table.slice[last[0]] > 0:
        return np.concatenate([[0], last]), np.concatenate([[0], before])
    return last, before


def _path(
    prepared: Prepared, group: Group, found: tuple[FloatArray, str], columns: FactorColumns
) -> pa.Table:
    pnl, name = found
    last, before = _points(columns, name)
    base = prepared.row_base.portfolios[group.first : group.last, np.newaxis]
    # Column c of the run is column c − 1 of the parts; the base has no P&L.
    value = np.concatenate([base, base + pnl], axis=1)
    as_of = prepared.book.market.as_of
    days = [
        as_of + timedelta(days=round(columns.elapsed_years[number] * DAYS_PER_YEAR))
        for number in columns.table.slice[last].tolist()
    ]
    holders = prepared.holders.names[group.first : group.last]
    count = len(last)
    columns_of_table = (
        [holder for holder in holders for _ in range(count)],
        [name] * (count * len(holders)),
        days * len(holders),
        value[:, before].ravel(),
        value[:, last].ravel(),
    )
    return pa.table(
        {
            field: pa.array(values, kind, from_pandas=True)
            for (field, kind), values in zip(_KINDS.items(), columns_of_table, strict=True)
        }
    )
