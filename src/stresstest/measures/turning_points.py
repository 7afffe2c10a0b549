"""A whole sweep: the curve, where it bends or jumps and why, and where limits are breached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import InputError, Problem
from stresstest.measures.breaches import Breach, Kept, find_breaches, kept_limits
from stresstest.measures.kinks import Kink, find_kinks
from stresstest.measures.sweep import SEVERITY, Point, Sweeper
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.event import Event
from stresstest.scenarios.numbering import numbered_lines
from stresstest.scenarios.rules import CaseRule, StatedShift, TableRule
from stresstest.scenarios.scenario import Scenario
from stresstest.scenarios.table import ColumnTable
from stresstest.scenarios.wording import title_text

LEAST_STEPS = 8
MOST_STEPS = 1000
_NEAR = 1e-4
_CAUSES = 3
_ELSEWHERE = "no line changes here: an instrument does, or its volatility surface"


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A kink or cliff of one portfolio, with what changes there."""

    portfolio: str
    kink: Kink
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """A scenario over a range.

    Attributes
    ----------
    portfolios, base_values, currencies
        Of the book, in its order.
    points
        Values of the axis, ascending, with P&L.
    turning_points, breaches
        Found under full revaluation, in order of the axis.
    kept
        Limits that no point of the axis breaches, or each does, with the largest loss.
    """

    portfolios: tuple[str, ...]
    base_values: tuple[float, ...]
    currencies: tuple[str, ...]
    points: tuple[Point, ...]
    turning_points: tuple[TurningPoint, ...]
    breaches: tuple[Breach, ...]
    kept: tuple[Kept, ...] = ()

    @property
    def x(self) -> FloatArray:
        """`(n_points,)` values of the axis."""
        return frozen([point.x for point in self.points])

    @property
    def pnl(self) -> FloatArray:
        """`(n_portfolios, n_points)` P&L, NaN where the scenario is impossible."""
        return frozen(np.array([point.pnl for point in self.points]).T)

    @property
    def impossible(self) -> tuple[Point, ...]:
        """Points at which the scenario cannot be, with the reason."""
        return tuple(point for point in self.points if not point.possible)


def sweep(sweeper: Sweeper, steps: int = 40) -> Sweep:
    """Return the P&L over the axis of `sweeper` at `steps` + 1 values, with its kinks, cliffs and breaches.

    Raises
    ------
    InputError
        ST410 for a range or number of steps that makes no grid; everything that is wrong with the scenario
        where no point of the range is possible.
    """
    axis = sweeper.axis
    if not (LEAST_STEPS <= steps <= MOST_STEPS and axis.low < axis.high):
        got = f"{steps} steps from {axis.low:g} to {axis.high:g}"
        raise InputError([Problem("ST410", got, f"a rising range in {LEAST_STEPS} to {MOST_STEPS} steps")])
    grid = [axis.low + (axis.high - axis.low) * step / steps for step in range(steps)] + [axis.high]
    points = sweeper.points(grid)
    if not any(point.possible for point in points):
        sweeper.compiled([axis.high])
    held = _held(sweeper)
    turning = [item for place, one in enumerate(held) for item in _turning_points(sweeper, one, place, grid)]
    breaches = find_breaches(sweeper, held, points)
    return Sweep(
        portfolios=tuple(item.name for item in held),
        base_values=tuple(item.base_value for item in held),
        currencies=tuple(item.currency for item in held),
        points=tuple(points),
        turning_points=tuple(sorted(turning, key=lambda item: item.kink.x)),
        breaches=breaches,
        kept=kept_limits(sweeper, held, points, breaches),
    )


def _held(sweeper: Sweeper) -> tuple[PortfolioResult, ...]:
    """Return the portfolios without any shock."""
    columns = FactorColumns(ColumnTable.instant([]), sweeper.book.market.levels, {})
    return apply_holdings(sweeper.book, revalue(sweeper.book, columns)).portfolios


def _turning_points(
    sweeper: Sweeper, held: PortfolioResult, place: int, grid: list[float]
) -> Iterator[TurningPoint]:
    def curve(values: Sequence[float]) -> FloatArray:
        return np.array([point.pnl[place] for point in sweeper.points(values, between=True)])

    points = sweeper.points(grid)
    changes = [after.x for before, after in pairwise(points) if before.states != after.states]
    known = dict(_knots(sweeper))
    span = sweeper.axis.high - sweeper.axis.low
    for kink in find_kinks(curve, grid, [*known, *changes]):
        knots = [x for x in known if abs(x - kink.x) <= _NEAR * span]
        causes = (*(known[x] for x in knots), *_changes(sweeper, kink.x))
        exact = replace(kink, x=knots[0]) if knots else kink
        yield TurningPoint(held.name, exact, causes or (_ELSEWHERE,))


def _changes(sweeper: Sweeper, x: float) -> tuple[str, ...]:
    """Return what holds on one side of `x` only."""
    span = sweeper.axis.high - sweeper.axis.low
    low, high = max(x - _NEAR * span, sweeper.axis.low), min(x + _NEAR * span, sweeper.axis.high)
    before, after = sweeper.words(low), sweeper.words(high)
    begins = [f"from here {words}" for words in sorted(after - before)]
    ends = [f"up to here {words}" for words in sorted(before - after)]
    found = [*begins, *ends]
    more = [f"and {len(found) - _CAUSES} more"] if len(found) > _CAUSES else []
    return (*found[:_CAUSES], *more)


def _knots(sweeper: Sweeper) -> Iterator[tuple[float, str]]:
    """Yield the points of tables over the driver that is swept, and the severities at which events happen."""
    if sweeper.axis.name == SEVERITY:
        yield from _event_severities(sweeper)
        return
    lines: dict[float, list[str]] = {}
    for number, _, line in numbered_lines(sweeper.scenario):
        shift = None if isinstance(line.shock, Event) else line.shock.shift
        for x in _points(shift, sweeper.axis.name):
            if sweeper.axis.low < x < sweeper.axis.high:
                lines.setdefault(x, []).append(title_text(number, line.shock.location))
    for x, numbers in lines.items():
        yield x, f"a point of the table of {', '.join(numbers)}"


def _event_severities(sweeper: Sweeper) -> Iterator[tuple[float, str]]:
    found: dict[float, list[str]] = {}
    for event, scale in _events(sweeper.scenario, 1.0):
        if scale > 0.0 and sweeper.axis.low < event.at_severity / scale <= sweeper.axis.high:
            found.setdefault(event.at_severity / scale, []).append(event.what.text())
    for x, texts in found.items():
        yield x, "; ".join(dict.fromkeys(texts))


def _events(scenario: Scenario, scale: float) -> Iterator[tuple[Event, float]]:
    """Yield the events of a scenario and of its parts, each with the severity of its part."""
    for item in scenario.include:
        yield from _events(item.scenario, scale * item.severity)
    later = (event for step in scenario.steps for event in step.events)
    yield from ((event, scale) for event in (*scenario.events, *later))


def _points(shift: StatedShift | None, driver: str) -> Iterator[float]:
    if isinstance(shift, TableRule) and shift.driver == driver:
        yield from shift.points[1:-1]
    elif isinstance(shift, CaseRule):
        for case in shift.cases.values():
            yield from _points(case, driver)
