"""Several distinct moves that cost the target: each led by other factors than those before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.reverse.losses import LossFunction
from stresstest.reverse.moves import MoveSpace
from stresstest.reverse.search import DesignPoint, design_point

LEAST_ANGLE = 20.0
"""Degrees, in the metric of the covariance, that any two answers stand apart."""

_MOST_TRIES = 24


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A move that costs the target.

    Attributes
    ----------
    move
        `(n,)` change of every factor of the space, 0 of those held.
    lead
        Group of factors that costs most.
    held
        Groups that were held at base, since earlier answers were led by them.
    contributions
        By group, gradient times move: its part of the loss to first order at the answer.
    """

    point: DesignPoint
    move: FloatArray
    lead: str
    held: tuple[str, ...]
    contributions: dict[str, float]


def group_of(key: RiskFactorKey, market: MarketSnapshot) -> str:
    """Return the group that a factor leads for: shares by theme or sector, all other factors by kind.

    Examples
    --------
    >>> from stresstest.market.loading import load_market
    >>> market = load_market(["2025-10-03"])
    >>> group_of(RiskFactorKey("spot", "NVDA"), market)
    'ai_accelerators shares'
    >>> group_of(RiskFactorKey("zero_rate", "USD", "5Y"), market)
    'zero_rate'
    """
    if key.kind != "spot":
        return key.kind
    issuer = market.issuers.get(key.public_name)
    if issuer is None:
        return "shares"
    if issuer.themes:
        return f"{max(issuer.themes, key=lambda theme: issuer.themes[theme])} shares"
    return f"{issuer.attributes.get('sector', 'other')} shares"


def answers(loss: LossFunction, space: MoveSpace, target: float, scale: float, count: int) -> list[Answer]:
    """Return up to `count` answers by distance, any two at least `LEAST_ANGLE` apart.

    After each the group that leads it is held at base; where what follows is too near an earlier answer, its
    lead is held too.
    """
    groups = {key: group_of(key, loss.book.market) for key in space.keys}
    found: list[Answer] = []
    held: list[str] = []
    for _ in range(_MOST_TRIES):
        kept = space.holding({key for key, group in groups.items() if group in held})
        if not kept.keys or len(found) == count:
            break
        answer = _answer(loss, kept, (target, scale), groups, tuple(held), space)
        if not answer.point.reached:
            break
        if all(abs(space.cosine(answer.move, other.move)) <= cos(radians(LEAST_ANGLE)) for other in found):
            found.append(answer)
        held.append(answer.lead)
    return sorted(found, key=lambda answer: answer.point.distance)


def _answer(
    loss: LossFunction,
    kept: MoveSpace,
    aim: tuple[float, float],
    groups: dict[RiskFactorKey, str],
    held: tuple[str, ...],
    space: MoveSpace,
) -> Answer:
    place = {key: row for row, key in enumerate(loss.keys)}
    rows = [place[key] for key in kept.keys]
    own = replace(loss, keys=kept.keys, deviations=loss.deviations[rows])
    point = design_point(own, kept, *aim)
    parts: dict[str, float] = {}
    for key, part in zip(kept.keys, (point.gradient * point.move).tolist(), strict=True):
        parts[groups[key]] = parts.get(groups[key], 0.0) + part
    move = np.zeros(len(space.keys))
    move[rows] = point.move
    return Answer(point, frozen(move), max(parts, key=lambda group: parts[group]), held, parts)
