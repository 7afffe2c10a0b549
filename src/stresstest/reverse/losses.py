"""Loss of a book as a function of moves of chosen risk factors, fully revalued, with gradients by bumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import Book
from stresstest.revaluation.totals import stress_totals
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.implied import follow_links
from stresstest.scenarios.propagated import level_after
from stresstest.scenarios.table import ColumnTable

BUMP = 1e-4
"""Size of the bump of a gradient, in standard deviations of the factor over the horizon."""


@dataclass(frozen=True, slots=True, eq=False)
class LossFunction:
    """What moves of factors cost a portfolio, links followed, private copies moving as their public factor.

    Attributes
    ----------
    keys
        `(n,)` factors that move.
    portfolio
        Place of the portfolio in the book.
    deviations
        `(n,)` sizes by which gradients are bumped.
    """

    book: Book
    keys: tuple[RiskFactorKey, ...]
    portfolio: int
    deviations: FloatArray

    def __call__(self, moves: Sequence[FloatArray]) -> FloatArray:
        """Return `(n_moves,)` loss under each move `(n,)`, positive for a loss, in the portfolio's currency."""
        result = stress_totals(self.book, self._columns(moves))
        return frozen(-result.portfolios[self.portfolio].pnl[1:])

    def gradient(self, move: FloatArray) -> tuple[float, FloatArray]:
        """Return the loss at a move, and `(n,)` its derivative: half the difference of bumps up and down."""
        steps = BUMP * np.diag(self.deviations)
        bumped = [move + step for step in steps] + [move - step for step in steps]
        losses = self([move, *bumped])
        n = len(self.keys)
        return float(losses[0]), frozen((losses[1 : n + 1] - losses[n + 1 :]) / (2.0 * BUMP * self.deviations))

    def levels(self, move: FloatArray) -> dict[RiskFactorKey, float]:
        """Return the levels of the factors after a move."""
        base = self.book.market.levels
        return {
            key: level_after(key, base[key], float(change))
            for key, change in zip(self.keys, move, strict=True)
            if change
        }

    def _columns(self, moves: Sequence[FloatArray]) -> FactorColumns:
        market = self.book.market
        place = {key: row for row, key in enumerate(self.keys)}
        table = np.array(moves).T
        rows = {}
        for key, base in market.levels.items():
            row = place.get(key._replace(name=key.public_name))
            if row is not None:
                levels = [level_after(key, base, float(change)) for change in table[row]]
                rows[key] = np.array([base, *levels])
        stated = {key: set(range(1, len(moves) + 1)) for key in rows}
        linked = follow_links(FactorDirectory(market), rows, stated, 1 + len(moves))
        names = [f"move {number}" for number in range(len(moves))]
        return FactorColumns(ColumnTable.instant(names), market.levels, linked.moved)
