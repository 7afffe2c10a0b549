"""One valuation: every distinct instrument once in the columns of a task, then what all portfolios hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray, frozen
from stresstest.batch.planning.plan import Task
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.valuation.columns import scenario_columns
from stresstest.batch.valuation.failing import (
    Failed,
    Failing,
    failing_instruments,
    failing_scenarios,
    why,
)
from stresstest.batch.valuation.parts import RowValues, draw_names, part_table, scenario_names
from stresstest.batch.valuation.sums import RowSums
from stresstest.portfolio.book import Block
from stresstest.revaluation.chunks import CHUNK_COLUMNS, Chunk, Revaluation
from stresstest.revaluation.engine import UnitValues, revaluations, revalue
from stresstest.revaluation.states import States
from stresstest.revaluation.totals import lacks_values
from stresstest.scenarios.columns import ColumnSource
from stresstest.scenarios.table import ColumnTable

_Values = Iterator[tuple[Block, FloatArray, FloatArray]]
"""Blocks in order, with unit values `(n_block_instruments, width)` and exchange rates `(n_fx, width)`."""


def value_task(prepared: Prepared, task: Task) -> pa.Table:
    """Return the part of a valuation: P&L of every row of every group, a column a result.

    Rows stand group by group, of each its portfolios, then its contributions; draws have no contributions
    (`prepared.row_groups(shares=not task.set)`). A column is a named scenario or a draw, or, for a path, also
    `<scenario>#<n>` for each point on the way. What could not be valued is in the table's metadata. The bits
    depend on the inputs and the results that are asked for, not on how these are cut into tasks.

    Raises
    ------
    ModelError
        Where a total is beyond the range of a double.
    """
    if task.set:
        return _draws(prepared, task)
    return _named(prepared, task)


def _draws(prepared: Prepared, task: Task) -> pa.Table:
    sample = next(one for one in prepared.sampled if one.name == task.set)
    today = revaluations(prepared.book, sample.columns)[0]
    portfolios = RowSums(prepared.portfolio_rows, prepared.base, today.resolved.blocks)
    n_rows = len(prepared.holders)
    out, failing = np.empty((n_rows, task.high - task.low)), list[Failing]()
    for low in range(task.low, task.high, CHUNK_COLUMNS):
        high = min(low + CHUNK_COLUMNS, task.high)
        portfolios.begin(n_rows, high - low)
        # Column 0 of the sample is the base: draw d is column d + 1.
        chunk = Chunk(0, low + 1, high + 1, 0)
        for block, units, lacks in _summed([portfolios], _chunk_values(today, chunk)):
            if lacks:
                failing += failing_instruments(block.first, np.isnan(units), low + 1)
        out[:, low - task.low : high - task.low] = portfolios.pnl(prepared.row_base.portfolios)
    # Of a draw the number is one less than that of its column.
    failed = _explained(prepared, sample.columns, failing, lambda column: f"{task.set}/{column - 1}")
    return part_table(prepared, draw_names(task), RowValues(out), failed)


def _named(prepared: Prepared, task: Task) -> pa.Table:
    """Value every column of some scenarios at once: what a path pays on the way goes from one to the next."""
    if prepared.named is None:
        raise ValueError("a job without named scenarios has no task for them")
    columns = scenario_columns(prepared.named, task.scenarios)
    blocks = prepared.book.resolve().blocks
    kinds = (prepared.portfolio_rows, prepared.share_rows)
    sums = [RowSums(rows, prepared.base, blocks) for rows in kinds]
    for one, base in zip(sums, prepared.row_base, strict=True):
        one.begin(len(base), columns.n_columns)
    failing: list[Failing] = []
    for block, units, lacks in _summed(sums, _column_values(prepared, columns)):
        if lacks:
            # A column has no value because of its own levels; the base is told of by itself.
            lacking = np.isnan(units)
            lacking[:, 0] = False
            failing += failing_scenarios(block.first, lacking, columns.table.scenario)
    pnl = [one.pnl(base)[:, 1:] for one, base in zip(sums, prepared.row_base, strict=True)]
    failed = _explained(prepared, columns, failing, columns.table.scenario.__getitem__)
    return part_table(prepared, scenario_names(columns.table), RowValues(*pnl), failed)


def _summed(sums: Sequence[RowSums], values: _Values) -> Iterator[tuple[Block, FloatArray, bool]]:
    """Add every block to `sums`; yield it with its unit values and whether some of them are missing."""
    for number, (block, units, fx) in enumerate(values):
        lacks = lacks_values(units, fx)
        for one in sums:
            one.add(number, units, fx, lacking=lacks)
        yield block, units, lacks


def _column_values(prepared: Prepared, columns: ColumnSource) -> _Values:
    """Yield the values of named scenarios; of paths they are kept, as what is paid adds up over time."""
    if columns.table.n_slices > 1:
        yield from _kept_values(prepared, revalue(prepared.book, columns, threads=1))
        return
    today = revaluations(prepared.book, columns)[0]
    yield from _chunk_values(today, Chunk(0, 0, columns.n_columns, 0))


def _chunk_values(today: Revaluation, chunk: Chunk) -> _Values:
    market, states = today.market(chunk), States(ColumnTable.instant(()))
    for block, units, _ in today.block_values(market, states, slice(0, chunk.width)):
        yield block, units, market.fx


def _kept_values(prepared: Prepared, units: UnitValues) -> _Values:
    for block in prepared.book.resolve().blocks:
        yield block, frozen(units.value[block.first : block.last]), units.fx


def _explained(
    prepared: Prepared, columns: ColumnSource, failing: Sequence[Failing], name: Callable[[int], str]
) -> list[Failed]:
    """Return what failed with its result and reason."""
    return [
        Failed(item.instrument, name(item.column), item.columns, *why(prepared.book, columns, item))
        for item in failing
    ]
