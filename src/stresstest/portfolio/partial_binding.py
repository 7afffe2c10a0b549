"""Portfolios meet a market, position by position: what cannot be bound is left out and named, not an end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stresstest.arrays import IntArray, frozen_int
from stresstest.errors import InputError, Problem, ProblemList
from stresstest.market.fx import fx_factors
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.binding import Binder, BoundInstrument, Draft, Holder, holder_at
from stresstest.portfolio.model import Instrument, Portfolio

REFUSED = -1
"""Instead of a row of an instrument, of a position that could not be bound."""

_UNKNOWN = -2
"""Instead of the number of a draft: not asked for yet."""


@dataclass(frozen=True, slots=True)
class RefusedPosition:
    """A position that could not be bound, and why; `position` is empty where it is the whole portfolio."""

    portfolio: str
    position: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class PartialBinding:
    """Portfolios bound to a market as far as they can be.

    Attributes
    ----------
    market
        With the private factors of the portfolios.
    instruments
        Distinct over all portfolios, in canonical order.
    rows
        For each portfolio `(n_positions,)` rows in `instruments`, `REFUSED` where one could not be bound.
    refused
        By portfolio, as they came, and position.
    """

    market: MarketSnapshot
    instruments: tuple[BoundInstrument, ...]
    rows: tuple[IntArray, ...]
    refused: tuple[RefusedPosition, ...]


def bind_partially(portfolios: Sequence[Portfolio], market: MarketSnapshot) -> PartialBinding:
    """Return `portfolios`, each with a currency, bound to `market`; never an end because of a position.

    Instruments that share an object are looked at once, however many portfolios hold them: tables of many
    accounts are bound in the time of their distinct instruments.
    """
    drafts = _Drafts(market)
    numbers = [drafts.numbers(portfolio) for portfolio in portfolios]
    instruments, row_of = _canonical(drafts.finished())
    to_currency = {
        currency: _convertible(instruments, row_of, (market, currency))
        for currency in dict.fromkeys(portfolio.currency for portfolio in portfolios)
    }
    rows = [
        frozen_int(to_currency[portfolio.currency][found])
        for portfolio, found in zip(portfolios, numbers, strict=True)
    ]
    refused = [
        item
        for portfolio, found in zip(portfolios, rows, strict=True)
        for item in drafts.refused(portfolio, found)
    ]
    return PartialBinding(drafts.extended, instruments, tuple(rows), tuple(refused))


def _canonical(bound: Sequence[BoundInstrument | None]) -> tuple[tuple[BoundInstrument, ...], IntArray]:
    """Return the distinct instruments in canonical order, and the row of each draft, and of none."""
    distinct = {(item.tag, item.spec): item for item in bound if item is not None}
    instruments = tuple(sorted(distinct.values(), key=BoundInstrument.sort_key))
    place = {(item.tag, item.spec): row for row, item in enumerate(instruments)}
    rows = [REFUSED if item is None else place[item.tag, item.spec] for item in bound]
    return instruments, frozen_int([*rows, REFUSED])


def _convertible(
    instruments: Sequence[BoundInstrument], row_of: IntArray, into: tuple[MarketSnapshot, str]
) -> IntArray:
    """Return `row_of` with `REFUSED` for instruments whose currency has no rate into that of `into`."""
    market, currency = into
    known = {
        own: _has_rate(market, own, currency)
        for own in dict.fromkeys(item.requirements.currency for item in instruments)
    }
    good = np.array([*(known[item.requirements.currency] for item in instruments), False])
    return frozen_int(np.where(good[row_of], row_of, REFUSED))


def _has_rate(market: MarketSnapshot, from_currency: str, to_currency: str) -> bool:
    try:
        fx_factors(market, from_currency, to_currency)
    except InputError:
        return False
    return True


class _Drafts:
    """Drafts of instruments, each distinct one once: numbers for the positions of every portfolio."""

    def __init__(self, market: MarketSnapshot) -> None:
        self._binder = Binder(market)
        self.extended = market
        self._drafts: list[Draft] = []
        self._by_terms: dict[Instrument, int] = {}
        self._by_table: dict[int, IntArray] = {}
        self._currencies: dict[str, tuple[Problem, ...]] = {}

    def numbers(self, portfolio: Portfolio) -> IntArray:
        """Return `(n_positions,)` numbers of drafts, `REFUSED` where there is none."""
        if self._currency_problems(portfolio):
            return np.full(len(portfolio.positions), REFUSED)
        table = self._by_table.get(id(portfolio.instruments))
        if table is None:
            table = np.full(len(portfolio.instruments), _UNKNOWN)
            self._by_table[id(portfolio.instruments)] = table
        held = portfolio.positions.instrument
        if (table[held] == _UNKNOWN).any():
            for row, first in zip(
                *(found.tolist() for found in np.unique(held, return_index=True)), strict=True
            ):
                if table[row] == _UNKNOWN:
                    table[row] = self._number(portfolio.instruments[row], holder_at(portfolio, first))
        return table[held]

    def _number(self, instrument: Instrument, holder: Holder) -> int:
        """Return the number of the draft of an instrument; what is private to it has the name of one holder.

        Levels that terms override are the same for all who hold these terms, so they share them.
        """
        known = self._by_terms.get(instrument)
        if known is not None:
            return known
        # Whether each holder's currency can be had is asked for at the end.
        draft = self._binder.draft(instrument, replace(holder, currency=self._binder.market.currency))
        number = REFUSED if draft is None else len(self._drafts)
        if draft is not None:
            self._drafts.append(draft)
        self._by_terms[instrument] = number
        return number

    def _currency_problems(self, portfolio: Portfolio) -> tuple[Problem, ...]:
        """Return why values in a portfolio's currency cannot be added to others."""
        found = self._currencies.get(portfolio.currency)
        if found is None:
            self._binder.problems = ProblemList()
            self._binder.check_currency(portfolio)
            found = self._currencies[portfolio.currency] = tuple(self._binder.problems)
        return found

    def finished(self) -> list[BoundInstrument | None]:
        """Return every draft as a bound instrument, None for one whose requirements cannot be met."""
        self.extended = self._binder.private.extended()
        return [self._binder.finish(draft, self.extended) for draft in self._drafts]

    def refused(self, portfolio: Portfolio, rows: IntArray) -> Iterator[RefusedPosition]:
        """Yield the positions of a portfolio without a row, each with problems at its own place."""
        problems = self._currency_problems(portfolio)
        if problems:
            where = replace(problems[0].location, file=portfolio.file)
            yield RefusedPosition(portfolio.name, "", tuple(problem.at(where) for problem in problems))
            return
        for position in np.flatnonzero(rows == REFUSED).tolist():
            instrument = portfolio.instruments[int(portfolio.positions.instrument[position])]
            holder = holder_at(portfolio, position)
            yield RefusedPosition(portfolio.name, holder.position, self._why(instrument, holder))

    def _why(self, instrument: Instrument, holder: Holder) -> tuple[Problem, ...]:
        """Return what is wrong with an instrument, told of the position that holds it."""
        binder = self._binder
        binder.problems = ProblemList()
        draft = binder.draft(instrument, holder)
        if draft is not None:
            binder.finish(draft, self.extended)
        return tuple(binder.problems)
