"""Limits along a sweep: where each begins or ceases to be breached, and those that never are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stresstest.measures.limits import ANY
from stresstest.measures.sweep import Point, Sweeper
from stresstest.portfolio.model import Limit
from stresstest.revaluation.result import PortfolioResult

_GUESSES, _BISECTIONS = 8, 48
_EXACT = 1e-8


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


@dataclass(slots=True)
class _Border:
    """Two values with a limit breached at one of them only, closing in; each with its excess."""

    watched: _Watched
    low: tuple[float, float]
    high: tuple[float, float]
    enters: bool

    def next_values(self, guess: bool, width: float) -> list[float]:
        """Return the values to look at next: two beside where a chord, or the middle, puts the border."""
        (low, below), (high, above) = self.low, self.high
        if high - low <= width:
            return []
        x = low - below * (high - low) / (above - below) if guess else 0.5 * (low + high)
        return [at for at in (x - 0.5 * width, x + 0.5 * width) if low < at < high]

    def close_in(self, points: Sequence[Point]) -> None:
        """Move the ends to the points, as far as the border lies between."""
        beside = [(point.x, self.watched.excess(point)) for point in points]
        before = [side for side in beside if (side[1] > 0.0) == (self.low[1] > 0.0)]
        after = [side for side in beside if side not in before]
        self.low, self.high = max([self.low, *before]), min([self.high, *after])


def find_breaches(
    sweeper: Sweeper, held: Sequence[PortfolioResult], points: Sequence[Point]
) -> tuple[Breach, ...]:
    """Return every border at which a limit begins or ceases to be breached, in order of the axis.

    A chord gives a guess, and two points beside it show whether the border lies between them: for a smooth
    curve after a few guesses. Otherwise, at a jump, halving goes on. All borders are closed in upon together,
    so that a round is one revaluation.
    """
    borders = list(_borders(sweeper, held, points))
    width = _EXACT * (sweeper.axis.high - sweeper.axis.low)
    for number in range(_GUESSES + _BISECTIONS):
        wanted = [border.next_values(number < _GUESSES, width) for border in borders]
        if not any(wanted):
            break
        found = iter(sweeper.points([x for values in wanted for x in values], between=True))
        for border, values in zip(borders, wanted, strict=True):
            border.close_in([next(found) for _ in values])
    ends = sweeper.points([border.high[0] for border in borders], between=True)
    breaches = (
        Breach(item.watched.portfolio, item.watched.limit, item.high[0], item.watched.loss(end), item.enters)
        for item, end in zip(borders, ends, strict=True)
    )
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


def _borders(sweeper: Sweeper, held: Sequence[PortfolioResult], points: Sequence[Point]) -> Iterator[_Border]:
    for watched in _watched(sweeper, held):
        for before, after in pairwise(points):
            low, high = (before.x, watched.excess(before)), (after.x, watched.excess(after))
            if before.possible and after.possible and (low[1] > 0.0) != (high[1] > 0.0):
                yield _Border(watched, low, high, high[1] > 0.0)
