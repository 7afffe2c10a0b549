"""The most plausible move that costs a target loss under full revaluation: a design point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, sqrt
from typing import Protocol

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.reverse.moves import MoveSpace
from stresstest.reverse.rays import Loss, on_target
from stresstest.reverse.ways import all_ways, spread_ways, ways_about

MOST_ROUNDS = 40
TOLERANCE = 1e-7
"""Loss off its target, relative to the base value, at which a move has arrived."""

FARTHEST = 40.0
"""Distance beyond which no move is looked for: there is no plausibility to compare any more."""

_RADII = (1.0, 2.5, 6.0, 15.0, FARTHEST)
_OTHER_STARTS = 3
_SAME = 0.95
"""Cosine of two directions above which a search from one ends where that from the other does."""
_PROMISING = 0.7
"""Part of the target that a direction costs at the best distance known and is worth a search of its own."""
_INSIDE = (0.999, 0.7)
"""Parts of the best distance known at which directions all round are valued to confirm it."""
_PAIRS = 256
_CONFIRMATIONS = 16
_PUSHES = 8
_SETTLED = 1e-5


class SmoothLoss(Loss, Protocol):
    """A loss with its gradient."""

    def gradient(self, move: FloatArray) -> tuple[float, FloatArray]:
        """Return loss and derivative at a move."""


@dataclass(frozen=True, slots=True, eq=False)
class DesignPoint:
    """A move that costs the target, or the one that costs most where none was found.

    Attributes
    ----------
    coordinates
        `(m + n,)` of the space that was searched.
    move
        `(n,)` in change spaces.
    loss, gradient
        There, the gradient `(n,)` by factor.
    length
        Of the coordinates: the distance within the space that was searched.
    reached
        Whether the loss is the target.
    rounds
        Linearisations that the search took.
    """

    coordinates: FloatArray
    move: FloatArray
    loss: float
    gradient: FloatArray
    length: float
    reached: bool
    rounds: int


@dataclass(frozen=True, eq=False)
class Search:
    """A loss, where it is looked for, and what it is to be.

    Attributes
    ----------
    loss
        Of moves of the factors of the space.
    target
        Positive.
    scale
        Base value of the portfolio, to which tolerances are relative.
    """

    loss: SmoothLoss
    space: MoveSpace
    target: float
    scale: float

    def design_point(self, start: FloatArray | None = None) -> DesignPoint:
        """Return the move of least distance that costs the target, near the linear answer or `start`.

        z ← g (gᵀ z + target − L) ÷ (gᵀ g) in coordinates, with the step halved until the merit
        ½ |z|² + c·|target − L| falls (the improved method of Hasofer, Lind, Rackwitz and Fiessler); then the
        point is drawn along its ray to the target.

        Parameters
        ----------
        start
            `(m + n,)` coordinates; default: nothing moves.

        References
        ----------
        R. Rackwitz and B. Fiessler, Computers and Structures 9 (1978) 489; Y. Zhang and A. Der Kiureghian,
        "Two improved algorithms for reliability analysis", Reliability and Optimization of Structural Systems
        (1995) 297.
        """
        nothing = self.space.pull(np.zeros(len(self.space.keys)))
        place = nothing if start is None else np.array(start)
        at, gradient = self.loss.gradient(self.space.move(place))
        rounds = 0
        while rounds < MOST_ROUNDS and (step := self._step(place, at, gradient)) is not None:
            rounds += 1
            change = _length(step - place)
            place = step
            at, gradient = self.loss.gradient(self.space.move(place))
            near = change < _SETTLED * max(_length(place), 1e-12)
            if near and abs(at - self.target) < 1e3 * TOLERANCE * self.scale:
                break
        return self._arrived(place, gradient, rounds)

    def everywhere(self) -> DesignPoint:
        """Return the nearest of the design points that are found from several starts.

        After the one near the linear answer, the mean moves given each factor alone and each driver alone,
        both ways, are valued at its distance: those that cost most there, and point elsewhere, are starts
        too. A loss may lie both ways, as that of a short straddle does, where the linear answer says nothing.
        Then directions all round, and close about the best, are valued just inside its distance; while one of
        them still costs the target, the search goes on from it: where options expire the loss has edges, on
        which linearisations come to rest too early.
        Where nothing reaches the target, the answer is the move within `FARTHEST` that costs most, as far as
        pushing outwards along gradients finds it.
        """
        best = self.design_point()
        rounds = best.rounds
        for start in self._other_starts(best):
            other = self.design_point(start)
            rounds += other.rounds
            if other.reached and (not best.reached or other.length < best.length):
                best = other
        best = best if best.reached else self._largest(best)
        return self._confirmed(replace(best, rounds=rounds))

    def _confirmed(self, best: DesignPoint) -> DesignPoint:
        """Return a design point inside which no direction valued costs the target."""
        if not best.reached:
            return best
        spread = spread_ways(self.space, _PAIRS)
        known = np.concatenate([all_ways(self.space), spread])
        for _ in range(_CONFIRMATIONS):
            directions = np.concatenate([known, ways_about(best.coordinates, spread)])
            radii = [part * best.length for part in _INSIDE]
            costs = self._costs(radii, directions)
            row, column = divmod(int(np.argmax(costs)), len(directions))
            if not costs[row, column] >= self.target:
                break
            other = self._nearer(best, radii[row] * directions[column])
            best = replace(other, rounds=best.rounds + other.rounds)
        return best

    def _nearer(self, best: DesignPoint, start: FloatArray) -> DesignPoint:
        """Return the design point near `start`, or at least the one on its ray, nearer than `best`."""
        other = self.design_point(start)
        if other.reached and other.length < best.length:
            return other
        other = self._arrived(start, best.gradient, 0)
        return replace(other, gradient=self.loss.gradient(other.move)[1])

    def _step(self, place: FloatArray, at: float, gradient: FloatArray) -> FloatArray | None:
        """Return the next point: the farthest of steps 1, ½, ¼, … that lowers the merit; None without one."""
        pulled = self.space.pull(gradient)
        steepness = _length(pulled)
        if not (steepness > 0.0 and isfinite(steepness)):
            return None
        proposal = pulled * ((float(pulled @ place) + self.target - at) / steepness**2)
        length = _length(proposal)
        if length > 2.0 * FARTHEST:
            proposal *= 2.0 * FARTHEST / length
        trials = [place + 0.5**power * (proposal - place) for power in range(8)]
        losses = self.loss(self.space.move(np.array(trials)))
        weight = 2.0 * max(_length(place), min(length, FARTHEST), 1.0) / steepness

        def merit(z: FloatArray, cost: float) -> float:
            return 0.5 * _length(z) ** 2 + weight * abs(self.target - cost)

        now = merit(place, at)
        lower = (z for z, cost in zip(trials, losses.tolist(), strict=True) if merit(z, cost) < now)
        return next(lower, None)

    def _arrived(self, place: FloatArray, gradient: FloatArray, rounds: int) -> DesignPoint:
        tolerance = TOLERANCE * self.scale
        part, at = on_target(self.loss, self.space.move(place), self.target, tolerance)
        place = part * place
        length = _length(place)
        reached = abs(at - self.target) <= tolerance and length <= FARTHEST
        return self._point(place, (at, gradient), reached=reached, rounds=rounds)

    def _point(
        self, place: FloatArray, found: tuple[float, FloatArray], *, reached: bool, rounds: int
    ) -> DesignPoint:
        move = frozen(self.space.move(place))
        return DesignPoint(frozen(place), move, *found, _length(place), reached, rounds)

    def _other_starts(self, best: DesignPoint) -> Iterator[FloatArray]:
        """Yield points to start from, those that cost most first, each another way than those before."""
        directions = all_ways(self.space)
        radii = [best.length] if best.reached else list(_RADII)
        costs = self._costs(radii, directions)
        taken = [best.coordinates / best.length] if best.reached else []
        for place in np.argsort(-costs, axis=None, kind="stable").tolist():
            row, column = divmod(place, len(directions))
            if costs[row, column] < _PROMISING * self.target or len(taken) > _OTHER_STARTS:
                return
            direction = directions[column]
            if all(float(direction @ other) < _SAME for other in taken):
                taken.append(direction)
                yield radii[row] * direction

    def _costs(self, radii: Sequence[float], directions: FloatArray) -> FloatArray:
        """Return `(n_radii, n_directions)` losses, −∞ where there is no value."""
        costs = np.array([self.loss(self.space.move(radius * directions)) for radius in radii])
        costs[~np.isfinite(costs)] = -inf
        return costs

    def _largest(self, start: DesignPoint) -> DesignPoint:
        directions = all_ways(self.space)
        costs = self._costs(_RADII, directions)
        row, column = divmod(int(np.argmax(costs)), len(directions))
        place, most = _RADII[row] * directions[column], float(costs[row, column])
        if start.loss > most and start.length <= FARTHEST:
            place, most = np.array(start.coordinates), start.loss
        for _ in range(_PUSHES):
            pulled = self.space.pull(self.loss.gradient(self.space.move(place))[1])
            steepness = _length(pulled)
            if not (steepness > 0.0 and isfinite(steepness)):
                break
            costs = self._costs(_RADII, pulled[np.newaxis, :] / steepness)
            if not float(costs.max()) > most:
                break
            most = float(costs.max())
            place = _RADII[int(np.argmax(costs))] * pulled / steepness
        if most >= self.target:
            return self.design_point(place)
        return self._point(place, self.loss.gradient(self.space.move(place)), reached=False, rounds=0)


def _length(coordinates: FloatArray) -> float:
    return sqrt(float(coordinates @ coordinates))
