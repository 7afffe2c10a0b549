"""Where a curve of P&L bends or jumps: found on a grid, then closed in upon under full revaluation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray

Curve = Callable[[Sequence[float]], FloatArray]
"""P&L at each of several values of the axis; NaN where there is none."""

_PARTS = 8
_ROUNDS = 6
_MOST = 16
_LEAST_BEND = 0.005
_LEAST_JUMP = 1e-4
_KEPT = 0.3
_MOST_HINTS = 6
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Kink:
    """A point at which a curve is not smooth.

    Attributes
    ----------
    x
        Value of the axis, to a part in a hundred thousand of the range.
    jump
        Change of P&L across it; 0 for a bend.
    slope_before, slope_after
        P&L for one unit of the axis (100 % of severity).
    """

    x: float
    jump: float
    slope_before: float
    slope_after: float

    @property
    def is_cliff(self) -> bool:
        """Whether P&L jumps there, and does not only bend."""
        return self.jump != 0.0


class _Scales(NamedTuple):
    """Range of the axis, and the largest |P&L| and |slope| on the grid."""

    low: float
    high: float
    largest: float
    steepest: float


def find_kinks(curve: Curve, grid: Sequence[float], hints: Sequence[float] = ()) -> list[Kink]:
    """Return the kinks and cliffs of `curve`, in order.

    Cells of the grid where the second difference stands out are candidates, and those that `hints` lie in.
    Each is divided by eight, again and again around the largest second difference. What is smooth loses its
    bend in proportion to the width; what bends at a point keeps it; what jumps keeps its step.

    Parameters
    ----------
    grid
        Ascending, evenly spaced, at least nine values.
    hints
        Values of the axis near which something is known to change.
    """
    values = curve(grid)
    if not np.isfinite(values).any():
        return []
    largest = float(np.nanmax(np.abs(values)))
    slopes = np.diff(values) / np.diff(np.asarray(grid))
    steepest = float(np.nanmax(np.abs(slopes))) if np.isfinite(slopes).any() else 0.0
    if largest == 0.0 or steepest == 0.0:
        return []
    scales = _Scales(grid[0], grid[-1], largest, steepest)
    cells = [_Cell(grid[place - 1], grid[place + 1]) for place in _candidates(slopes, grid, hints)]
    for _ in range(_ROUNDS):
        cells = _closer(curve, cells)
    found = _kinks(curve, cells, scales)
    return _distinct([kink for kink in found if kink is not None], grid[-1] - grid[0])


def _candidates(slopes: FloatArray, grid: Sequence[float], hints: Sequence[float]) -> list[int]:
    """Return the grid points around which the second difference stands out, or a hint lies.

    It stands out where it is more than twice what it is two points further on either side: next to a kink
    or jump between two grid points both second differences are large. At an end only one side is there. Of
    the cells with a hint, those that stand out most are looked at whatever they show.
    """
    bends = np.nan_to_num(np.abs(np.diff(slopes)))
    before, after = np.concatenate((bends[2:4], bends[:-2])), np.concatenate((bends[2:], bends[-4:-2]))
    usual = 0.5 * (before + after)
    least = 1e-9 * float(np.nanmax(np.abs(slopes)))
    standing = np.flatnonzero(bends > 2.0 * usual + least)
    largest = standing[np.argsort(-bends[standing], kind="stable")][:_MOST]
    near = {min(max(int(np.searchsorted(grid, hint)), 1), len(grid) - 2) - 1 for hint in hints}
    hinted = np.array(sorted(near - set(largest.tolist())), dtype=np.int64)
    relative = bends[hinted] / (usual[hinted] + least + _TINY)
    promising = hinted[np.argsort(-relative, kind="stable")][:_MOST_HINTS]
    return sorted(int(place) + 1 for place in (*largest, *promising))


class _Cell(NamedTuple):
    """Part of the axis in which a kink may lie, and its largest second difference when first divided."""

    low: float
    high: float
    first_bend: float | None = None

    def parts(self) -> list[float]:
        """Return the values that divide it."""
        return [float(x) for x in np.linspace(self.low, self.high, _PARTS + 1)]


def _closer(curve: Curve, cells: Sequence[_Cell]) -> list[_Cell]:
    """Return the two parts of each cell that bend most; cells where the curve is smooth are left out."""
    grids = [cell.parts() for cell in cells]
    values = curve([x for grid in grids for x in grid]).reshape(len(cells), _PARTS + 1)
    found = []
    for cell, grid, own in zip(cells, grids, values, strict=True):
        bends = np.abs(np.diff(np.diff(own) / np.diff(grid)))
        if not np.isfinite(bends).all() or not bends.any():
            continue
        place = int(np.argmax(bends))
        first = float(bends[place]) if cell.first_bend is None else cell.first_bend
        if bends[place] > _KEPT * first:
            found.append(_Cell(grid[place], grid[place + 2], first))
    return found


def _kinks(curve: Curve, cells: Sequence[_Cell], scales: _Scales) -> list[Kink | None]:
    """Return what remains between values that lie close together: a step, a bend, or nothing."""
    edges = [
        [max(low - (high - low), scales.low), low, high, min(high + (high - low), scales.high)]
        for low, high, _ in cells
    ]
    values = curve([x for four in edges for x in four]).reshape(len(cells), 4)
    return [
        _kink(four, own.tolist(), cell.first_bend or 0.0, scales)
        for cell, four, own in zip(cells, edges, values, strict=True)
    ]


def _kink(edges: Sequence[float], values: Sequence[float], first_bend: float, scales: _Scales) -> Kink | None:
    first, low, high, last = edges
    before, below, above, after = values
    width = high - low
    slope_before = (below - before) / (low - first) if low > first else (above - below) / width
    slope_after = (after - above) / (last - high) if last > high else (above - below) / width
    if not np.isfinite([slope_before, slope_after]).all():
        return None
    step = above - below - 0.5 * (slope_before + slope_after) * width
    middle, bend = 0.5 * (low + high), abs(slope_after - slope_before)
    if abs(step) > _LEAST_JUMP * scales.largest:
        return Kink(middle, above - below, slope_before, slope_after)
    if bend > _LEAST_BEND * scales.steepest and bend > _KEPT * first_bend:
        return Kink(middle, 0.0, slope_before, slope_after)
    return None


def _distinct(kinks: list[Kink], span: float) -> list[Kink]:
    """Return the kinks in order, each once: neighbouring cells may close in upon the same."""
    ordered = sorted(kinks, key=lambda kink: kink.x)
    kept = ordered[:1]
    for before, kink in pairwise(ordered):
        if kink.x - before.x > 1e-4 * span:
            kept.append(kink)
    return kept
