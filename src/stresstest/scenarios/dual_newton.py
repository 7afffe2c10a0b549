"""The dual of entropy pooling: a smooth convex function of one multiplier a view, and its minimum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.kernels.relative_entropy import fill_moments, tilt
from stresstest.market.matrices import NotDefiniteError, lower_factor, solved

_MOST_STEPS = 200
_MOST_HALVINGS = 40
_TOLERANCE = 1e-12
"""Largest miss of a view, in root mean squares of its gap under the prior."""

_ACCEPTED = 1e-9
"""Miss that is accepted where rounding allows no further descent."""

_SUFFICIENT = 1e-4
_LARGEST_MULTIPLIER = 1e4
"""In the same units: beyond it probabilities are below e^-10000, so the minimum lies at infinity."""


class DualSolution(NamedTuple):
    """Probabilities `(n_columns,)`, multipliers `(n_views,)`, and the largest miss of a view."""

    probability: FloatArray
    multipliers: FloatArray
    worst_gap: float


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """Dual function at `multipliers`: log of the sum; mean and covariance of the gaps, its derivatives."""

    multipliers: FloatArray
    value: float
    probability: FloatArray
    gradient: FloatArray
    hessian: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Dual:
    """The function log Σ prior·e^{θ·gaps}, to be minimised with θ >= 0 where `bounded`."""

    prior: FloatArray
    gaps: FloatArray
    bounded: BoolArray

    def at(self, multipliers: FloatArray) -> _Point:
        n_views, n_columns = self.gaps.shape
        probability, gradient = np.empty(n_columns), np.empty(n_views)
        hessian = np.empty((n_views, n_views))
        value = float(tilt(self.prior, self.gaps, frozen(multipliers), probability))
        probability = frozen(probability)
        fill_moments(probability, self.gaps, gradient, hessian)
        return _Point(multipliers, value, probability, gradient, hessian)

    def miss(self, point: _Point) -> FloatArray:
        """Return `(n_views,)` by how much each view fails: an inequality with multiplier 0 may be slack."""
        slack = self.bounded & (point.multipliers == 0.0)
        return np.where(slack, np.maximum(-point.gradient, 0.0), np.abs(point.gradient))

    def step(self, point: _Point) -> FloatArray:
        """Return the Newton step of the multipliers that are free to move; the others stay at 0."""
        held = self.bounded & (point.multipliers == 0.0) & (point.gradient >= 0.0)
        free = np.flatnonzero(~held)
        step = np.zeros(len(point.multipliers))
        if len(free):
            step[free] = _newton(point.hessian[np.ix_(free, free)], -point.gradient[free])
        return step

    def moved(self, point: _Point, step: FloatArray, length: float) -> _Point:
        multipliers = point.multipliers + length * step
        return self.at(np.where(self.bounded, np.maximum(multipliers, 0.0), multipliers))


def solve_dual(prior: FloatArray, gaps: FloatArray, bounded: BoolArray) -> DualSolution | None:
    """Return the minimum of log Σ prior·e^{θ·gaps} over θ, θ >= 0 where `bounded`; None where it has none.

    The gradient is the mean of the gaps under the tilted probabilities, the Hessian their covariance. Newton
    steps on the multipliers that the bounds leave free, shortened along the bounds until the function falls
    enough (D. P. Bertsekas, Projected Newton methods for optimization problems with simple constraints, SIAM
    Journal on Control and Optimization 20 (1982) 221). Without a minimum the views contradict one another, or
    hold only in the limit.

    Parameters
    ----------
    prior
        `(n_columns,)`, positive, sum 1.
    gaps
        `(n_views, n_columns)` values less target, of size 1 under the prior: 0 is asked of the mean of each,
        at least 0 where `bounded` `(n_views,)`.
    """
    dual = _Dual(prior, gaps, bounded)
    point = dual.at(np.zeros(len(gaps)))
    for _ in range(_MOST_STEPS):
        if dual.miss(point).max() <= _TOLERANCE:
            break
        lower = _descended(dual, point)
        if lower is None:
            break
        point = lower
        if np.abs(point.multipliers).max() > _LARGEST_MULTIPLIER:
            return None
    worst = float(dual.miss(point).max())
    return DualSolution(point.probability, point.multipliers, worst) if worst <= _ACCEPTED else None


def _descended(dual: _Dual, point: _Point) -> _Point | None:
    """Return a point that is lower by enough, or None where rounding leaves none."""
    step = dual.step(point)
    length = 1.0
    for _ in range(_MOST_HALVINGS):
        trial = dual.moved(point, step, length)
        slope = float(sum((point.gradient * (trial.multipliers - point.multipliers)).tolist()))
        if trial.value <= point.value + _SUFFICIENT * slope and slope < 0.0:
            return trial
        # Near the minimum the function is flat to the last bit, and the gradient still tells.
        if length == 1.0 and dual.miss(trial).max() < 0.5 * dual.miss(point).max():
            return trial
        length *= 0.5
    return None


def _newton(hessian: FloatArray, right: FloatArray) -> FloatArray:
    """Return the solution of hessian · step = right, damped as little as makes the matrix definite."""
    damping = 0.0
    size = float(np.trace(hessian)) or 1.0
    identity = np.eye(len(right))
    while True:
        try:
            lower = lower_factor(frozen(hessian + damping * identity))
            return solved(lower, frozen(right[:, np.newaxis]))[:, 0]
        except NotDefiniteError:
            damping = max(10.0 * damping, 1e-14 * size)
