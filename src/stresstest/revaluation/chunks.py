"""One chunk of columns: factor rows, derived rows, and the values of every block of instruments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.catalog import instrument_type
from stresstest.kernels.derived import fill_derived
from stresstest.kernels.holdings import drop_infinite
from stresstest.kernels.market import MarketRows, Out
from stresstest.portfolio.book import BLOCK_INSTRUMENTS, Block, FxRow, ResolvedSlice
from stresstest.revaluation.states import States
from stresstest.scenarios.columns import BoundColumns

CHUNK_COLUMNS = 512
"""Columns of a chunk. Fixed, so that borders do not depend on the number of threads."""

Revalue = Callable[[Any, MarketRows, FloatArray, Out], None]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Columns `low` to `high` (exclusive) of one slice; `first` is the run's number of `low`."""

    slice_number: int
    low: int
    high: int
    first: int

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.high - self.low

    @property
    def place(self) -> slice:
        """The columns of the run that the chunk holds."""
        return slice(self.first, self.first + self.width)


def load_kernel(tag: str) -> Revalue:
    """Return the `revalue` kernel of an instrument type."""
    type_ = instrument_type(tag)
    module, function = type_.kernel.split(":")
    package = type_.spec.__module__.rpartition(".")[0]
    kernel: Revalue = getattr(import_module(f"{package}.{module}"), function)
    return kernel


class ChunkMarket(NamedTuple):
    """Market of one chunk: rows for the kernels, and `fx (n_fx, width)` for the holdings."""

    rows: MarketRows
    fx: FloatArray


class BlockValues(NamedTuple):
    """Values of one unit and cash that it paid since the step before, both `(n_block_instruments, width)`."""

    block: Block
    value: FloatArray
    paid: FloatArray


@dataclass(frozen=True)
class Revaluation:
    """A resolved slice together with its columns and kernels: everything that values a chunk."""

    resolved: ResolvedSlice
    columns: BoundColumns
    kernels: dict[str, Revalue]

    def market(self, chunk: Chunk) -> ChunkMarket:
        """Return the rows that the chunk's kernels read, the derived ones computed."""
        factors = self.columns.chunk(chunk.slice_number, chunk.low, chunk.high)
        derived = np.empty((self.resolved.n_derived, chunk.width))
        fill_derived(self.resolved.derived, factors, derived)
        return ChunkMarket(MarketRows(factors, derived), exchange_rates(self.resolved.fx, factors))

    def block_values(self, market: ChunkMarket, states: States, place: slice) -> Iterator[BlockValues]:
        """Yield each block with what its kernel wrote for the columns `place`; the next block overwrites it.

        A value that is not finite is NaN. Where instruments have state, the slices before must be done.
        """
        width = market.fx.shape[1]
        values, paid = np.empty((BLOCK_INSTRUMENTS, width)), np.zeros((BLOCK_INSTRUMENTS, width))
        for block in self.resolved.blocks:
            count = block.last - block.first
            written, cash = values[:count], paid[:count]
            if self.resolved.pays:
                cash[:] = 0.0
            state = states.start(block, place)
            self.kernels[block.tag](block.columns, market.rows, state, Out(written, cash))
            states.keep(block, place, state)
            drop_infinite(written)
            written.flags.writeable = False
            yield BlockValues(block, written, cash)


def exchange_rates(conversions: tuple[FxRow, ...], factors: FloatArray) -> FloatArray:
    """Return `(n_fx, width)` rates: units of the second currency for one of the first.

    Products and quotients of levels only, each correctly rounded, so the bits are the same on every machine.
    """
    rates = np.ones((len(conversions), factors.shape[1]))
    for number, conversion in enumerate(conversions):
        for row, sign in zip(conversion.rows, conversion.signs, strict=True):
            if sign > 0:
                rates[number] *= factors[row]
            else:
                rates[number] /= factors[row]
    rates.flags.writeable = False
    return rates


def plan_chunks(slice_bounds: list[tuple[int, int]]) -> list[Chunk]:
    """Return the chunks of all slices, given first and last column (exclusive) of each."""
    return [
        Chunk(number, low, min(low + CHUNK_COLUMNS, end - start), start + low)
        for number, (start, end) in enumerate(slice_bounds)
        for low in range(0, end - start, CHUNK_COLUMNS)
    ]
