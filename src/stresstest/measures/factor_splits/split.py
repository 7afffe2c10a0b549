"""P&L of scenarios split by risk factors: each alone and the rest together, or by Shapley values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from typing import Literal

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray, frozen
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.errors import InputError, Problem, nearest
from stresstest.measures.factor_splits.batches import Batch, batches
from stresstest.measures.factor_splits.groups import FACTOR_SPLITS
from stresstest.measures.factor_splits.moves import ScenarioMove
from stresstest.measures.factor_splits.parts import ReaderParts, alone_parts, shapley_parts
from stresstest.portfolio.book import net
from stresstest.revaluation.result import PortfolioResult, StressResult
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.histories import AGED

Method = Literal["alone", "shapley"]

ALONE: Method = "alone"
SHAPLEY: Method = "shapley"

METHODS: tuple[Method, ...] = (ALONE, SHAPLEY)

MERGED = "smaller together"
"""Part of the players that were merged, of positions that read more than Shapley values are exact for."""

INTERACTION = "interaction"
"""Part that no factor makes alone; of Shapley values only what could not be split, and rounding."""


@dataclass(frozen=True, eq=False)
class FactorSplit:
    """A portfolio's P&L in one scenario by factors; the parts add up to it.

    Attributes
    ----------
    by, method
        `factor`, `factor_kind` or `factor_group`; `alone` or `shapley`.
    on
        Date that it is valued on, the last of a path; None for a scenario of today.
    groups
        By size of P&L, the largest first.
    parts
        The groups; then, where there is one, `smaller together`, and on a path `aged`, what time does with
        every factor at its base; then `interaction`.
    pnl
        `(n_parts,)` in the portfolio's currency; gain positive.
    total
        P&L of the scenario.
    positions
        `(n_positions, n_parts)` the same of each position, NaN where it has no value.
    merged
        Positions that read more than twelve players: of each the smaller ones play as one.
    unsplit
        Positions that have a value in the scenario but none with some factors moved alone: what is missing is
        in `interaction`.
    """

    portfolio: str
    currency: str
    scenario: str
    by: str
    method: Method
    on: date | None
    groups: tuple[str, ...]
    parts: tuple[str, ...]
    pnl: FloatArray
    total: float
    positions: FloatArray
    merged: tuple[str, ...]
    unsplit: tuple[str, ...]


def factor_splits(
    result: StressResult,
    columns: FactorColumns,
    by: str,
    method: str = ALONE,
    threads: int | None = None,
) -> tuple[FactorSplit, ...]:
    """Return every portfolio's P&L in every scenario of `result` by factors, at the end of paths.

    `alone` moves each factor, kind or group by itself to where the scenario takes it, with all else at base
    and links followed, fully revalued; on a path at each of its dates. `shapley` averages what each adds over
    all orders that they may come in, position by position, exactly where a position reads up to twelve.

    Parameters
    ----------
    columns
        Of the run.
    by
        `factor`, `factor_kind` or `factor_group`.

    Raises
    ------
    InputError
        ST270 for another `by` or `method`.
    ValueError
        When the run kept totals only.
    """
    require_factor_split(by, method)
    asked = SHAPLEY if method == SHAPLEY else ALONE
    found: dict[tuple[str, str], FactorSplit] = {}
    for batch in batches(result, columns, by, threads):
        parts = shapley_parts(batch) if method == SHAPLEY else alone_parts(batch)
        for move, own in parts.items():
            for place, held in enumerate(result.portfolios):
                share = Share(batch, held, place, move)
                found[held.name, move.scenario] = _split(share, own, (by, asked))
    return tuple(found[held.name, name] for held in result.portfolios for name in result.table.scenarios)


def require_factor_split(by: str, method: str = ALONE) -> None:
    """Raise `InputError` where `by` or `method` is none that P&L is split by factors by."""
    for name, value, known in (("a split by", by, FACTOR_SPLITS), ("method", method, METHODS)):
        if value not in known:
            suggestion = nearest(value, known)
            raise InputError(
                [Problem("ST270", f"{name} {value!r}", f"one of {', '.join(known)}", suggestion=suggestion)]
            )


@dataclass(frozen=True, eq=False)
class Share:
    """A portfolio's part of what happens to the readers of a batch in one scenario.

    Attributes
    ----------
    place
        Number of the portfolio in the run.
    """

    batch: Batch
    held: PortfolioResult
    place: int
    move: ScenarioMove

    @property
    def pnl(self) -> FloatArray:
        """`(n_positions,)` P&L of the scenario, NaN where there is none."""
        return self.held.position_pnl[:, self.column]

    @property
    def column(self) -> int:
        """Column of the scenario's end."""
        return int(self.held.table.columns_of(self.move.scenario)[-1])

    @property
    def reader(self) -> IntArray:
        """`(n_positions,)` reader of each position."""
        return self.batch.readers.positions[self.place]

    @property
    def alive(self) -> BoolArray:
        """`(n_positions,)` whether a position has a P&L."""
        alive: BoolArray = ~np.isnan(self.pnl)
        return alive

    @property
    def quantity(self) -> FloatArray:
        """`(n_positions,)` units held, 0 of positions without a P&L."""
        return np.where(self.alive, self.held.held.quantity, 0.0)

    def netted(self) -> FloatArray:
        """Return `(n_readers,)` units held of each."""
        groups = self.held.held.portfolio.groups
        found = np.zeros(len(self.batch.readers.reads))
        found[self.reader[groups.order[groups.start[:-1]]]] = net(self.quantity, groups)
        return found

    def players(self, gains: FloatArray) -> IntArray:
        """Return the players that the scenario moves and some position reads, by size of `gains`."""
        moved = {self.batch.player[key] for key in self.move.levels}
        rows = np.unique(self.reader).tolist()
        read = frozenset().union(*(self.batch.readers.reads[row] for row in rows))
        found = np.array(sorted(moved & read), dtype=np.int64)
        return found[np.argsort(-np.abs(gains[found]), kind="stable")]

    def by_player(self, gain: FloatArray) -> FloatArray:
        """Return `(n_players,)` sums of `gain (n_entries,)` over what is held, readers in their order."""
        reader, player = self.batch.entries
        weights = np.nan_to_num(gain) * self.netted()[reader]
        sums: FloatArray = np.bincount(player, weights, len(self.batch.groups)).astype(np.float64)
        return sums

    def names(self, which: BoolArray) -> tuple[str, ...]:
        """Return the ids of the positions that `which (n_positions,)` holds for."""
        return tuple(self.held.position_ids[row] for row in np.flatnonzero(which).tolist())

    @property
    def end(self) -> date | None:
        """Date of the last step of a path."""
        if not self.move.goes_on:
            return None
        days = round(self.move.steps[-1].years * DAYS_PER_YEAR)
        return self.held.book.market.as_of + timedelta(days=days)


def _split(share: Share, own: ReaderParts, asked: tuple[str, Method]) -> FactorSplit:
    held, batch, gains = share.held, share.batch, share.by_player(own.gain)
    players = share.players(gains)
    groups = tuple(batch.groups[one] for one in players.tolist())
    merges = own.merged[share.reader] != 0.0
    rest = {MERGED: own.merged} if merges.any() else {}
    rest |= {AGED: own.time} if share.move.goes_on else {}
    netted, total = share.netted(), float(held.pnl[share.column])
    pnl = [*gains[players].tolist(), *(fsum(np.nan_to_num(unit) * netted) for unit in rest.values())]
    unit = np.column_stack([_table(batch, own.gain, players), *rest.values()])[share.reader]
    known = np.where(share.alive[:, np.newaxis], np.nan_to_num(unit), np.nan)
    positions = known * share.quantity[:, np.newaxis]
    return FactorSplit(
        held.name,
        held.currency,
        share.move.scenario,
        *asked,
        share.end,
        groups,
        (*groups, *rest, INTERACTION),
        frozen([*pnl, total - fsum(pnl)]),
        total,
        frozen(np.column_stack([positions, share.pnl - positions.sum(axis=1)])),
        share.names(merges),
        share.names(np.isnan(unit).any(axis=1) & share.alive),
    )


def _table(batch: Batch, gain: FloatArray, players: IntArray) -> FloatArray:
    """Return `(n_readers, n_players)` what players do to one unit, 0 where a reader does not read one."""
    row, player = batch.entries
    place = np.full(len(batch.groups), -1)
    place[players] = np.arange(len(players))
    table = np.zeros((len(batch.readers.reads), len(players)))
    shown = place[player] >= 0
    table[row[shown], place[player[shown]]] = gain[shown]
    return table
