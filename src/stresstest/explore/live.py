"""A book kept compiled: a moved driver repeats its scenario and what it moves, a trade only the holdings."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from stresstest.api import Book, Portfolio, Stress, compile_portfolios
from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.explore.moves import CompiledMoves, Move
from stresstest.explore.recent import Recent
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.network_holders import with_holders
from stresstest.revaluation.engine import UnitValues
from stresstest.revaluation.repeated import RepeatedRevaluation, UnitColumns, exchange_columns
from stresstest.revaluation.totals import NettedHoldings, apply_held, netted
from stresstest.scenarios.columns import ColumnSource
from stresstest.scenarios.scenario import Scenario, ScenarioSet

KEPT = 64
"""Scenarios whose unit values are kept: 5 MB a thousand instruments and hundred columns."""


def nothing() -> None:
    """Do nothing between the steps of a long work."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Instruments of a book that were compiled together.

    Attributes
    ----------
    repeated
        Values them under one scenario after the other.
    rows
        `(n_part_instruments,)` row of each in the whole book.
    kept
        Their values under the latest moves.
    """

    repeated: RepeatedRevaluation
    rows: IntArray
    kept: Recent[Hashable, UnitColumns]

    @classmethod
    def of(cls, book: Book, rows: Sequence[int] | None = None) -> Part:
        """Return `book` as a part; without `rows` it is the whole."""
        places = range(len(book.instruments)) if rows is None else rows
        return cls(RepeatedRevaluation(book), frozen_int(list(places)), Recent(KEPT))


class _Units(NamedTuple):
    """Unit values of the whole book, and cash within them."""

    value: FloatArray
    cash: FloatArray | None


@dataclass(frozen=True, eq=False)
class LiveBook:
    """Portfolios over a market, ready to be valued under any move of any scenario, to the bits of a run.

    Attributes
    ----------
    book
        All portfolios, with what was traded.
    moves
        Columns of scenarios over the book's market.
    parts
        Instruments as they were compiled: those of the portfolios, then those of trades.
    scenarios
        As written.
    """

    book: Book
    moves: CompiledMoves
    parts: tuple[Part, ...]
    scenarios: ScenarioSet
    _holdings: Recent[tuple[str, ...], NettedHoldings] = field(default_factory=lambda: Recent(8), init=False)

    @classmethod
    def of(cls, portfolios: Sequence[Portfolio], scenarios: ScenarioSet, market: MarketSnapshot) -> LiveBook:
        """Return `portfolios` compiled over `market` for `scenarios`.

        Raises
        ------
        InputError
            With everything that is wrong between them.
        """
        book = compile_portfolios(portfolios, market, scenarios)
        return cls(book, CompiledMoves(book.market), (Part.of(book),), scenarios)

    def stress(self, move: Move, names: Sequence[str], between: Callable[[], None] = nothing) -> Stress:
        """Return the portfolios called `names`, together, fully revalued under `move`.

        Parameters
        ----------
        names
            Portfolios; they act together where the scenario's network lets them act.
        between
            Called between steps; what it raises ends the work.

        Raises
        ------
        InputError
            Where the scenario is impossible at this move.
        """
        book = self.with_only(names)
        acting = _acts(move.scenario)
        holders: Hashable = (tuple(names), id(self)) if acting else None
        if acting:
            (scenario,) = with_holders(ScenarioSet((move.scenario,)), book)
            move = replace(move, scenario=scenario)
        between()
        compiled = self.moves.of(move, holders)
        between()
        columns = compiled.columns
        found = self._units((move.key, holders), columns, between)
        conversions, rates = exchange_columns(book, columns)
        units = UnitValues(found.value, rates, conversions, columns, found.cash)
        holdings = self._holdings.get(tuple(names), lambda: netted(book, units))
        result = apply_held(book, holdings, units)
        warnings = (*book.market.notes, *map(str, compiled.warnings))
        return Stress(replace(result, warnings=warnings), compiled, ScenarioSet((move.scenario,)))

    def with_only(self, names: Sequence[str]) -> Book:
        """Return the book of the portfolios called `names`, in the order of the book."""
        if len(names) == len(self.book.portfolios):
            return self.book
        return replace(
            self.book, portfolios=tuple(held for held in self.book.portfolios if held.name in names)
        )

    def _units(self, key: Hashable, columns: ColumnSource, between: Callable[[], None]) -> _Units:
        def values(part: Part) -> UnitColumns:
            return part.kept.get(key, lambda: part.repeated.values(columns, between))

        if len(self.parts) == 1:
            return _Units(*values(self.parts[0]))
        whole = np.empty((len(self.book.instruments), columns.n_columns))
        paid = np.zeros_like(whole)
        for part in self.parts:
            found = values(part)
            whole[part.rows] = found.value
            if found.cash is not None:
                paid[part.rows] = found.cash
        return _Units(frozen(whole), frozen(paid) if columns.table.n_slices > 1 else None)


def _acts(scenario: Scenario) -> bool:
    """Tell whether the portfolios of a run act in the network of `scenario`."""
    return scenario.network is not None and scenario.network.portfolio is not None
