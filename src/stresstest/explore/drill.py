"""One position of a book by itself: what each factor that it reads does to it."""

from __future__ import annotations

from dataclasses import replace

from stresstest.api import Book, apply_holdings, revalue
from stresstest.arrays import frozen, frozen_int
from stresstest.errors import InputError, Location, Problem, nearest
from stresstest.measures.trace import Trace, trace
from stresstest.portfolio.book import BookPortfolio
from stresstest.portfolio.model import Positions
from stresstest.scenarios.columns import ColumnSource


def traces_of(book: Book, portfolio: str, position: str, columns: ColumnSource) -> tuple[Trace, ...]:
    """Return a position's P&L factor by factor in every scenario of `columns`; only it is valued.

    Raises
    ------
    InputError
        Where the portfolio has no such position.
    """
    held = next(one for one in book.portfolios if one.name == portfolio)
    if position not in held.positions.ids:
        near = nearest(position, held.positions.ids)
        got = f"position {position!r}"
        raise InputError([Problem("ST264", got, f"a position of {portfolio}", Location("page"), near)])
    alone = _alone(book, held, held.positions.ids.index(position))
    result = apply_holdings(alone, revalue(alone, columns, threads=1))
    return trace(result.portfolios[0], columns, position)


def _alone(book: Book, held: BookPortfolio, row: int) -> Book:
    """Return the book of one position; a weight stays a share of the whole portfolio's total."""
    written = held.positions
    positions = Positions(
        (written.ids[row],), frozen_int([0]), frozen([written.quantity[row]]), frozen([written.weight[row]])
    )
    instrument = held.portfolio.instruments[int(written.instrument[row])]
    portfolio = replace(held.portfolio, instruments=(instrument,), positions=positions, limits=())
    own = (book.instruments[int(held.instrument[row])],)
    return replace(book, instruments=own, portfolios=(BookPortfolio(portfolio, frozen_int([0])),))
