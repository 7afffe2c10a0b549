"""Sums of rows in the columns of a task: values and what they leave out, block after block, then P&L."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.errors import ModelError
from stresstest.kernels.holdings import HoldingRows, add_holdings, add_left_out
from stresstest.portfolio.book import Block
from stresstest.revaluation.holdings import BaseValues, base_values, split_holdings


class RowSums:
    """Totals of some rows, portfolios or parts of them, in the columns of a chunk.

    Parameters
    ----------
    rows
        Net holdings in canonical order.
    base
        Column 0 of the run.
    blocks
        Of the book.

    Examples
    --------
    Blocks come in the order of the book: `add(number, values, fx, lacking=…)` for each, then `pnl`.
    """

    def __init__(self, rows: HoldingRows, base: BaseValues, blocks: Sequence[Block]) -> None:
        self._parts = [_row_by_row(part) for part in split_holdings(rows, blocks)]
        self._firsts = [block.first for block in blocks]
        self._base = base

    def begin(self, n_rows: int, width: int) -> None:
        """Start from nothing, for `n_rows` rows in `width` columns."""
        self._value, self._left = np.zeros((n_rows, width)), np.zeros((n_rows, width))

    def add(self, block: int, units: FloatArray, fx: FloatArray, *, lacking: bool) -> None:
        """Add the holdings of block number `block`; `lacking` says whether some value is missing."""
        rows = self._parts[block]
        if not len(rows.quantity):
            return
        add_holdings(rows, units, fx, self._value)
        if lacking:
            in_book = rows._replace(instrument=frozen_int(rows.instrument + self._firsts[block]))
            add_left_out(rows, units, fx, base_values(in_book, self._base), self._left)

    def pnl(self, base: FloatArray) -> FloatArray:
        """Return `(n_rows, width)` value − (base − left out); `base (n_rows,)` are the values in column 0.

        Raises
        ------
        ModelError
            Where a value is beyond the range of a double.
        """
        found = self._value - (base[:, np.newaxis] - self._left)
        if not np.isfinite(found).all():
            raise ModelError("a total beyond 1.8e308; is a quantity or price too large?")
        return frozen(found)


def _row_by_row(holdings: HoldingRows) -> HoldingRows:
    """Return the holdings of a block one row after the other, each by instrument as before.

    The sums of each row go the same way, so their bits are the same; as a row's total stays in the
    processor's cache meanwhile, many rows take a third of the time.
    """
    order = np.argsort(holdings.portfolio, kind="stable")
    return HoldingRows(
        frozen_int(holdings.instrument[order]),
        frozen_int(holdings.portfolio[order]),
        frozen_int(holdings.fx[order]),
        frozen(holdings.quantity[order]),
    )
