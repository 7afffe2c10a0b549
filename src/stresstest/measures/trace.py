"""One position's P&L factor by factor: each shocked factor alone, then what they do together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.errors import InputError, Problem, nearest
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.columns import ColumnSource, FactorColumns
from stresstest.scenarios.histories import AGED
from stresstest.scenarios.table import BASE, NO_DRAW, ColumnTable


@dataclass(frozen=True, slots=True)
class TracedFactor:
    """P&L of a position when this factor alone moves from `base` to `level`."""

    key: RiskFactorKey
    base: float
    level: float
    pnl: float


@dataclass(frozen=True, slots=True)
class Trace:
    """A position's P&L in one scenario: `pnl` = `time` + sum of `factors` + `interaction`.

    `time` is what ageing to the last date of a path gives with every factor at its base: coupons, interest,
    roll-down, time value; 0 for a scenario of today.
    """

    position: str
    scenario: str
    pnl: float
    factors: tuple[TracedFactor, ...]
    interaction: float
    time: float = 0.0


def trace(result: PortfolioResult, columns: ColumnSource, position: str) -> tuple[Trace, ...]:
    """Return the traces of `position` at the end of every scenario of `columns`.

    Each moved factor that the position depends on is set to its level of that column with all others at their
    base, and the book is revalued today; the interaction is the rest.

    Raises
    ------
    InputError
        When the portfolio has no such position.
    """
    if position not in result.position_ids:
        near = nearest(position, result.position_ids)
        raise InputError(
            [Problem("ST264", f"position {position!r}", f"a position of {result.name!r}", suggestion=near)]
        )
    row = result.position_ids.index(position)
    return tuple(_trace(result, columns, row, column) for column in result.table.final_columns.tolist())


def _trace(result: PortfolioResult, columns: ColumnSource, position: int, column: int) -> Trace:
    book = result.book
    requirements = book.instruments[int(result.instrument[position])].requirements
    keys = tuple(
        dict.fromkeys(
            (*requirements.factors, *book.conversion_factors(requirements.currency, result.currency))
        )
    )
    number = int(columns.table.slice[column])
    start, _ = columns.table.slice_bounds(number)
    bound = columns.bind(keys)
    level = bound.chunk(number, column - start, column - start + 1)[:, 0]
    moved = [(key, base, to) for key, base, to in zip(keys, bound.base, level, strict=True) if to != base]
    alone = _alone(book, result, position, [(key, float(to)) for key, _, to in moved])
    factors = tuple(
        TracedFactor(key, float(base), float(to), pnl)
        for (key, base, to), pnl in zip(moved, alone, strict=True)
    )
    pnl = float(result.position_pnl[position, column])
    time = _aged(book, result, position, columns.elapsed_years[number])
    interaction = pnl - (time + sum(alone))
    return Trace(
        result.position_ids[position], result.table.scenario[column], pnl, factors, interaction, time
    )


def _aged(book: Book, result: PortfolioResult, position: int, years: float) -> float:
    """Return the position's P&L when `years` pass and nothing moves."""
    if years == 0.0:
        return 0.0
    table = ColumnTable((BASE, AGED), np.array([0, 1]), (BASE, AGED), np.full(2, NO_DRAW), np.full(2, np.nan))
    columns = FactorColumns(table, book.market.levels, {}, (0.0, years))
    return float(_position_pnl(book, result, columns)[position, 1])


def _position_pnl(book: Book, result: PortfolioResult, columns: FactorColumns) -> FloatArray:
    """Return `(n_positions, n_columns)` P&L of the portfolio of `result` in other columns."""
    other = apply_holdings(book, revalue(book, columns, threads=1))
    names = [portfolio.name for portfolio in other.portfolios]
    return other.portfolios[names.index(result.name)].position_pnl


def _alone(
    book: Book, result: PortfolioResult, position: int, moved: list[tuple[RiskFactorKey, float]]
) -> list[float]:
    """Return the position's P&L with each factor moved alone."""
    if not moved:
        return []
    levels = {}
    for column, (key, level) in enumerate(moved, start=1):
        row = np.full(len(moved) + 1, book.market.levels[key])
        row[column] = level
        levels[key] = row
    table = ColumnTable.instant([str(key) for key, _ in moved])
    pnl = _position_pnl(book, result, FactorColumns(table, book.market.levels, levels))
    return [float(value) for value in pnl[position, 1:]]
