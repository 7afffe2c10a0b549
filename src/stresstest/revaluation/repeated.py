"""A book revalued under one scenario after the other: what no scenario changes is done once."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.kernels._jit import enable_caching
from stresstest.kernels.holdings import drop_infinite
from stresstest.kernels.market import Out
from stresstest.market.fx import fx_factors
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import Block, Book, FxRow, ResolvedSlice
from stresstest.revaluation.chunks import Chunk, Revaluation, Revalue, exchange_rates, load_kernel
from stresstest.revaluation.engine import revalue_resolved
from stresstest.revaluation.states import States
from stresstest.scenarios.columns import BoundColumns, ColumnSource, FactorColumns
from stresstest.scenarios.histories import previous_years
from stresstest.scenarios.table import ColumnTable

_TODAY = ColumnTable.instant(())
_ONE = slice(0, 1)


def _nothing() -> None:
    """Do nothing between columns."""


class _Known(NamedTuple):
    """A column that was valued: factors `(n_factors,)`, unit values `(n_instruments,)`."""

    factors: FloatArray
    values: FloatArray


class UnitColumns(NamedTuple):
    """Unit values, and cash within them as of `UnitValues.cash`, both `(n_instruments, n_columns)`."""

    value: FloatArray
    cash: FloatArray | None


class RepeatedRevaluation:
    """Unit values of a book under scenarios that come one by one, as while somebody moves a driver.

    The same bits as `revalue`. Kept are the book at each date that was asked for, column 0, and the column
    that was valued last: a block of instruments none of whose factors differ from it keeps its values.

    Parameters
    ----------
    book
        Compiled portfolios; their holdings do not matter here.
    threads
        Threads to use, None: one a core; the values do not depend on it, bit for bit.
    """

    def __init__(self, book: Book, threads: int | None = None) -> None:
        enable_caching()
        self.book = book
        threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self._kernels: dict[str, Revalue] = {
            tag: load_kernel(tag) for tag in dict.fromkeys(item.tag for item in book.instruments)
        }
        self._resolved: dict[tuple[float, float | None], ResolvedSlice] = {}
        self._today = self._at(0.0, None)
        self._depends = _dependence(book, self._today)
        columns = FactorColumns(_TODAY, book.market.levels, {}).bind(self._today.factor_keys)
        values = np.empty((len(book.instruments), 1))
        self._write(columns, 0, np.ones(len(self._today.blocks), np.bool_), values)
        self._base = self._last = _Known(columns.chunk(0, 0, 1)[:, 0], frozen(values[:, 0]))

    @property
    def base(self) -> FloatArray:
        """`(n_instruments,)` unit values in column 0."""
        return self._base.values

    def values(self, columns: ColumnSource, between: Callable[[], None] = _nothing) -> UnitColumns:
        """Return the unit values in every column of `columns`, whose market must be the book's.

        Parameters
        ----------
        between
            Called between columns and between dates; what it raises ends the work.
        """
        if columns.table.n_slices > 1:
            return self._over_time(columns, between)
        bound = columns.bind(self._today.factor_keys)
        value = np.empty((len(self.book.instruments), columns.n_columns))
        value[:, 0] = self.base
        for column in range(1, columns.n_columns):
            between()
            value[:, column] = self._column(bound, column)
        value.flags.writeable = False
        return UnitColumns(value, None)

    def _over_time(self, columns: ColumnSource, between: Callable[[], None]) -> UnitColumns:
        before = previous_years(columns.table, columns.elapsed_years)
        slices = []
        for time in zip(columns.elapsed_years, before, strict=True):
            between()
            resolved = self._at(*time)
            slices.append(Revaluation(resolved, columns.bind(resolved.factor_keys), self._kernels))
        found = revalue_resolved(self.book, columns, slices)
        return UnitColumns(found.value, found.cash)

    def _column(self, columns: BoundColumns, column: int) -> FloatArray:
        """Return `(n_instruments,)` values of a column of today, and keep them."""
        factors = columns.chunk(0, column, column + 1)[:, 0]
        values = self._last.values.copy().reshape(-1, 1)
        affected = np.any(self._depends[:, factors != self._last.factors], axis=1)
        self._write(columns, column, affected, values)
        self._last = _Known(factors, frozen(values[:, 0]))
        return self._last.values

    def _write(self, columns: BoundColumns, column: int, affected: BoolArray, values: FloatArray) -> None:
        """Write into `values (n_instruments, 1)` what the kernels of the blocks `affected` say."""
        slice_ = Revaluation(self._today, columns, self._kernels)
        market, states = slice_.market(Chunk(0, column, column + 1, column)), States(_TODAY)

        def work(block: Block) -> None:
            written = values[block.first : block.last]
            state = states.start(block, _ONE)
            out = Out(written, np.zeros_like(written))
            self._kernels[block.tag](block.columns, market.rows, state, out)
            drop_infinite(written)

        stale = [self._today.blocks[number] for number in np.flatnonzero(affected).tolist()]
        if self._pool is None:
            for block in stale:
                work(block)
        else:
            # Each block writes rows of its own, and kernels hold no lock: any thread may take any block.
            list(self._pool.map(work, stale))

    def _at(self, elapsed_years: float, previous: float | None) -> ResolvedSlice:
        time = elapsed_years, previous
        if time not in self._resolved:
            self._resolved[time] = self.book.resolve(*time)
        return self._resolved[time]


def _dependence(book: Book, resolved: ResolvedSlice) -> BoolArray:
    """Return `(n_blocks, n_factors)` which factors the instruments of each block depend on."""
    rows = {key: row for row, key in enumerate(resolved.factor_keys)}
    depends = np.zeros((len(resolved.blocks), len(rows)), np.bool_)
    for number, block in enumerate(resolved.blocks):
        depends[number, _read(book, block, rows)] = True
    return depends


def _read(book: Book, block: Block, rows: dict[RiskFactorKey, int]) -> list[int]:
    items = book.instruments[block.first : block.last]
    return list({rows[key] for item in items for key in item.requirements.factors if key in rows})


def exchange_columns(book: Book, columns: ColumnSource) -> tuple[tuple[FxRow, ...], FloatArray]:
    """Return the conversions of `book`, and their rates `(n_fx, n_columns)` in every column."""
    keys: dict[RiskFactorKey, int] = {}
    rows = [FxRow("", "", (), ())]
    for pair in book.conversions:
        factors = fx_factors(book.market, *pair)
        places = tuple(keys.setdefault(key, len(keys)) for key, _ in factors)
        rows.append(FxRow(*pair, places, tuple(sign for _, sign in factors)))
    bound = columns.bind(tuple(keys))
    rates = np.empty((len(rows), columns.n_columns))
    for number in range(columns.table.n_slices):
        low, high = columns.table.slice_bounds(number)
        rates[:, low:high] = exchange_rates(tuple(rows), bound.chunk(number, 0, high - low))
    return tuple(rows), frozen(rates)
