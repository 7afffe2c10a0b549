"""The move within a distance that costs a book most: what it must bear to be that far from a loss."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isfinite, sqrt
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.reverse.moves import MoveSpace
from stresstest.reverse.search import SmoothLoss

_STEPS = (3.4, 2.25, 1.5, *(0.5**power for power in range(11)))
"""Parts of the way to where a linear loss is largest; beyond it, drawn back to the ball."""
_MOST_STEPS = 60
_SETTLED = 1e-10
"""Gain of a step, in the unit of the loss, below which there is no other."""
_HOPELESS = 0.05
"""Part of what is missing to a loss that is enough, below which a step's gain will not add up to it."""

_NEAR = 0.02
"""Distance of two places, as a part of the radius, at which they are on one hill."""

_CHOICES = ((0.95, 3, 0.5), (0.3, 6, -inf))
"""Which starts are followed: cosine that one may have with those before, how many there are in all, and the
part of the largest loss that one must cost. First what costs much, then whatever lies in other quarters: a
hill may begin in a valley."""


class WorstMove(NamedTuple):
    """A move within a distance, by its coordinates `(m + n,)`, and what it costs."""

    coordinates: FloatArray
    loss: float


def worst_move(
    loss: SmoothLoss, space: MoveSpace, radius: float, starts: FloatArray, enough: float = inf
) -> WorstMove:
    """Return the move that costs most among those whose coordinates are no longer than `radius`.

    The loss of a book is linear in its holdings and not in the move: there may be several hills. All starts
    are valued at the radius, and the steepest ways up are followed from the best of them that point
    elsewhere: z ← radius · g ÷ |g|, or the part of the way there that costs most (Frank and Wolfe on a ball,
    where a linear loss is at its end after one step).

    Parameters
    ----------
    loss
        Under full revaluation; scaled so that differences of 1e-10 do not matter.
    radius
        Largest distance, not negative.
    starts
        `(k, m + n)` directions, of length 1 or less for a move within the radius.
    enough
        Loss from which on any move will do.

    References
    ----------
    M. Frank and P. Wolfe, Naval Research Logistics Quarterly 3 (1956) 95; A. Ben-Tal, A. Nemirovski, "Robust
    convex optimization", Mathematics of Operations Research 23 (1998) 769, for what the move is needed for.
    """
    best = WorstMove(frozen(np.zeros(starts.shape[1])), -inf)
    for start in _hills(loss, space, radius, starts):
        found = _ascended(_Ball(loss, space, radius, enough, best), start)
        best = found if found.loss > best.loss else best
        if best.loss > enough:
            break
    return best


def _hills(loss: SmoothLoss, space: MoveSpace, radius: float, starts: FloatArray) -> Iterator[FloatArray]:
    """Yield starts, each another way than those before; a single one without asking."""
    if len(starts) == 1:
        yield radius * starts[0]
        return
    costs = _finite(loss(space.move(radius * starts)))
    order = np.argsort(-costs, kind="stable").tolist()
    directions = starts / np.maximum(np.sqrt((starts**2).sum(axis=1, keepdims=True)), 1e-300)
    taken: list[FloatArray] = []
    for least_turn, most, promise in _CHOICES:
        least = promise * costs[order[0]] if isfinite(promise) else -inf
        for place in order:
            is_other = all(float(directions[place] @ other) < least_turn for other in taken)
            if len(taken) == most or (taken and costs[place] < least):
                break
            if is_other:
                taken.append(directions[place])
                yield radius * starts[place]


class _Ball(NamedTuple):
    """Where a largest loss is looked for, which loss is enough, and the top of another hill."""

    loss: SmoothLoss
    space: MoveSpace
    radius: float
    enough: float
    known: WorstMove

    def trials(self, place: FloatArray, pulled: FloatArray) -> FloatArray:
        """Return `(n_trials, m + n)` points on the way uphill, none outside."""
        way = pulled * (self.radius / _length(pulled)) - place
        points = np.array([place + part * way for part in _STEPS])
        lengths = np.sqrt((points**2).sum(axis=1, keepdims=True))
        found: FloatArray = points * np.minimum(1.0, self.radius / np.maximum(lengths, 1e-300))
        return found

    def is_last(self, place: FloatArray, cost: float, gain: float) -> bool:
        """Tell whether to stay at a place: it is enough, no step helps, or the hill is known."""
        missing = self.enough - cost if isfinite(self.enough) else 0.0
        is_known = _length(place - self.known.coordinates) < _NEAR * self.radius and cost <= self.known.loss
        return missing < 0.0 or is_known or gain <= max(_SETTLED, _HOPELESS * min(missing, cost))


def _ascended(ball: _Ball, place: FloatArray) -> WorstMove:
    cost = -inf
    for _ in range(_MOST_STEPS):
        at, gradient = ball.loss.gradient(ball.space.move(place))
        cost = max(cost, at) if isfinite(at) else cost
        pulled = ball.space.pull(gradient)
        steepness = _length(pulled)
        if not (steepness > 0.0 and isfinite(steepness)):
            break
        trials = ball.trials(place, pulled)
        costs = _finite(ball.loss(ball.space.move(trials)))
        most = int(np.argmax(costs))
        gain = float(costs[most]) - cost
        if gain > 0.0:
            place, cost = trials[most], float(costs[most])
        if ball.is_last(place, cost, gain):
            break
    return WorstMove(frozen(place), cost)


def _finite(costs: FloatArray) -> FloatArray:
    return np.where(np.isfinite(costs), costs, -inf)


def _length(coordinates: FloatArray) -> float:
    return sqrt(float(coordinates @ coordinates))
