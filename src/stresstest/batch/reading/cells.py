"""P&L of a run as a matrix: portfolios by named scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray, IntArray, frozen
from stresstest.batch.reading.run_folder import KEYS, RunFolder


@dataclass(frozen=True)
class Cells:
    """P&L of portfolios under named scenarios.

    Attributes
    ----------
    portfolios, currencies
        `(n_portfolios,)` in order of name; amounts of a portfolio are in its currency.
    base_value
        `(n_portfolios,)`.
    scenarios
        `(n_scenarios,)` names.
    pnl
        `(n_portfolios, n_scenarios)` P&L at the end of each, gain positive; NaN where there is none.
    """

    portfolios: tuple[str, ...]
    currencies: tuple[str, ...]
    base_value: FloatArray
    scenarios: tuple[str, ...]
    pnl: FloatArray

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Row of each portfolio."""
        return {name: row for row, name in enumerate(self.portfolios)}

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Column of each scenario."""
        return {name: column for column, name in enumerate(self.scenarios)}

    def part(self, portfolios: Sequence[str], scenarios: Sequence[str]) -> FloatArray:
        """Return `(len(portfolios), len(scenarios))` P&L, NaN where this run has no such cell."""
        absent = len(self.portfolios), len(self.scenarios)
        padded = np.pad(self.pnl, ((0, 1), (0, 1)), constant_values=np.nan)
        rows = [self.rows.get(name, absent[0]) for name in portfolios]
        columns = [self.columns.get(name, absent[1]) for name in scenarios]
        return frozen(padded[np.ix_(rows, columns)])

    @property
    def fraction(self) -> FloatArray:
        """`(n_portfolios, n_scenarios)` P&L ÷ |base value|, NaN where that is 0."""
        scale = np.abs(self.base_value)
        scale = np.where(scale > 0.0, scale, np.nan)
        fraction: FloatArray = self.pnl / scale[:, np.newaxis]
        return fraction


def cells_of(run: RunFolder) -> Cells:
    """Return the P&L of a run, whichever layout it is written in."""
    table = run.table("pnl", None if run.files("pnl") else list(KEYS["pnl"]))
    return cells_of_table(table)


def cells_of_table(table: pa.Table) -> Cells:
    """Return the P&L of a table `pnl`: wide, or long with a column `scenario`."""
    if "scenario" in table.column_names:
        return _of_long(table)
    scenarios = tuple(name for name in table.column_names if name not in KEYS["pnl"])
    columns = [_numbers(table, name) for name in scenarios]
    pnl = np.column_stack(columns) if columns else np.empty((table.num_rows, 0))
    return _cells(table, scenarios, pnl)


def _of_long(table: pa.Table) -> Cells:
    """Return long rows as a matrix: they stand portfolio after portfolio, scenarios in one order."""
    scenarios = tuple(dict.fromkeys(table["scenario"].to_pylist()))
    width = max(len(scenarios), 1)
    heads = table.take(pa.array(range(0, table.num_rows, width), pa.int64()))
    return _cells(heads, scenarios, _numbers(table, "pnl").reshape(-1, width))


def _cells(heads: pa.Table, scenarios: tuple[str, ...], pnl: FloatArray) -> Cells:
    names = heads["portfolio"].to_pylist()
    order = np.argsort(np.array(names, dtype=object), kind="stable") if names else _none()
    currencies = heads["currency"].to_pylist()
    return Cells(
        tuple(names[row] for row in order.tolist()),
        tuple(currencies[row] for row in order.tolist()),
        frozen(_numbers(heads, "base_value")[order]),
        scenarios,
        frozen(pnl[order]),
    )


def _none() -> IntArray:
    return np.empty(0, dtype=np.int64)


def _numbers(table: pa.Table, name: str) -> FloatArray:
    """Return a column as float64, NaN where it is null."""
    column = table[name].cast(pa.float64()).fill_null(float("nan"))
    return np.array(column.to_numpy(), dtype=np.float64)
