"""Portfolios of a batch in the market: one book of distinct instruments, positions as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.batch.inputs.loading import JobInputs
from stresstest.batch.planning.prepared import Refused
from stresstest.errors import InputError, Location, Problem
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import Book, BookPortfolio
from stresstest.portfolio.model import Portfolio, Positions
from stresstest.portfolio.partial_binding import REFUSED, bind_partially


@dataclass(frozen=True, slots=True)
class Bound:
    """Portfolios in a market.

    Attributes
    ----------
    book
        Distinct instruments; one portfolio a currency that holds one of each, so that the book knows which
        currencies meet.
    portfolios
        Those with a position that could be bound, in order of name.
    kept
        For each portfolio `(n_kept,)` positions that could be bound.
    instrument
        For each portfolio `(n_kept,)` row of `book.instruments`.
    n_refused
        `(n_portfolios,)` positions that could not be bound.
    refused
        Why, by portfolio and position; portfolios that could not be read among them.
    """

    book: Book
    portfolios: tuple[Portfolio, ...]
    kept: tuple[IntArray, ...]
    instrument: tuple[IntArray, ...]
    n_refused: IntArray
    refused: tuple[Refused, ...]

    def whole_book(self) -> Book:
        """Return the book with every portfolio as it is, for what needs positions themselves."""
        held = tuple(
            BookPortfolio(_kept(portfolio, rows), instrument)
            for portfolio, rows, instrument in zip(self.portfolios, self.kept, self.instrument, strict=True)
        )
        return replace(self.book, portfolios=held)


def _kept(portfolio: Portfolio, rows: IntArray) -> Portfolio:
    """Return a portfolio with some of its positions."""
    positions = portfolio.positions
    if len(rows) == len(positions):
        return portfolio
    chosen = rows.tolist()
    return replace(
        portfolio,
        positions=Positions(
            tuple(positions.ids[row] for row in chosen),
            frozen_int(positions.instrument[rows]),
            frozen(positions.quantity[rows]),
            frozen(positions.weight[rows]),
            {tag: tuple(values[row] for row in chosen) for tag, values in positions.tags.items()},
        ),
    )


def bound(inputs: JobInputs, market: MarketSnapshot) -> Bound:
    """Return the portfolios of a job bound to `market`, which knows the events of the scenarios.

    Raises
    ------
    InputError
        ST706, with everything that is wrong, where no position of any portfolio can be bound.
    """
    binding = bind_partially(inputs.portfolios, market)
    kept = [np.flatnonzero(rows != REFUSED) for rows in binding.rows]
    usable = [place for place, positions in enumerate(kept) if len(positions)]
    problems = [problem for item in binding.refused for problem in item.problems]
    if not usable:
        got = "a job of which no position is found in the market"
        raise InputError([*problems, Problem("ST706", got, "at least one", Location(inputs.job.file))])
    portfolios = tuple(inputs.portfolios[place] for place in usable)
    instrument = tuple(frozen_int(binding.rows[place][kept[place]]) for place in usable)
    refused = [_refused(item.portfolio, item.position, item.problems) for item in binding.refused]
    unread = [_refused(item.portfolio, item.position, item.problems) for item in inputs.refused]
    missing = dict.fromkeys(portfolio.name for portfolio in portfolios)
    count = dict.fromkeys(missing, 0)
    for item in (*refused, *unread):
        if item.portfolio in count:
            count[item.portfolio] += 1
    book = Book(binding.market, binding.instruments, _currencies(portfolios, instrument))
    return Bound(
        book,
        portfolios,
        tuple(frozen_int(kept[place]) for place in usable),
        instrument,
        frozen_int(list(count.values())),
        tuple(sorted((*refused, *unread))),
    )


def _refused(portfolio: str, position: str, problems: Sequence[Problem]) -> Refused:
    code = problems[0].code if problems else ""
    return Refused(portfolio, position, code, "\n".join(problem.format() for problem in problems))


def _currencies(portfolios: Sequence[Portfolio], rows: Sequence[IntArray]) -> tuple[BookPortfolio, ...]:
    """Return for each currency a portfolio that holds one of everything that portfolios in it hold."""
    held: dict[str, list[IntArray]] = {}
    for portfolio, instrument in zip(portfolios, rows, strict=True):
        held.setdefault(portfolio.currency, []).append(instrument)
    return tuple(
        BookPortfolio(_nothing(currency), frozen_int(np.unique(np.concatenate(parts))))
        for currency, parts in sorted(held.items())
    )


def _nothing(currency: str) -> Portfolio:
    none: FloatArray = frozen([])
    return Portfolio(currency.lower(), currency, (), Positions((), frozen_int([]), none, none))
