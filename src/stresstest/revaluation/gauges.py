"""Gauges of a book's contracts at one date: how far each is beyond what may flip in it, column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.catalog import instrument_type
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.instrument_type import CompileContext, Trigger, Triggers
from stresstest.kernels.derived import fill_derived
from stresstest.kernels.gauges import measure_thresholds
from stresstest.kernels.market import MarketRows
from stresstest.portfolio.book import Book
from stresstest.portfolio.rows import RowPlan
from stresstest.revaluation.chunks import CHUNK_COLUMNS
from stresstest.revaluation.engine import revalue
from stresstest.scenarios.columns import ColumnSource

Measure = Callable[[Any, MarketRows, FloatArray], FloatArray]

_NO_VALUES = np.empty((0, 0))


class Gauge(NamedTuple):
    """What is measured: row of `Book.instruments`, what flips there, and its level in words."""

    instrument: int
    trigger: Trigger
    detail: str


class _Block(NamedTuple):
    """Gauges of some contracts of one type: rows in the book, what is read, and how."""

    rows: tuple[int, ...]
    columns: Any
    measure: Measure
    reads_value: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A valuation date in years from the market's, and that of the step before it, if there is one."""

    elapsed_years: float = 0.0
    previous_years: float | None = None


class ContractGauges:
    """Every gauge of some contracts of a book.

    Parameters
    ----------
    rows
        Rows of `Book.instruments` to look at, ascending; None: all.
    moment
        Valuation date.

    Attributes
    ----------
    gauges
        In the order of the rows that `at` gives.
    """

    def __init__(self, book: Book, rows: Sequence[int] | None = None, moment: Moment | None = None) -> None:
        self._book = book
        self._plan = RowPlan(book.market)
        self._context = _context(book, moment or Moment(), self._plan)
        self._blocks: list[_Block] = []
        self.gauges: list[Gauge] = []
        chosen = range(len(book.instruments)) if rows is None else rows
        for tag, group in groupby(chosen, key=lambda row: book.instruments[row].tag):
            own = tuple(group)
            for triggers in instrument_type(tag).triggers:
                self._add(tag, triggers, own)
        # Rows of the last type that asks are known now; nothing asks for more.
        self._derived = self._plan.derived_plan()

    def _add(self, tag: str, triggers: Triggers, rows: tuple[int, ...]) -> None:
        found = triggers.compile([self._book.instruments[row].spec for row in rows], self._context)
        if not len(found.instrument):
            return
        for place, kind, detail in zip(
            found.instrument.tolist(), found.trigger.tolist(), found.details, strict=True
        ):
            self.gauges.append(Gauge(rows[place], triggers.kinds[kind], detail))
        self._blocks.append(_Block(rows, found.columns, _measure(tag, triggers), triggers.reads_value))

    def at(self, columns: ColumnSource, slice_number: int = 0) -> FloatArray:
        """Return `(n_gauges, width)` of all columns of a slice, whose date must be that of the gauges."""
        first, last = columns.table.slice_bounds(slice_number)
        bound = columns.bind(self._plan.factor_keys)
        values = list(self._values(columns))
        found = np.full((len(self.gauges), last - first), np.nan)
        for low in range(0, last - first, CHUNK_COLUMNS):
            high = min(low + CHUNK_COLUMNS, last - first)
            factors = bound.chunk(slice_number, low, high)
            derived = np.empty((self._plan.n_derived, high - low))
            fill_derived(self._derived, factors, derived)
            market, place = MarketRows(factors, derived), 0
            for block, value in zip(self._blocks, values, strict=True):
                own = block.measure(block.columns, market, value[:, first + low : first + high])
                found[place : place + len(own), low:high] = own
                place += len(own)
        return found

    def _values(self, columns: ColumnSource) -> Iterator[FloatArray]:
        """Yield the unit values that each block reads, those of its own contracts revalued alone."""
        for block in self._blocks:
            if not block.reads_value:
                yield _NO_VALUES
                continue
            some = tuple(self._book.instruments[row] for row in block.rows)
            yield revalue(replace(self._book, instruments=some, portfolios=()), columns).value


def _context(book: Book, moment: Moment, plan: RowPlan) -> CompileContext:
    day, before = (
        None if years is None else book.market.as_of + timedelta(days=round(years * DAYS_PER_YEAR))
        for years in (moment.elapsed_years, moment.previous_years)
    )
    return CompileContext(day or book.market.as_of, book.market, plan, before)


def _measure(tag: str, triggers: Triggers) -> Measure:
    if not triggers.measure:
        return measure_thresholds
    module, function = triggers.measure.split(":")
    package = instrument_type(tag).spec.__module__.rpartition(".")[0]
    measure: Measure = getattr(import_module(f"{package}.{module}"), function)
    return measure
