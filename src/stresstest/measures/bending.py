"""Which positions make a curve of P&L bend or jump at a point, where no line of the scenario does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.measures.sweep import Sweeper

MOST_NAMED = 3
"""Positions that one kink is put down to."""

LEAST_SHARE = 0.1
"""Part of all positions' bends that one must have to be named."""

_WIDTH = 1e-3


def bending_positions(sweeper: Sweeper, place: int, x: float) -> tuple[str, ...]:
    """Return in words which positions of the portfolio at `place` bend most at `x`, and their part of it.

    Each position's P&L at four values around `x`: what is smooth hardly bends between them, what has a
    kink or a jump does.
    """
    axis = sweeper.axis
    half = _WIDTH * (axis.high - axis.low)
    values = [x + step * half for step in (-2.0, -1.0, 1.0, 2.0)]
    if values[0] < axis.low or values[-1] > axis.high:
        return ()
    moved, result = sweeper.results(values)
    if (moved.last < 0).any():
        return ()
    held = result.portfolios[place]
    tags = held.position_types
    return tuple(
        f"position {held.position_ids[row]} ({tags[row]}) makes {100.0 * share:.0f}% of it"
        for row, share in _largest(_bends(held.position_pnl[:, moved.last]))
    )


def _bends(pnl: FloatArray) -> FloatArray:
    """Return `(n_positions,)` the change of slope over four values, and the step between the middle two."""
    before, below, above, after = np.nan_to_num(pnl).T
    rise, fall = after - above, below - before
    bends: FloatArray = np.abs(rise - fall) + np.abs(above - below - rise - fall)
    return bends


def _largest(bends: FloatArray) -> Iterator[tuple[int, float]]:
    total = float(bends.sum())
    if total <= 0.0:
        return
    for row in np.argsort(-bends, kind="stable")[:MOST_NAMED].tolist():
        if bends[row] >= LEAST_SHARE * total:
            yield row, float(bends[row]) / total
