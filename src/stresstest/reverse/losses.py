"""Loss of a book as a function of moves of chosen risk factors, fully revalued, with gradients by bumps."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from math import inf, nan

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.kernels.drawing import Draws, SampledRows, fill_levels
from stresstest.kernels.logarithm import log
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings, stress_totals
from stresstest.reverse.rays import Moves
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.drawn_vols import drawn_smiles
from stresstest.scenarios.implied import follow_links
from stresstest.scenarios.member_moves import space_of
from stresstest.scenarios.table import ColumnTable

_INSIDE = 1.0 - 1e-9
_LEAST_SHARE = 32
"""Moves for each thread, below which one is quicker: all of them together are often a single chunk."""
BUMP = 1e-4
"""Size of the bump of a gradient, in standard deviations of the factor over the horizon."""


@dataclass(frozen=True, eq=False)
class LossFunction:
    """What moves of factors cost a portfolio, links followed, private copies moving as their public factor.

    A fall of a vol bends where its smile would not stay positive, as it does in samples; no factor goes so
    far that a scenario which states it would be taken for a slip.

    Attributes
    ----------
    book
        Valued today: moves are instantaneous.
    keys
        `(n,)` factors that move.
    portfolio
        Place of the portfolio in the book.
    deviations
        `(n,)` standard deviations, in which gradients are bumped.
    """

    book: Book
    keys: tuple[RiskFactorKey, ...]
    portfolio: int
    deviations: FloatArray

    def __call__(self, moves: Moves) -> FloatArray:
        """Return `(n_moves,)` loss under each move `(n,)`, positive, in the portfolio's currency."""
        n_parts = min(os.cpu_count() or 1, len(moves) // _LEAST_SHARE)
        if n_parts <= 1:
            return self._valued(moves)
        with ThreadPoolExecutor(n_parts) as pool:
            return frozen(
                np.concatenate(list(pool.map(self._valued, np.array_split(np.array(moves), n_parts))))
            )

    def _valued(self, moves: Moves) -> FloatArray:
        result = stress_totals(self.book, self.columns(moves), threads=1)
        return frozen(-result.portfolios[self.portfolio].pnl[1:])

    def gradient(self, move: FloatArray, size: float = BUMP) -> tuple[float, FloatArray]:
        """Return the loss at a move, and `(n,)` its derivative: half the difference of bumps up and down."""
        at, ups, downs = self.bumped(move, size)
        return at, frozen((ups - downs) / (2.0 * size * self.deviations))

    def bumped(self, move: FloatArray, size: float) -> tuple[float, FloatArray, FloatArray]:
        """Return the loss at a move, and `(n,)` those with each factor `size` deviations up and down."""
        n = len(self.keys)
        steps = np.diag(size * self.deviations)
        losses = self([move, *(move + steps), *(move - steps)])
        return float(losses[0]), frozen(losses[1 : n + 1]), frozen(losses[n + 1 :])

    def positions(self, moves: Moves) -> PortfolioResult:
        """Return the portfolio with its positions, one column `move 0`, `move 1`, … a move."""
        return apply_holdings(self.book, revalue(self.book, self.columns(moves))).portfolios[self.portfolio]

    def levels(self, moves: Moves) -> dict[RiskFactorKey, FloatArray]:
        """Return `(1 + n_moves,)` levels of every factor that moves itself, at base and after each move."""
        n_moves = len(moves)
        keys, places = self._rows
        out = np.empty((len(keys), n_moves))
        changes = np.array(moves).reshape(n_moves, len(self.keys)).T
        low, high = self._bounds
        changes = np.clip(changes, low[:, np.newaxis], high[:, np.newaxis])[places]
        fill_levels(self._terms(changes), _one_each(n_moves), np.empty(n_moves), np.empty(n_moves), out)
        base = self.book.market.levels
        return {key: np.concatenate([[base[key]], row]) for key, row in zip(keys, out, strict=True)}

    def columns(self, moves: Moves) -> FactorColumns:
        """Return the market after each move, links followed."""
        market, moved, n_columns = self.book.market, self.levels(moves), 1 + len(moves)
        every = frozenset(range(1, n_columns))
        stated = dict.fromkeys(moved, every)
        linked = follow_links(self._directory, moved, stated, n_columns)
        names = [f"move {number}" for number in range(len(moves))]
        return FactorColumns(ColumnTable.instant(names), market.levels, linked.moved)

    @cached_property
    def _bounds(self) -> tuple[FloatArray, FloatArray]:
        """`(n,)` changes at which factors stop: beyond them scenarios are refused as slips of the pen."""
        kinds = [FACTOR_KINDS[key.kind] for key in self.keys]
        in_log = [kind.change_space is ChangeSpace.LOG for kind in kinds]
        limits = [
            float(log(kind.implausible)) if logs else kind.implausible
            for kind, logs in zip(kinds, in_log, strict=True)
        ]
        high = _INSIDE * np.array(limits)
        return frozen(np.where(in_log, -inf, -high)), frozen(high)

    @cached_property
    def _directory(self) -> FactorDirectory:
        return FactorDirectory(self.book.market)

    @cached_property
    def _rows(self) -> tuple[tuple[RiskFactorKey, ...], IntArray]:
        """Factors that move, private copies included, and the place of the move of each."""
        place = {key: number for number, key in enumerate(self.keys)}
        of_row = {
            key: place[public]
            for key in self.book.market.levels
            if (public := key._replace(name=key.public_name)) in place and key not in self._directory.linked
        }
        return tuple(of_row), frozen_int(list(of_row.values()))

    def _terms(self, changes: FloatArray) -> SampledRows:
        """Return the rows with one change a move, each move as a member of its own."""
        keys, levels = self._rows[0], self.book.market.levels
        nothing = frozen(np.zeros(changes.shape))
        return SampledRows(
            space=frozen_int([space_of(key) for key in keys]),
            base=frozen([levels[key] for key in keys]),
            exposures=frozen(np.zeros((len(keys), 0))),
            own_deviation=nothing,
            streams=frozen_int(np.zeros(len(keys), np.int64)),
            change=frozen(changes),
            stated=frozen(np.full(changes.shape, nan)),
            floor=frozen(np.full(changes.shape, -inf)),
            offset=nothing,
            smiles=drawn_smiles(keys, levels, self.book.market.smiles),
        )


def _one_each(count: int) -> Draws:
    """Return `count` draws without a random part, each of a member of its own at severity 1."""
    ones = frozen(np.ones(count))
    members = frozen_int(np.arange(count))
    return Draws(0, 0, False, members, ones, ones, frozen(np.zeros((0, count))))
