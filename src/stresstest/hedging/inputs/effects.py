"""What one unit of every line gains or loses in every scenario, and the book as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen
from stresstest.hedging.inputs.factor_bumps import converted
from stresstest.hedging.inputs.lines import Line
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import UnitValues, revalue
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.columns import ColumnSource


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """P&L in named scenarios, or in the draws of a sample.

    Attributes
    ----------
    names
        `(n_scenarios,)` of the scenario of each column.
    before
        `(n_scenarios,)` P&L of the book as it is, a gain positive, in the portfolio's currency.
    unit
        `(n_lines, n_scenarios)` P&L of one unit of each line: of a held position as it is, of a candidate
        from the mid today to what it is carried at. NaN for a candidate without a value; 0 for a position
        without one, which a run leaves out of its total.
    cash
        `(n_scenarios,)` P&L of one unit of the portfolio's currency: its interest on a path, else 0.
    n_incomplete
        Columns in which some position of the book has no value, and counts as unmoved.
    """

    names: tuple[str, ...]
    before: FloatArray
    unit: FloatArray
    cash: FloatArray
    n_incomplete: int = 0

    def place(self, name: str) -> int:
        """Return the column called `name`; raise `KeyError` where there is none."""
        if name not in self.names:
            raise KeyError(name)
        return self.names.index(name)

    def joined(self, other: Effects) -> Effects:
        """Return the columns of both."""
        return Effects(
            (*self.names, *other.names),
            frozen(np.concatenate([self.before, other.before])),
            frozen(np.concatenate([self.unit, other.unit], axis=1)),
            frozen(np.concatenate([self.cash, other.cash])),
            self.n_incomplete + other.n_incomplete,
        )

    def first(self) -> Effects:
        """Return the first column alone."""
        before, unit, cash = map(frozen, (self.before[:1], self.unit[:, :1], self.cash[:1]))
        return Effects(self.names[:1], before, unit, cash, min(self.n_incomplete, 1))

    @property
    def by_name(self) -> Mapping[str, int]:
        """Column by name."""
        return {name: place for place, name in enumerate(self.names)}


@dataclass(frozen=True)
class EffectReader:
    """Revalues the one book of portfolio and candidates and reads effects from it.

    Attributes
    ----------
    book
        Its first portfolio is the one to hedge.
    lines
        In fixed order.
    cash_row
        Row of the book of one unit of the portfolio's currency.
    threads
        Threads to use; the numbers do not depend on them.
    """

    book: Book
    lines: Sequence[Line]
    cash_row: int
    threads: int | None = None

    def effects(self, columns: ColumnSource, names: Sequence[str]) -> Effects:
        """Return the effects at the end of each scenario, or draw, of `columns`, called `names`."""
        units = revalue(self.book, columns, threads=self.threads)
        result = apply_holdings(self.book, units).portfolios[0]
        final = columns.table.final_columns
        value = self.values(units)
        unit = np.array([_line_pnl(line, value, final) for line in self.lines])
        unit = unit.reshape(len(self.lines), len(final))
        cash = value[self.cash_row, final] - value[self.cash_row, 0]
        missing = int(np.isnan(result.position_value[:, final]).any(axis=0).sum())
        return Effects(tuple(names), frozen(result.pnl[final]), frozen(unit), frozen(cash), missing)

    def values(self, units: UnitValues) -> FloatArray:
        """Return `(n_instruments, n_columns)` values in the portfolio's currency."""
        return converted(self.book, units, self.book.portfolios[0].currency)


def _line_pnl(line: Line, value: FloatArray, columns: IntArray) -> FloatArray:
    pnl: FloatArray = np.zeros(len(columns))
    for leg in line.legs:
        pnl = pnl + leg.ratio * (value[leg.carried_row, columns] - value[leg.row, 0])
    return np.nan_to_num(pnl, nan=0.0) if line.is_held else pnl
