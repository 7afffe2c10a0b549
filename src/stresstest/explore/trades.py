"""What-if trades: other quantities, and positions that are added, in a book that stays compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from stresstest.api import Book, Portfolio
from stresstest.arrays import frozen, frozen_int
from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.explore.live import KEPT, LiveBook, Part
from stresstest.explore.moves import CompiledMoves
from stresstest.explore.recent import Recent
from stresstest.portfolio.binding import BoundInstrument
from stresstest.portfolio.book import BookPortfolio, compile_book
from stresstest.portfolio.loading import parse_positions
from stresstest.portfolio.model import Positions

TRADE = "trade"
"""What problems call the text of added positions."""


@dataclass(frozen=True, slots=True)
class Trades:
    """What is changed in one portfolio.

    Attributes
    ----------
    quantities
        New quantity of positions by id.
    added
        Positions as a document writes them below `positions:`, or nothing.
    """

    quantities: Mapping[str, float] = field(default_factory=dict)
    added: str = ""

    @property
    def key(self) -> tuple[tuple[tuple[str, float], ...], str]:
        """What distinguishes these trades from others."""
        return tuple(sorted(self.quantities.items())), self.added


class _Traded(NamedTuple):
    """A portfolio after its trades, and what was added to it, if anything."""

    portfolio: Portfolio
    added: Portfolio | None


def traded(live: LiveBook, trades: Mapping[str, Trades]) -> LiveBook:
    """Return the book after `trades`, by portfolio; only what is added is compiled.

    Raises
    ------
    InputError
        With every position that is unknown, written wrongly or not in the market.
    """
    problems, changed = ProblemList(), []
    for held in live.book.portfolios:
        try:
            changed.append(_traded(held.portfolio, trades.get(held.name, Trades())))
        except InputError as error:
            problems.extend(error.problems)
    problems.raise_if_any()
    additions = [one.added for one in changed if one.added is not None]
    if not additions:
        portfolios = tuple(
            replace(held, portfolio=one.portfolio)
            for held, one in zip(live.book.portfolios, changed, strict=True)
        )
        return replace(live, book=replace(live.book, portfolios=portfolios))
    return _with_added(live, changed, compile_book(additions, live.book.market))


def _traded(portfolio: Portfolio, trades: Trades) -> _Traded:
    """Return the portfolio as a file would hold it after its trades."""
    positions = portfolio.positions
    quantity, weight, lots = positions.quantity.copy(), positions.weight.copy(), dict(positions.lots)
    places = {name: row for row, name in enumerate(positions.ids)}
    for name, amount in trades.quantities.items():
        if name not in places:
            expected, near = f"a position of {portfolio.name}", nearest(name, places)
            raise InputError([Problem("ST264", f"position {name!r}", expected, Location(TRADE), near)])
        quantity[places[name]], weight[places[name]] = amount, np.nan
        # What was bought when is known of the old quantity only.
        lots.pop(places[name], None)
    positions = replace(positions, quantity=frozen(quantity), weight=frozen(weight), lots=lots)
    portfolio = replace(portfolio, positions=positions)
    if not trades.added.strip():
        return _Traded(portfolio, None)
    added = parse_positions(trades.added, TRADE, portfolio.name, portfolio.currency)
    return _Traded(_joined(portfolio, added), added)


def _joined(portfolio: Portfolio, added: Portfolio) -> Portfolio:
    """Return `portfolio` with the positions of `added` after its own."""
    own, more = portfolio.positions, added.positions
    twice = [row for row, name in enumerate(more.ids) if name in set(own.ids)]
    if twice:
        raise InputError(
            Problem(
                "ST250", f"position id {more.ids[row]!r} stands twice", "a unique id", more.locate(row, "id")
            )
            for row in twice
        )
    instruments = dict.fromkeys((*portfolio.instruments, *added.instruments))
    place = {instrument: row for row, instrument in enumerate(instruments)}
    rows = [*(place[portfolio.instruments[row]] for row in own.instrument.tolist())]
    rows += [place[added.instruments[row]] for row in more.instrument.tolist()]
    tags = {name: (*cells, *("" for _ in more.ids)) for name, cells in own.tags.items()}
    for name, cells in more.tags.items():
        tags[name] = (*own.tags.get(name, ("" for _ in own.ids)), *cells)
    names = (*own.names, *("" for _ in more.ids)) if own.names else ()
    lots = own.lots | {len(own) + row: several for row, several in more.lots.items()}  # type: ignore[operator]
    columns = frozen_int(rows), frozen([*own.quantity, *more.quantity]), frozen([*own.weight, *more.weight])
    return replace(
        portfolio,
        instruments=tuple(instruments),
        positions=Positions((*own.ids, *more.ids), *columns, tags, names, own.locate, lots),
    )


def _with_added(live: LiveBook, changed: Sequence[_Traded], extra: Book) -> LiveBook:
    """Return `live` with the instruments of `extra` in their canonical places."""
    distinct = {(item.tag, item.spec): item for item in (*live.book.instruments, *extra.instruments)}
    instruments = tuple(sorted(distinct.values(), key=BoundInstrument.sort_key))
    place = {(item.tag, item.spec): row for row, item in enumerate(instruments)}
    own = frozen_int([place[item.tag, item.spec] for item in live.book.instruments])
    new = frozen_int([place[item.tag, item.spec] for item in extra.instruments])
    found = iter(extra.portfolios)
    portfolios = []
    for held, one in zip(live.book.portfolios, changed, strict=True):
        rows = own[held.instrument]
        if one.added is not None:
            rows = np.concatenate([rows, new[next(found).instrument]])
        portfolios.append(BookPortfolio(one.portfolio, frozen_int(rows)))
    same = extra.market is live.book.market
    first = live.parts[0]
    parts = (Part(first.repeated, own, first.kept if same else Recent(KEPT)), Part.of(extra, new.tolist()))
    moves = live.moves if same else CompiledMoves(extra.market)
    return replace(live, book=Book(extra.market, instruments, tuple(portfolios)), moves=moves, parts=parts)
