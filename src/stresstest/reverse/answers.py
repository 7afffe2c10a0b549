"""Several distinct moves that cost the target: each led by another driver than those before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.reverse.attribution import average_gradient
from stresstest.reverse.losses import LossFunction
from stresstest.reverse.moves import MoveSpace
from stresstest.reverse.search import DesignPoint, Search

LEAST_ANGLE = 20.0
"""Degrees, in the metric of the covariance, that any two answers stand apart."""

_COSINE = cos(radians(LEAST_ANGLE))
_MOST_TRIES = 24


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A move that costs the target.

    Attributes
    ----------
    point
        The search's end.
    distance
        Mahalanobis distance of the move, nothing held.
    lead
        Driver that costs most: a systematic factor, or the own moves of a group.
    held
        Drivers that stand still, since they led earlier answers.
    parts
        By driver what it costs: the gradient averaged along the way, times its part of the move.
    average_gradient
        `(n,)` of that.
    shifts
        By systematic factor how far it moves, in its standard deviations over the horizon.
    """

    point: DesignPoint
    distance: float
    lead: str
    held: tuple[str, ...]
    parts: Mapping[str, float]
    average_gradient: FloatArray
    shifts: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Target:
    """What is looked for.

    Attributes
    ----------
    loss
        Of exactly the factors of the space.
    amount
        Loss to reach, in the portfolio's currency.
    scale
        Base value, to which tolerances are relative.
    """

    loss: LossFunction
    space: MoveSpace
    amount: float
    scale: float

    def answer(self, held: tuple[str, ...] = (), *, thorough: bool = False) -> Answer:
        """Return the nearest move in which the drivers `held` stand still.

        Not `reached`, it is the one that costs most. A `thorough` search starts from many points.
        """
        space = self.space.holding(held)
        search = Search(self.loss, space, self.amount, self.scale)
        point = search.everywhere() if thorough else search.design_point()
        gradient = average_gradient(self.loss, point.move)
        parts = space.parts(point.coordinates, gradient)
        lead = max(parts, key=lambda driver: parts[driver])
        distance = self.space.distance(np.asarray(point.move))
        return Answer(point, distance, lead, held, parts, gradient, space.shifts(point.coordinates))


def distinct_answers(target: Target, count: int) -> list[Answer]:
    """Return up to `count` answers by distance, any two at least `LEAST_ANGLE` apart.

    The first is the most plausible of all; alone, where the target is out of reach. After each answer the
    driver that leads it stands still: what costs the target if it is not the market, not the AI trade, …
    """
    found = [target.answer(thorough=True)]
    held = [found[0].lead]
    for _ in range(_MOST_TRIES):
        if len(found) == count or not found[-1].point.reached or len(held) == len(target.space.drivers):
            break
        other = target.answer(tuple(held))
        if not other.point.reached:
            break
        held.append(other.lead)
        moves = [answer.point.move for answer in found]
        if all(abs(target.space.cosine(other.point.move, move)) <= _COSINE for move in moves):
            found.append(other)
    return sorted(found, key=lambda answer: answer.distance)
