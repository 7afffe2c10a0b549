"""P&L by first and second derivatives along a scenario's own moves, beside full revaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from math import fsum, prod

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen
from stresstest.measures.factor_splits.batches import Batch, batches
from stresstest.measures.factor_splits.moves import ScenarioMove
from stresstest.measures.factor_splits.split import Share, require_factor_split
from stresstest.revaluation.result import StressResult
from stresstest.scenarios.columns import FactorColumns

PLACES = tuple(Fraction(place, 8) for place in (1, 3, 5, 7, 8))
SPANS = (Fraction(1, 4), Fraction(1, 32))
"""Places within two first parts of a scenario's move, through which derivatives at base are taken.

All lie to the side that the scenario moves to: where a book bends at base itself, at a covenant or a strike,
this side counts, and no level leaves its domain. Of the two the one with less gamma counts: a cliff within a
quarter of the move disturbs the first, values of a lattice, which are rough in the small, the second. Where
neither does they agree: for an option of two months within 1e-4 of its gamma.
"""


_STEPS = tuple(float(span * place) for span in SPANS for place in PLACES)


@cache
def _weights() -> tuple[FloatArray, FloatArray]:
    """Return `(5,)` weights of changes at `PLACES`: of the slope, and of half the second derivative.

    Those of the polynomial through all of them and the base.
    """
    slope, bend = [], []
    for place in PLACES:
        others = [other for other in PLACES if other != place]
        scale = place * prod(place - other for other in others)
        slope.append(float(prod(-other for other in others) / scale))
        left = (prod(-other for other in others if other != out) for out in others)
        bend.append(float(sum(left) / scale))
    return frozen(slope), frozen(bend)


@dataclass(frozen=True, eq=False)
class DeltaGamma:
    """A portfolio's P&L in one scenario by derivatives at base, and by full revaluation.

    Every factor goes straight from its base to its level of the scenario; links follow. `delta` is the first
    derivative along that way, on the side that it goes to, `gamma` half the second: delta · move and
    ½ gamma · move². On a path the whole path is scaled, and time alone stands apart.

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
        ST270 for another `by`.
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
    for rows, colour in batch.classes():
        n_colours = int(colour.max(initial=-1)) + 1
        own = np.flatnonzero(np.isin(reader, rows))
        place = np.searchsorted(rows, reader[own])
        for move, base, value in batch.values(rows, [_scale(colour)] * len(batch.moves)):
            out, gain = found[move], value[:, 1:] - value[:, :1]
            out.time[rows] = value[:, 0] - base
            _, out.joint[rows] = _derived(gain[:, : len(_STEPS)])
            alone = gain[:, len(_STEPS) :].reshape(len(rows), n_colours, 1 + len(_STEPS))
            seen = alone[place, colour[player[own]]]
            out.full[own] = seen[:, 0]
            out.delta[own], out.gamma[own] = _derived(seen[:, 1:])
    return found


def _derived(gain: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return `(n_rows,)` slopes and halves of second derivatives from `(n_rows, n_steps)` changes."""
    slope, bend = _weights()
    found = []
    for place, span in enumerate(SPANS):
        part = gain[:, place * len(PLACES) : (place + 1) * len(PLACES)]
        rise, curve = (part * slope).sum(axis=1), (part * bend).sum(axis=1)
        found.append((rise / float(span), curve / float(span * span)))
    (wide_slope, wide_bend), (slope_, bend_) = found
    calm = np.abs(wide_bend) <= np.abs(bend_)
    return np.where(calm, wide_slope, slope_), np.where(calm, wide_bend, bend_)


def _scale(colour: IntArray) -> FloatArray:
    """Return `(n_variants, n_players)`: none; all at each step; of each colour the whole, then each step."""
    n_colours, n_steps = int(colour.max(initial=-1)) + 1, len(_STEPS)
    own = np.array([1.0, *_STEPS])
    scale = np.zeros((1 + n_steps + n_colours * len(own), len(colour)))
    scale[1 : 1 + n_steps] = np.array(_STEPS)[:, np.newaxis]
    for player, one in enumerate(colour.tolist()):
        first = 1 + n_steps + one * len(own)
        scale[first : first + len(own), player] = own
    return scale


def _table(share: Share, own: _ReaderDerivatives, by: str) -> DeltaGamma:
    players = share.players(share.by_player(own.full))
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
