"""Results of a run: portfolio totals and positions in every column, failures, reconciliation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen
from stresstest.kernels.holdings import add_left_out
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import Book
from stresstest.portfolio.private import Proxied
from stresstest.revaluation.engine import UnitValues
from stresstest.revaluation.failures import FailureReason, PositionFailure
from stresstest.revaluation.holdings import BaseValues, Held, base_values, net_holdings
from stresstest.scenarios.table import ColumnTable


@dataclass(frozen=True)
class PortfolioResult:
    """One portfolio in every column.

    Attributes
    ----------
    book, held
        The book and the portfolio's holdings in it.
    table
        What each column is.
    value
        `(n_columns,)` sum of the position values in the portfolio's currency, positions without a value left
        out.
    units
        Unit values, or None when only aggregates were asked for.
    without
        `(n_columns,)` what `left_out` is where only aggregates were kept; None: nothing.
    """

    book: Book
    held: Held
    table: ColumnTable
    value: FloatArray
    units: UnitValues | None = None
    without: FloatArray | None = None

    @property
    def name(self) -> str:
        """Name of the portfolio."""
        return self.held.portfolio.name

    @property
    def currency(self) -> str:
        """Currency of every value."""
        return self.held.portfolio.currency

    @property
    def position_ids(self) -> tuple[str, ...]:
        """Ids of the positions, in the order written."""
        return self.held.portfolio.positions.ids

    @property
    def instrument(self) -> IntArray:
        """Row of `book.instruments` of each position."""
        return self.held.portfolio.instrument

    @property
    def position_types(self) -> tuple[str, ...]:
        """Type tag of each position."""
        tags = [item.tag for item in self.book.instruments]
        return tuple(tags[row] for row in self.instrument.tolist())

    @property
    def base_value(self) -> float:
        """Value in column 0, positions without a base value left out."""
        return float(self.value[0])

    @cached_property
    def position_value(self) -> FloatArray:
        """`(n_positions, n_columns)` quantity × unit value × exchange rate, NaN where there is none.

        Raises
        ------
        ValueError
            When the run kept aggregates only.
        """
        if self.units is None:
            raise ValueError("the run kept aggregates only; run it with less columns to see positions")
        unit, fx = self.units.value[self.instrument], self.units.fx[self.held.fx]
        value: FloatArray = (self.held.quantity[:, np.newaxis] * unit) * fx
        value.flags.writeable = False
        return value

    @cached_property
    def position_pnl(self) -> FloatArray:
        """`(n_positions, n_columns)` change from column 0, NaN where a value is missing on either side."""
        pnl: FloatArray = self.position_value - self.position_value[:, :1]
        return pnl

    @cached_property
    def left_out(self) -> FloatArray:
        """`(n_columns,)` base value of the positions that a column's total leaves out, summed as it is."""
        if self.without is not None:
            return self.without
        left = np.zeros((1, self.table.n_columns))
        if self.units is not None and np.isnan(self.position_value).any():
            rows, units = net_holdings((self.held,)), self.units
            base = base_values(rows, BaseValues(units.value[:, 0], units.fx[:, 0], units.conversions))
            add_left_out(rows, units.value, units.fx, base, left)
        return frozen(left[0])

    @cached_property
    def pnl(self) -> FloatArray:
        """`(n_columns,)` stressed − base over the positions that have both values; gain positive."""
        pnl: FloatArray = self.value - (self.value[0] - self.left_out)
        return pnl

    @property
    def gross_value(self) -> float:
        """Sum of the absolute base values of the positions; of the total where only aggregates were kept."""
        if self.units is None:
            return abs(self.base_value)
        return float(np.nansum(np.abs(self.position_value[:, 0])))

    @cached_property
    def failures(self) -> tuple[PositionFailure, ...]:
        """Every position that has no value in some scenario, at the first column that lacks it."""
        if self.units is None or not np.isnan(self.units.value).any():
            return ()
        rows, columns = np.nonzero(np.isnan(self.position_value))
        first: dict[tuple[int, str, int], int] = {}
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            first.setdefault((row, self.table.scenario[column], int(self.table.draw[column])), column)
        return tuple(self._failure(row, column) for (row, _, _), column in first.items())

    def _failure(self, position: int, column: int) -> PositionFailure:
        item = self.book.instruments[int(self.instrument[position])]
        outside = self._outside_domain(item.requirements.factors, column)
        reason = FailureReason.FACTOR_OUTSIDE_DOMAIN if outside else FailureReason.NOT_FINITE
        return PositionFailure(
            self.name,
            self.position_ids[position],
            self.table.scenario[column],
            reason,
            outside or f"{item.tag} has no finite value under the factors of this column",
            float(self.position_value[position, 0]),
        )

    def _outside_domain(self, keys: tuple[RiskFactorKey, ...], column: int) -> str:
        """Return the first of `keys` whose level is outside its kind's domain, with the level."""
        if self.units is None:
            return ""
        number = int(self.table.slice[column])
        place = column - self.table.slice_bounds(number)[0]
        levels = self.units.columns.bind(keys).chunk(number, place, place + 1)[:, 0].tolist()
        for key, level in zip(keys, levels, strict=True):
            if not FACTOR_KINDS[key.kind].domain.holds(level):
                return f"{key} is {level:g}"
        return ""

    @property
    def proxied(self) -> tuple[Proxied, ...]:
        """Positions that the market does not price, valued as stated and shocked through their proxies."""
        rows = dict.fromkeys(self.instrument.tolist())
        found = (self.book.instruments[row].proxied for row in rows)
        return tuple(record for record in found if record is not None)

    @cached_property
    def reconciliation_gap(self) -> float:
        """Largest |total − sum of positions| over the columns, as a share of gross value."""
        if self.units is None or not len(self.position_ids):
            return 0.0
        gap = scale = 0.0
        for total, column in zip(self.value.tolist(), self.position_value.T, strict=True):
            # numpy adds a contiguous column pairwise. Row after row, the sum of a million positions is off by
            # more than the gap that is looked for.
            values = np.nan_to_num(column)
            gap = max(gap, abs(total - float(values.sum())))
            scale = max(scale, float(np.abs(values).sum()))
        return gap / scale if scale else 0.0


@dataclass(frozen=True)
class StressResult:
    """Every portfolio of a book in every column.

    Attributes
    ----------
    total
        `(n_columns,)` sum over the portfolios in `currency`.
    warnings
        What a reader of the numbers must know.
    """

    book: Book
    table: ColumnTable
    portfolios: tuple[PortfolioResult, ...]
    currency: str
    total: FloatArray
    warnings: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[PositionFailure, ...]:
        """Failures of all portfolios."""
        return tuple(failure for portfolio in self.portfolios for failure in portfolio.failures)

    def to_numpy(self) -> FloatArray:
        """Return `(n_portfolios, n_results)` P&L at the end of each scenario and draw, in own currencies."""
        final = self.table.final_columns
        return np.array([portfolio.pnl[final] for portfolio in self.portfolios])
