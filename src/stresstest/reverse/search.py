"""The most plausible move that costs a target loss under full revaluation: a design point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.reverse.moves import MoveSpace

MOST_ROUNDS = 40
TOLERANCE = 1e-7
"""Loss off its target, relative to the base value, at which a move has arrived."""

FARTHEST = 40.0
"""Distance beyond which no move is looked for: there is no plausibility to compare any more."""


class Loss(Protocol):
    """A loss with its gradient."""

    def __call__(self, moves: list[FloatArray]) -> FloatArray:
        """Return the losses of moves."""

    def gradient(self, move: FloatArray) -> tuple[float, FloatArray]:
        """Return loss and derivative at a move."""


@dataclass(frozen=True, slots=True, eq=False)
class DesignPoint:
    """A move that costs the target, or the most that was found.

    Attributes
    ----------
    move
        `(n,)` in change spaces.
    loss, gradient
        There.
    distance
        Mahalanobis distance.
    reached
        Whether the loss is the target.
    """

    move: FloatArray
    loss: float
    gradient: FloatArray
    distance: float
    reached: bool
    rounds: int


def design_point(loss: Loss, space: MoveSpace, target: float, scale: float) -> DesignPoint:
    """Return the move of least distance that costs `target`, from the linear answer at base on.

    x ← S g (gᵀ x + target − L(x)) ÷ (gᵀ S g), with the step halved until the merit ½ d² + c·|target − L|
    falls (the improved method of Hasofer, Lind, Rackwitz and Fiessler); then the point is drawn along its ray
    to the target.

    Parameters
    ----------
    target
        Loss to reach, positive.
    scale
        Base value of the portfolio, to which tolerances are relative.

    References
    ----------
    R. Rackwitz and B. Fiessler, Computers and Structures 9 (1978) 489; Y. Zhang and A. Der Kiureghian,
    "Two improved algorithms for reliability analysis", Reliability and Optimization of Structural Systems
    (1995) 297.
    """
    move = np.zeros(len(space.keys))
    at, gradient = loss.gradient(move)
    rounds = 0
    for rounds in range(1, MOST_ROUNDS + 1):
        pulled = space.covariance_times(gradient)
        variance = float(gradient @ pulled)
        if not variance > 0.0:
            break
        proposal = pulled * ((float(gradient @ move) + target - at) / variance)
        step = _stepped(loss, space, (move, at, gradient), proposal, target)
        change = space.distance(step - move)
        move = step
        at, gradient = loss.gradient(move)
        if change < 1e-6 * max(space.distance(move), 1e-12) and abs(at - target) < 1e3 * TOLERANCE * scale:
            break
    move, at = _on_target(lambda x: float(loss([x])[0]), move, target, TOLERANCE * scale)
    reached = abs(at - target) <= TOLERANCE * scale
    return DesignPoint(frozen(move), at, gradient, space.distance(move), reached, rounds)


def _stepped(
    loss: Loss,
    space: MoveSpace,
    here: tuple[FloatArray, float, FloatArray],
    proposal: FloatArray,
    target: float,
) -> FloatArray:
    """Return the farthest of steps 1, ½, ¼, … towards the proposal that lowers the merit; all are valued at once."""
    move, at, gradient = here
    direction = proposal - move
    parts = [0.5**power for power in range(8)]
    trials = [move + part * direction for part in parts]
    losses = loss(trials)
    pulled = float(np.sqrt(gradient @ space.covariance_times(gradient)))
    weight = 2.0 * max(space.distance(move), space.distance(proposal), 1.0) / pulled

    def merit(x: FloatArray, cost: float) -> float:
        return 0.5 * space.distance(x) ** 2 + weight * abs(target - cost)

    now = merit(move, at)
    for trial, cost in zip(trials, losses.tolist(), strict=True):
        if isfinite(cost) and merit(trial, cost) < now:
            return trial
    return trials[-1]


def _on_target(
    cost: Callable[[FloatArray], float], move: FloatArray, target: float, tolerance: float
) -> tuple[FloatArray, float]:
    """Return the multiple of a move that costs the target, by secants within a bracket; else the move itself."""
    low, high = (0.0, 0.0), (1.0, cost(move))
    while high[1] < target and high[0] < 4.0:
        low, high = high, (1.25 * high[0], cost(1.25 * high[0] * move))
    if not high[1] >= target:
        return move, cost(move)
    at = high
    for number in range(60):
        if abs(at[1] - target) <= 0.1 * tolerance:
            break
        span = high[1] - low[1]
        share = 0.5 if number % 3 == 2 or span <= 0.0 else (target - low[1]) / span
        scale = low[0] + share * (high[0] - low[0])
        at = scale, cost(scale * move)
        low, high = (at, high) if at[1] < target else (low, at)
    return at[0] * move, at[1]
