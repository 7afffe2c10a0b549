"""One position's P&L factor by factor: each shocked factor alone, then what they do together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stresstest.errors import InputError, Problem, nearest
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.columns import ColumnSource, FactorColumns
from stresstest.scenarios.table import ColumnTable


@dataclass(frozen=True, slots=True)
class TracedFactor:
    """P&L of a position when this factor alone moves from `base` to `level`."""

    key: RiskFactorKey
    base: float
    level: float
    pnl: float


@dataclass(frozen=True, slots=True)
class Trace:
    """A position's P&L in one scenario: `pnl` = sum of `factors` + `interaction`."""

    position: str
    scenario: str
    pnl: float
    factors: tuple[TracedFactor, ...]
    interaction: float


def trace(result: PortfolioResult, columns: ColumnSource, position: str) -> tuple[Trace, ...]:
    """Return the traces of `position` in every column of `columns` but the base.

    Each moved factor that the position depends on is set to its level of that column with all others at their
    base, and the book is revalued; the interaction is the rest.

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
    return tuple(_trace(result, columns, row, column) for column in range(1, result.table.n_columns))


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
    interaction = pnl - sum(alone)
    return Trace(result.position_ids[position], result.table.scenario[column], pnl, factors, interaction)


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
    alone = apply_holdings(book, revalue(book, FactorColumns(table, book.market.levels, levels), threads=1))
    names = [portfolio.name for portfolio in alone.portfolios]
    pnl = alone.portfolios[names.index(result.name)].position_pnl
    return [float(value) for value in pnl[position, 1:]]
