"""Cash that instruments pay along a path: collected chunk by chunk, then carried from step to step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen_int
from stresstest.catalog import instrument_type
from stresstest.kernels.market import MarketRows
from stresstest.portfolio.book import Block, Book, ResolvedSlice
from stresstest.scenarios.histories import AGED, previous_columns
from stresstest.scenarios.table import ColumnTable


class Payments:
    """What one unit of each instrument pays between the steps of a path, and what cash earns meanwhile.

    Cash stays in the instrument's currency and earns the discount curve's rate over each gap, at the levels
    in force when the gap begins; nothing in a currency without a discount curve. A run of one slice pays
    nothing, and none of this takes memory or time.

    Attributes
    ----------
    table
        What each column is.
    paid
        `(n_instruments, n_columns)` cash since the step before; only aged columns pay, but for
        instruments that decide by column.
    growth
        `(n_currencies, n_columns)` value at a column of one unit of money at the step before.
    currency
        `(n_instruments,)` row of `growth` of each instrument.
    by_levels
        Instruments whose type `pays_by_levels`: what a shocked column decides, it also pays.
    """

    def __init__(self, table: ColumnTable, currencies: Sequence[str], by_levels: Sequence[int] = ()) -> None:
        self.table = table
        n_columns = table.n_columns if table.n_slices > 1 else 0
        self._rows = {name: row for row, name in enumerate(dict.fromkeys(currencies))}
        self.currency: IntArray = frozen_int([self._rows[name] for name in currencies])
        self.by_levels: IntArray = frozen_int(list(by_levels))
        self.paid: FloatArray = np.zeros((len(currencies), n_columns))
        self.growth: FloatArray = np.ones((len(self._rows), n_columns))

    @classmethod
    def over(cls, book: Book, table: ColumnTable) -> Payments:
        """Return the payments, none made yet, of the instruments of `book`."""
        items = book.instruments
        by_levels = [row for row, item in enumerate(items) if instrument_type(item.tag).pays_by_levels]
        return cls(table, [item.requirements.currency for item in items], by_levels)

    def add(self, block: Block, paid: FloatArray, place: slice) -> None:
        """Take what a kernel wrote for the columns `place`; chunks may come in any order."""
        if self.paid.shape[1]:
            self.paid[block.first : block.last, place] = paid

    def add_growth(self, resolved: ResolvedSlice, market: MarketRows, place: slice) -> None:
        """Take what money earns over the gap before the columns `place`."""
        for deposit in resolved.deposits:
            self.growth[self._rows[deposit.currency], place] = 1.0 / market.derived[deposit.discount_row]

    def accumulated(self) -> FloatArray | None:
        """Return `(n_instruments, n_columns)` cash since column 0 with interest; None for a run of one slice.

        NaN from the step on at which an instrument pays what is not finite.
        """
        if not self.paid.shape[1]:
            return None
        cash = np.zeros_like(self.paid)
        before = previous_columns(self.table)
        aged = np.array([stage == AGED for stage in self.table.stage])
        for number in range(1, self.table.n_slices):
            low, high = self.table.slice_bounds(number)
            columns = np.arange(low, high)
            ageing, others = columns[aged[columns]], columns[~aged[columns]]
            growth = self.growth[:, ageing][self.currency]
            grown = cash[:, before[ageing]] * growth + self.paid[:, ageing]
            grown[~np.isfinite(grown)] = np.nan
            cash[:, ageing] = grown
            for column in others.tolist():
                cash[:, column] = cash[:, before[column]]
                own = self.paid[self.by_levels, column] - self.paid[self.by_levels, before[column]]
                cash[self.by_levels, column] += own
        cash.flags.writeable = False
        return cash
