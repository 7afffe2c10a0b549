"""Limits along a sweep: where each begins or ceases to be breached, and those that never are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.measures.borders import EXACT, Border, close_in, find_borders
from stresstest.measures.limits import ANY
from stresstest.measures.sweep import Point, Sweeper
from stresstest.portfolio.model import Limit
from stresstest.revaluation.result import PortfolioResult


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a limit of a portfolio begins to be breached, or ceases to be.

    Attributes
    ----------
    x
        First value of the axis beyond the border, to a part in a hundred million of the range.
    loss
        There, as a part of what the limit is of.
    enters
        Whether the limit is breached above `x`, and kept below it.
    """

    portfolio: str
    limit: Limit
    x: float
    loss: float
    enters: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A limit that no value of the axis breaches, or each does.

    Attributes
    ----------
    largest_loss, x
        Largest loss on the grid as a part of what the limit is of, at most below 0, and where it is.
    breached
        Whether every value breaches it.
    """

    portfolio: str
    limit: Limit
    largest_loss: float
    x: float
    breached: bool


@dataclass(frozen=True, slots=True)
class _Watched:
    """A limit that counts for the scenario: of the portfolio at `place`, with what its loss is a part of."""

    portfolio: str
    limit: Limit
    place: int
    size: float

    def loss(self, point: Point) -> float:
        """Return the loss at a point; NaN where the scenario is impossible."""
        return -float(point.worst[self.place]) / self.size

    def excess(self, point: Point) -> float:
        """Return how far the loss is above the limit."""
        return self.loss(point) - self.limit.max_loss


def find_breaches(
    sweeper: Sweeper, held: Sequence[PortfolioResult], points: Sequence[Point]
) -> tuple[Breach, ...]:
    """Return every border at which a limit begins or ceases to be breached, in order of the axis."""
    watched = list(_watched(sweeper, held))
    grid, gauges = [point.x for point in points], [[one.excess(point) for point in points] for one in watched]
    borders = find_borders(grid, np.array(gauges).reshape(len(watched), len(grid)))

    def excesses(values: Sequence[float], asked: Sequence[Border]) -> list[float]:
        found = sweeper.points(values, between=True)
        return [watched[border.gauge].excess(point) for border, point in zip(asked, found, strict=True)]

    close_in(borders, excesses, EXACT * (sweeper.axis.high - sweeper.axis.low))
    ends = sweeper.points([border.high[0] for border in borders], between=True)
    breaches = [
        Breach(one.portfolio, one.limit, border.high[0], one.loss(end), border.begins)
        for border, end in zip(borders, ends, strict=True)
        for one in (watched[border.gauge],)
    ]
    return tuple(sorted(breaches, key=lambda item: item.x))


def kept_limits(
    sweeper: Sweeper, held: Sequence[PortfolioResult], points: Sequence[Point], breaches: Sequence[Breach]
) -> tuple[Kept, ...]:
    """Return the limits without a border on the axis, with the largest loss that was seen."""
    crossed = [(breach.portfolio, breach.limit) for breach in breaches]
    possible = [point for point in points if point.possible]
    found = []
    for watched in _watched(sweeper, held):
        if (watched.portfolio, watched.limit) not in crossed and possible:
            worst = max(possible, key=watched.loss)
            breached = watched.excess(worst) > 0.0
            found.append(Kept(watched.portfolio, watched.limit, watched.loss(worst), worst.x, breached))
    return tuple(found)


def _watched(sweeper: Sweeper, held: Sequence[PortfolioResult]) -> Iterator[_Watched]:
    for place, one in enumerate(held):
        for limit in one.held.portfolio.portfolio.limits:
            size = abs(one.base_value) if limit.of == "base" else one.gross_value
            if limit.scenario in (ANY, sweeper.scenario.name) and size != 0.0:
                yield _Watched(one.name, limit, place, size)
