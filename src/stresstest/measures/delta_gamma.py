"""P&L by first and second derivatives along a scenario's own moves, beside full revaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen
from stresstest.market.factor_kinds import FACTOR_KINDS, Domain
from stresstest.measures.factor_batches import Batch, batches
from stresstest.measures.factor_moves import ScenarioMove, scaled
from stresstest.measures.factor_split import Share, require_factor_split
from stresstest.revaluation.result import StressResult
from stresstest.scenarios.columns import FactorColumns

PART = 1.0 / 32.0
"""Steps of the derivatives as parts of a scenario's move: 2 % of a spot for a fall of 60 %."""


class _Stencil(NamedTuple):
    """Places along a move, and the weights of first and second derivative; the first weight is of the base.

    Exact for polynomials of degree 4.
    """

    places: FloatArray
    first: FloatArray
    second: FloatArray


_CENTRAL = _Stencil(
    frozen(PART * np.array([-2.0, -1.0, 1.0, 2.0])),
    frozen(np.array([0.0, 1.0, -8.0, 8.0, -1.0]) / (12.0 * PART)),
    frozen(np.array([-30.0, -1.0, 16.0, 16.0, -1.0]) / (12.0 * PART**2)),
)
_FORWARD = _Stencil(
    frozen(PART * np.array([1.0, 2.0, 3.0, 4.0])),
    frozen(np.array([-25.0, 48.0, -36.0, 16.0, -3.0]) / (12.0 * PART)),
    frozen(np.array([35.0, -104.0, 114.0, -56.0, 11.0]) / (12.0 * PART**2)),
)
"""Where a step back would leave a domain: a volatility of 0 that rises."""


@dataclass(frozen=True, eq=False)
class DeltaGamma:
    """A portfolio's P&L in one scenario by derivatives at base, and by full revaluation.

    Every factor goes straight from its base to its level of the scenario; links follow. Delta is the first
    derivative along that way, gamma half the second: delta · move + ½ gamma · move². On a path the whole path
    is scaled, and time alone stands apart.

    Attributes
    ----------
    groups
        By size of full P&L, the largest first.
    delta, gamma, full
        `(n_groups,)` of each group alone, in the portfolio's currency; gain positive.
    cross_gamma
        What gamma along the joint move is beyond the sum of the groups' own.
    interaction
        What full revaluation of the joint move is beyond that sum.
    aged
        P&L of time alone; 0 for a scenario of today.
    total
        P&L of the scenario: sum of `full`, `interaction` and `aged`.
    """

    portfolio: str
    currency: str
    scenario: str
    by: str
    on: date | None
    groups: tuple[str, ...]
    delta: FloatArray
    gamma: FloatArray
    full: FloatArray
    cross_gamma: float
    interaction: float
    aged: float
    total: float

    @property
    def estimate(self) -> float:
        """Delta-gamma P&L of the joint move, time alone included."""
        return fsum([*self.delta.tolist(), *self.gamma.tolist(), self.cross_gamma, self.aged])

    @property
    def unexplained(self) -> float:
        """What full revaluation is beyond the estimate."""
        return self.total - self.estimate


@dataclass(frozen=True, eq=False)
class _ReaderDerivatives:
    """By unit: `delta, gamma, full (n_entries,)`; `joint, time (n_readers,)`, joint being half the second."""

    delta: FloatArray
    gamma: FloatArray
    full: FloatArray
    joint: FloatArray
    time: FloatArray


def delta_gamma(
    result: StressResult, columns: FactorColumns, by: str, threads: int | None = None
) -> tuple[DeltaGamma, ...]:
    """Return every portfolio's P&L in every scenario by delta and gamma, and in full, at the end of paths.

    Switches, such as the default of an issuer, have no derivative: what they do is not explained.

    Parameters
    ----------
    columns
        Of the run.
    by
        `factor`, `factor_kind` or `factor_group`.

    Raises
    ------
    InputError
        ST269 for another `by`.
    """
    require_factor_split(by)
    found: dict[tuple[str, str], DeltaGamma] = {}
    for batch in batches(result, columns, by, threads):
        for move, own in _derivatives(batch).items():
            for place, held in enumerate(result.portfolios):
                found[held.name, move.scenario] = _table(Share(batch, held, place, move), own, by)
    return tuple(found[held.name, name] for held in result.portfolios for name in result.table.scenarios)


def _derivatives(batch: Batch) -> Mapping[ScenarioMove, _ReaderDerivatives]:
    n_readers, n_entries = len(batch.readers.reads), len(batch.entries[0])
    found = {
        move: _ReaderDerivatives(*(np.zeros(n) for n in (n_entries,) * 3 + (n_readers,) * 2))
        for move in batch.moves
    }
    reader, player = batch.entries
    stencils = {move: list(_stencils(batch, move)) for move in batch.moves}
    for rows, colour in batch.classes():
        n_colours = int(colour.max(initial=-1)) + 1
        own = np.flatnonzero(np.isin(reader, rows))
        place = np.searchsorted(rows, reader[own])
        scales = [_scale(stencils[move], colour) for move in batch.moves]
        for move, base, value in batch.values(rows, scales):
            out, aged = found[move], value[:, 0]
            out.time[rows] = aged - base
            alone = value[:, 1 : 1 + 5 * n_colours].reshape(len(rows), n_colours, 5)
            seen = alone[place, colour[player[own]]]
            out.full[own] = seen[:, 0] - aged[place]
            bumped = np.column_stack([aged[place], seen[:, 1:]])
            weights = [stencils[move][one] for one in player[own].tolist()]
            out.delta[own] = _sums(bumped, np.array([one.first for one in weights]))
            out.gamma[own] = 0.5 * _sums(bumped, np.array([one.second for one in weights]))
            joint = np.column_stack([aged, value[:, 1 + 5 * n_colours :]])
            out.joint[rows] = 0.5 * _sums(joint, _joint(stencils[move]).second)
    return found


def _sums(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return `(n_rows,)` sums over five values less the first: what all have in common cancels before."""
    sums: FloatArray = ((values - values[:, :1]) * weights.reshape(-1, 5)).sum(axis=1)
    return sums


def _scale(stencils: list[_Stencil], colour: IntArray) -> FloatArray:
    """Return `(n_variants, n_players)`: none; of each colour the whole move and four steps; four of all."""
    n_colours = int(colour.max(initial=-1)) + 1
    scale = np.zeros((1 + 5 * n_colours + 4, len(stencils)))
    joint = _joint(stencils)
    for player, stencil in enumerate(stencils):
        if colour[player] >= 0:
            first = 1 + 5 * int(colour[player])
            scale[first, player] = 1.0
            scale[first + 1 : first + 5, player] = stencil.places
        scale[-4:, player] = joint.places
    return scale


def _joint(stencils: list[_Stencil]) -> _Stencil:
    return _FORWARD if any(one is _FORWARD for one in stencils) else _CENTRAL


def _stencils(batch: Batch, move: ScenarioMove) -> Iterator[_Stencil]:
    """Yield of each player the steps that keep all its factors in their domains."""
    back = _CENTRAL.places[:1]
    base, barred = batch.directory.market.levels, set()
    for key, levels in move.levels.items():
        domain = FACTOR_KINDS[key.kind].domain
        if domain in (Domain.REAL, Domain.INDICATOR):
            continue
        reached = scaled(key, base[key], levels, back).ravel()
        if not all(domain.holds(level) for level in reached.tolist()):
            barred.add(batch.player[key])
    for player in range(len(batch.groups)):
        yield _FORWARD if player in barred else _CENTRAL


def _table(share: Share, own: _ReaderDerivatives, by: str) -> DeltaGamma:
    players = share.players()
    full = share.by_player(own.full)
    players = players[np.argsort(-np.abs(full[players]), kind="stable")]
    delta, gamma, full = (share.by_player(gain)[players] for gain in (own.delta, own.gamma, own.full))
    netted, total = share.netted(), float(share.held.pnl[share.column])
    joint, aged = (fsum(np.nan_to_num(unit) * netted) for unit in (own.joint, own.time))
    return DeltaGamma(
        share.held.name,
        share.held.currency,
        share.move.scenario,
        by,
        share.end,
        tuple(share.batch.groups[one] for one in players.tolist()),
        frozen(delta),
        frozen(gamma),
        frozen(full),
        joint - fsum(gamma),
        total - aged - fsum(full),
        aged,
        total,
    )
