"""Several distinct moves that cost the target: each led by other factors than those before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import cos, radians

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.market.keys import RiskFactorKey
from stresstest.reverse.losses import LossFunction
from stresstest.reverse.moves import MoveSpace
from stresstest.reverse.search import FARTHEST, DesignPoint, Search

LEAST_ANGLE = 20.0
"""Degrees, in the metric of the covariance, that any two answers stand apart."""

_COSINE = cos(radians(LEAST_ANGLE))


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A move that costs the target.

    Attributes
    ----------
    point
        The search's end.
    move
        `(n,)` change of every factor of the space, 0 of those held.
    lead
        Group of factors: for the first answer and those with groups held the one that costs most, else the
        one that all others follow as their mean given it.
    led
        Whether the others follow the lead.
    held
        Groups that stand still, since earlier answers were led by them.
    contributions
        By group, gradient times move: its part of the loss to first order at the answer.
    gradient
        `(n,)` by factor of the space, 0 for those held.
    """

    point: DesignPoint
    move: FloatArray
    lead: str
    led: bool
    held: tuple[str, ...]
    contributions: Mapping[str, float]
    gradient: FloatArray


@dataclass(frozen=True, eq=False)
class Target:
    """What is looked for: a loss, in a space, of factors in named groups.

    Attributes
    ----------
    groups
        Group of each factor of the space.
    loss
        Of exactly the factors of the space.
    amount
        Loss to reach, in the portfolio's currency.
    scale
        Base value, to which tolerances are relative.
    """

    loss: LossFunction
    space: MoveSpace
    groups: Mapping[RiskFactorKey, str]
    amount: float
    scale: float

    def most_plausible(self) -> Answer:
        """Return the nearest move of all, or, not `reached`, the one that costs most."""
        search = Search(self.loss, self.space, self.space.covariance_times, self.amount, self.scale)
        return self._answer(search.everywhere(), self.space)

    def led_by(self, group: str) -> Answer:
        """Return the nearest move in which the factors of `group` move and all others follow on average."""
        lead = {key for key, name in self.groups.items() if name == group}
        search = Search(self.loss, self.space, self.space.led_by(lead), self.amount, self.scale)
        found = self._answer(search.design_point(), self.space)
        return replace(found, lead=group, led=True)

    def holding(self, held: tuple[str, ...]) -> Answer:
        """Return the nearest move in which the factors of the groups `held` stand still."""
        space = self.space.holding({key for key, name in self.groups.items() if name in held})
        place = {key: row for row, key in enumerate(self.space.keys)}
        rows = [place[key] for key in space.keys]
        own = replace(self.loss, keys=space.keys, deviations=self.loss.deviations[rows])
        search = Search(own, space, space.covariance_times, self.amount, self.scale)
        return replace(self._answer(search.design_point(), space), held=held)

    def _answer(self, point: DesignPoint, space: MoveSpace) -> Answer:
        place = {key: row for row, key in enumerate(self.space.keys)}
        rows = [place[key] for key in space.keys]
        move, gradient = np.zeros((2, len(self.space.keys)))
        move[rows], gradient[rows] = point.move, point.gradient
        parts: dict[str, float] = {}
        for key, part in zip(space.keys, (point.gradient * point.move).tolist(), strict=True):
            parts[self.groups[key]] = parts.get(self.groups[key], 0.0) + part
        lead = max(parts, key=lambda group: parts[group])
        return Answer(point, frozen(move), lead, False, (), parts, frozen(gradient))


def distinct_answers(target: Target, count: int) -> list[Answer]:
    """Return up to `count` answers by distance, any two at least `LEAST_ANGLE` apart.

    The first is the most plausible of all; alone, where the target is out of reach. Then those led by each
    other group, the nearest to first order tried first; where they are too few or too alike, moves in which
    the groups that led so far stand still.
    """
    found = [target.most_plausible()]
    if not found[0].point.reached:
        return found
    for other in _others(target, found):
        if len(found) >= count:
            break
        is_new = all(abs(target.space.cosine(other.move, one.move)) <= _COSINE for one in found)
        if other.point.reached and is_new:
            found.append(other)
    return sorted(found, key=lambda answer: answer.point.distance)


def _others(target: Target, found: list[Answer]) -> Iterator[Answer]:
    for group in _by_reach(target, found[0]):
        yield target.led_by(group)
    held: list[str] = []
    while True:
        held += [answer.lead for answer in found if answer.lead not in held]
        if set(target.groups.values()) <= set(held):
            return
        other = target.holding(tuple(held))
        yield other
        if not other.point.reached:
            return
        held += [other.lead] if other.lead not in held else []


def _by_reach(target: Target, first: Answer) -> list[str]:
    """Return the groups whose lead costs the target within reach to first order, the nearest first."""
    distances = {}
    for group in dict.fromkeys(target.groups.values()):
        lead = {key for key, name in target.groups.items() if name == group}
        variance = float(first.gradient @ target.space.led_by(lead)(first.gradient))
        if group != first.lead and variance > 0.0:
            distances[group] = target.amount / variance**0.5
    near = [group for group, distance in distances.items() if distance <= 2.0 * FARTHEST]
    return sorted(near, key=lambda group: distances[group])
