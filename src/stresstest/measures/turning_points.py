"""A whole sweep: the curve, where it bends or jumps and why, and where limits are breached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import InputError, Problem
from stresstest.measures.bending import bending_positions
from stresstest.measures.breaches import Breach, Kept, find_breaches, kept_limits
from stresstest.measures.break_points.finding import find_break_points
from stresstest.measures.break_points.record import BreakPoint, Found, GridRun, Unlisted
from stresstest.measures.kinks import Kink, find_kinks
from stresstest.measures.sweep import SEVERITY, Axis, Point, Sweeper
from stresstest.scenarios.event import Event
from stresstest.scenarios.numbering import numbered_lines
from stresstest.scenarios.rules import CaseRule, StatedShift, TableRule
from stresstest.scenarios.scenario import Scenario
from stresstest.scenarios.wording import title_text

LEAST_STEPS = 8
MOST_STEPS = 1000
_NEAR = 1e-4
_CAUSES = 3
_ELSEWHERE = "no line changes here and nothing is known to flip"


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
    break_points
        Everything that flips, in order of the axis: strikes, barriers, covenants, defaults, firms, limits,
        margin calls, hedges.
    unlisted
        Break-points that are counted only.
    against
        Name of the portfolio that the others are compared with, itself without break-points; or empty.
    """

    portfolios: tuple[str, ...]
    base_values: tuple[float, ...]
    currencies: tuple[str, ...]
    points: tuple[Point, ...]
    turning_points: tuple[TurningPoint, ...]
    breaches: tuple[Breach, ...]
    kept: tuple[Kept, ...] = ()
    break_points: tuple[BreakPoint, ...] = ()
    unlisted: tuple[Unlisted, ...] = ()
    against: str = ""

    @property
    def x(self) -> FloatArray:
        """`(n_points,)` values of the axis."""
        return frozen([point.x for point in self.points])

    @property
    def pnl(self) -> FloatArray:
        """`(n_portfolios, n_points)` P&L, NaN where the scenario is impossible."""
        return frozen(np.array([point.pnl for point in self.points]).T)

    def lead(self, place: int) -> int:
        """Return 1 where the portfolio at `place` first loses more than the one compared with, −1 less, or 0.

        It stays so over the whole axis where no `comparison` is among the break-points.
        """
        more = self.pnl[self.portfolios.index(self.against)] - self.pnl[place]
        known = more[np.isfinite(more) & (more != 0.0)]
        return int(np.sign(known[0])) if len(known) else 0

    @property
    def impossible(self) -> tuple[Point, ...]:
        """Points at which the scenario cannot be, with the reason."""
        return tuple(point for point in self.points if not point.possible)


def sweep(sweeper: Sweeper, steps: int = 40, against: str = "") -> Sweep:
    """Return the P&L over the axis of `sweeper` at `steps` + 1 values, with its kinks, cliffs, break-points.

    Parameters
    ----------
    against
        Name of a portfolio of the book that the others are compared with; empty: there is none.

    Raises
    ------
    InputError
        ST410 for a range or number of steps that makes no grid; everything that is wrong with the scenario
        where no point of the range is possible.
    """
    grid = _grid(sweeper.axis, steps)
    moved, result = sweeper.results(grid)
    points = sweeper.points(grid)
    if not any(point.possible for point in points):
        sweeper.compiled([sweeper.axis.high])
    held = result.portfolios
    breaches = find_breaches(sweeper, held, points)
    found = find_break_points(GridRun(sweeper, tuple(grid), moved, result), breaches, against)
    turning = [
        item
        for place, name in enumerate(one.name for one in held)
        for item in (() if name == against else _turning_points(sweeper, (place, name), grid, found))
    ]
    return Sweep(
        portfolios=tuple(item.name for item in held),
        base_values=tuple(item.base_value for item in held),
        currencies=tuple(item.currency for item in held),
        points=tuple(points),
        turning_points=tuple(sorted(turning, key=lambda item: item.kink.x)),
        breaches=breaches,
        kept=kept_limits(sweeper, held, points, breaches),
        break_points=found.points,
        unlisted=found.unlisted,
        against=against,
    )


def _grid(axis: Axis, steps: int) -> list[float]:
    """Return the values of the axis that are looked at first."""
    if not (LEAST_STEPS <= steps <= MOST_STEPS and axis.low < axis.high):
        got = f"{steps} steps from {axis.low:g} to {axis.high:g}"
        raise InputError([Problem("ST410", got, f"a rising range in {LEAST_STEPS} to {MOST_STEPS} steps")])
    return [axis.low + (axis.high - axis.low) * step / steps for step in range(steps)] + [axis.high]


def _turning_points(
    sweeper: Sweeper, portfolio: tuple[int, str], grid: list[float], found: Found
) -> Iterator[TurningPoint]:
    """Yield where the curve of a portfolio, by place and name, bends or jumps, and why."""
    place, name = portfolio
    own = [item for item in found.points if item.portfolio == name and item.bends]

    def curve(values: Sequence[float]) -> FloatArray:
        return np.array([point.pnl[place] for point in sweeper.points(values, between=True)])

    points = sweeper.points(grid)
    changes = [after.x for before, after in pairwise(points) if before.states != after.states]
    known = dict(_knots(sweeper))
    span = sweeper.axis.high - sweeper.axis.low
    for kink in find_kinks(curve, grid, [*known, *changes, *(item.x for item in own)]):
        knots = [x for x in known if abs(x - kink.x) <= _NEAR * span]
        flips = [item for item in own if abs(item.x - kink.x) <= _NEAR * span]
        causes = (*(known[x] for x in knots), *_changes(sweeper, kink.x), *_flips(flips))
        exact = [*knots, *(item.x for item in flips)][:1]
        yield TurningPoint(
            name,
            replace(kink, x=exact[0]) if exact else kink,
            causes or (_ELSEWHERE, *bending_positions(sweeper, place, kink.x)),
        )


def _flips(found: Sequence[BreakPoint]) -> tuple[str, ...]:
    """Return in words what flips in positions at a kink."""
    words = [f"{_who(item)} {item.what}" for item in found if item.positions]
    more = [f"and {len(words) - _CAUSES} more"] if len(words) > _CAUSES else []
    return (*words[:_CAUSES], *more)


def _who(item: BreakPoint) -> str:
    """Return the issuer that defaults, or the positions that flip."""
    if item.kind == "default":
        return item.subject
    more = f" and {len(item.positions) - _CAUSES} more" if len(item.positions) > _CAUSES else ""
    return f"{', '.join(item.positions[:_CAUSES])}{more} ({item.subject})"


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
