"""The engine: every distinct instrument of a book revalued in every column, over a pool of threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.errors import ResourceError
from stresstest.kernels._jit import enable_caching
from stresstest.portfolio.book import Book, FxRow
from stresstest.revaluation.chunks import Chunk, Revaluation, load_kernel, plan_chunks
from stresstest.revaluation.payments import Payments
from stresstest.revaluation.states import States
from stresstest.scenarios.columns import ColumnSource
from stresstest.scenarios.histories import previous_years
from stresstest.scenarios.table import ColumnTable


@dataclass(frozen=True)
class UnitValues:
    """Values of one unit of every distinct instrument in every column.

    Attributes
    ----------
    value
        `(n_instruments, n_columns)`, in each instrument's own currency; NaN where it could not be valued.
    fx
        `(n_fx, n_columns)` exchange rates; row 0 is 1.
    conversions
        Currencies of each row of `fx`.
    columns
        Where the columns came from.
    cash
        `(n_instruments, n_columns)` the part of `value` that one unit has paid out since column 0, with the
        interest that it earned; None where no column is later than today.
    """

    value: FloatArray
    fx: FloatArray
    conversions: tuple[FxRow, ...]
    columns: ColumnSource
    cash: FloatArray | None = None

    @property
    def table(self) -> ColumnTable:
        """What each column is."""
        return self.columns.table


def revaluations(book: Book, columns: ColumnSource) -> list[Revaluation]:
    """Return the book resolved at each slice of `columns`, with its kernels loaded."""
    enable_caching()
    kernels = {tag: load_kernel(tag) for tag in dict.fromkeys(item.tag for item in book.instruments)}
    before = previous_years(columns.table, columns.elapsed_years)
    resolved = [book.resolve(*times) for times in zip(columns.elapsed_years, before, strict=True)]
    return [Revaluation(slice_, columns.bind(slice_.factor_keys), kernels) for slice_ in resolved]


def all_chunks(columns: ColumnSource) -> list[Chunk]:
    """Return the chunks of `columns`, all slices."""
    return plan_chunks([columns.table.slice_bounds(number) for number in range(columns.table.n_slices)])


def run_chunks(
    work: Callable[[Chunk], None], chunks: Iterable[Chunk], threads: int | None, *, in_order: bool = False
) -> None:
    """Call `work` once for every chunk, on `threads` threads (default: one a core).

    Which thread takes which chunk does not matter: each writes columns of its own. `in_order` finishes a
    slice before the next, as instruments with state need it.
    """
    chunks = list(chunks)
    if in_order:
        for _, of_slice in groupby(chunks, key=lambda chunk: chunk.slice_number):
            run_chunks(work, of_slice, threads)
        return
    threads = min(threads or os.cpu_count() or 1, len(chunks))
    if threads <= 1:
        for chunk in chunks:
            work(chunk)
        return
    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(work, chunk) for chunk in chunks]:
            future.result()


def revalue(
    book: Book, columns: ColumnSource, *, threads: int | None = None, memory: int | None = None
) -> UnitValues:
    """Return the unit values of every instrument of `book` in every column.

    In columns later than today the value of a unit includes the cash that it has paid since.

    Parameters
    ----------
    book
        Compiled portfolios.
    columns
        Factor values, column 0 the base.
    threads
        Threads to use; the values do not depend on it, bit for bit.
    memory
        Bytes that the values may take.

    Raises
    ------
    ResourceError
        When the values would take more than `memory`; use `revaluation.totals.stress_totals` then.
    """
    _require_memory(book, columns, memory)
    return revalue_resolved(book, columns, revaluations(book, columns), threads)


def revalue_resolved(
    book: Book, columns: ColumnSource, slices: Sequence[Revaluation], threads: int | None = None
) -> UnitValues:
    """Return what `revalue` does, of a book that is resolved at each slice of `columns` already."""
    conversions = slices[0].resolved.fx
    value = np.empty((len(book.instruments), columns.n_columns))
    fx = np.empty((len(conversions), columns.n_columns))
    payments = Payments.over(book, columns.table)

    states = States(columns.table)

    def work(chunk: Chunk) -> None:
        place = chunk.place
        slice_ = slices[chunk.slice_number]
        market = slice_.market(chunk)
        fx[:, place] = market.fx
        payments.add_growth(slice_.resolved, market.rows, place)
        for block, values, paid in slice_.block_values(market, states, place):
            value[block.first : block.last, place] = values
            payments.add(block, paid, place)

    in_order = states.prepare(slices[0].resolved.blocks)
    run_chunks(work, all_chunks(columns), threads, in_order=in_order)
    cash = payments.accumulated()
    if cash is not None:
        value += cash
    value.flags.writeable = fx.flags.writeable = False
    return UnitValues(value, fx, conversions, columns, cash)


def _require_memory(book: Book, columns: ColumnSource, memory: int | None) -> None:
    n_instruments, n_columns = len(book.instruments), columns.n_columns
    # A path keeps what is paid and what has accumulated beside the values.
    needed = n_instruments * n_columns * 8 * (1 if columns.table.n_slices == 1 else 3)
    if memory is not None and needed > memory:
        raise ResourceError(
            f"{n_instruments:,} instruments × {n_columns:,} columns take {needed:,} bytes, {memory:,} allowed"
        )
