"""Break-points of whole portfolios: limits, margin calls, deficits, hedges that cost more than they save."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.measures.borders import EXACT, Border, close_in, find_borders
from stresstest.measures.breaches import Breach
from stresstest.measures.break_points.record import BreakPoint, GridRun, exact
from stresstest.measures.financing import FUNDING, MARGIN
from stresstest.measures.sweep import Point


@dataclass(frozen=True, slots=True)
class _Watch:
    """A gauge of a portfolio at a point of the axis, and what its sign means."""

    portfolio: str
    kind: str
    begins: str
    ends: str
    subject: str
    gauge: Callable[[Point], float]


def portfolio_break_points(
    run: GridRun, breaches: Sequence[Breach], against: str = ""
) -> tuple[BreakPoint, ...]:
    """Return where portfolios flip, in order of what is watched.

    Parameters
    ----------
    breaches
        Of limits, as the sweep has found them.
    against
        Name of the portfolio of the book that all others are compared with; empty: there is none.
    """
    watched = list(_watches(run, against))
    points = run.sweeper.points(run.grid)
    gauges = np.array([[watch.gauge(point) for point in points] for watch in watched])
    borders = find_borders(run.grid, gauges.reshape(len(watched), len(points)))

    def evaluate(values: Sequence[float], asked: Sequence[Border]) -> list[float]:
        found = run.sweeper.points(values, between=True)
        return [watched[border.gauge].gauge(point) for border, point in zip(asked, found, strict=True)]

    close_in(borders, evaluate, EXACT * (run.sweeper.axis.high - run.sweeper.axis.low))
    flips = [
        BreakPoint(watch.portfolio, watch.kind, what, watch.subject, exact(border), bends=False)
        for border in borders
        for watch in (watched[border.gauge],)
        for what in (watch.begins if border.begins else watch.ends,)
    ]
    return (*(_limit(breach) for breach in breaches if breach.portfolio != against), *flips)


def _limit(breach: Breach) -> BreakPoint:
    what = "is breached" if breach.enters else "is kept again"
    limit = breach.limit
    subject = f"limit {limit.name or limit.scenario} ({100.0 * limit.max_loss:.1f} % of {limit.of})"
    return BreakPoint(breach.portfolio, "limit", what, subject, breach.x, bends=False)


def _watches(run: GridRun, against: str) -> Iterator[_Watch]:
    names = [held.name for held in run.result.portfolios]
    for place, name in enumerate(names):
        if name == against:
            continue
        yield _Watch(
            name,
            "margin_call",
            "gets a margin call",
            "meets its margin again",
            "account",
            _gap(place, MARGIN),
        )
        yield _Watch(
            name, "deficit", "owes more than its assets", "has assets for all that it owes", "funded ratio",
            _gap(place, FUNDING),
        )  # fmt: skip
        if against:
            other = names.index(against)
            yield _Watch(
                name, "comparison", f"loses more than {against}", f"loses less than {against}", name,
                _difference(place, other),
            )  # fmt: skip


def _gap(place: int, row: int) -> Callable[[Point], float]:
    def gauge(point: Point) -> float:
        return float("nan") if point.gaps is None else float(point.gaps[place, row])

    return gauge


def _difference(place: int, other: int) -> Callable[[Point], float]:
    """Return how much more the portfolio at `place` loses; NaN where neither gains or loses anything."""

    def gauge(point: Point) -> float:
        own, compared = float(point.pnl[place]), float(point.pnl[other])
        return float("nan") if own == compared == 0.0 else compared - own

    return gauge
