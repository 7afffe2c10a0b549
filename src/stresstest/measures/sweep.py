"""A scenario's P&L over a range of its severity or of a driver, every point fully revalued."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import InputError, Problem
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.drivers import NumberDriver
from stresstest.scenarios.effects import DIRECT, CompiledScenarios, LineEffect
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import SeverityRange
from stresstest.scenarios.scenario import Scenario
from stresstest.scenarios.wording import title_text

_GIVES_WAY = ("overruled", "combined")
SEVERITY = "severity"
"""Name of the axis that is the severity."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What is swept: the severity, or a driver of the scenario by its name; the range in decimals."""

    name: str
    low: float
    high: float

    def text(self, x: float, scenario: Scenario) -> str:
        """Return a value of the axis as people write it: `125%`."""
        driver = driver_of(scenario, self.name)
        return f"{100.0 * x:.6g}%" if driver is None else f"{driver.in_points(x):.6g}{driver.unit}"


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """The portfolios at one value of the axis.

    Attributes
    ----------
    pnl
        `(n_portfolios,)` P&L at the end of the scenario; NaN where the scenario is impossible.
    worst
        `(n_portfolios,)` lowest P&L on the way there, which is the same but for paths.
    states
        What holds at this value, in words: floors that stop a move, lines that give way, events.
    problem
        Why the scenario is impossible at this value, or nothing.
    """

    x: float
    pnl: FloatArray
    worst: FloatArray
    states: frozenset[str] = field(default_factory=frozenset)
    problem: str = ""

    @property
    def possible(self) -> bool:
        """Whether the scenario can be valued here."""
        return not self.problem


def driver_of(scenario: Scenario, name: str) -> NumberDriver | None:
    """Return the number driver `name` of the scenario or of what it includes, or None."""
    for driver in scenario.drivers:
        if driver.name == name and isinstance(driver, NumberDriver):
            return driver
    included = (driver_of(item.scenario, name) for item in scenario.include)
    return next((driver for driver in included if driver is not None), None)


class Sweeper:
    """Values a book along an axis; no value is computed twice.

    Parameters
    ----------
    scenario
        As written, or with its other drivers set.
    severity
        Of every point, where a driver is swept.
    """

    def __init__(self, book: Book, scenario: Scenario, axis: Axis, severity: float = 1.0) -> None:
        self.book = book
        self.scenario = scenario
        self.axis = axis
        self.severity = severity
        self._known: dict[float, Point] = {}

    def points(self, values: Iterable[float]) -> list[Point]:
        """Return the points at `values`, in their order."""
        wanted = list(values)
        new = [x for x in dict.fromkeys(wanted) if x not in self._known]
        if new:
            try:
                self._value(new, self.compiled(new))
            except InputError:
                self._value_apart(new)
        return [self._known[x] for x in wanted]

    def point(self, x: float) -> Point:
        """Return the point at `x`."""
        return self.points([x])[0]

    def compiled(self, values: Sequence[float]) -> CompiledScenarios:
        """Return the scenario at each of `values`, named `point_0`, `point_1`, and so on.

        Raises
        ------
        InputError
            Where it is impossible at one of them.
        """
        scenarios, severities = [], {}
        for place, x in enumerate(values):
            changed = self.scenario
            if self.axis.name != SEVERITY:
                changed = changed.with_drivers(**{self.axis.name: x})
            severity = x if self.axis.name == SEVERITY else self.severity
            scenarios.append(replace(changed, name=f"point_{place}"))
            severities[scenarios[-1].name] = SeverityRange.fixed(severity)
        return compile_scenarios(MemberSet(tuple(scenarios), severities=severities), self.book.market)

    def _value(self, values: Sequence[float], compiled: CompiledScenarios) -> None:
        result = apply_holdings(self.book, revalue(self.book, compiled.columns))
        states = _states(compiled.effects)
        for place, x in enumerate(values):
            name = f"point_{place}"
            columns = result.table.columns_of(name)
            pnl = frozen([float(held.pnl[columns[-1]]) for held in result.portfolios])
            worst = frozen([float(np.min(held.pnl[columns])) for held in result.portfolios])
            self._known[x] = Point(x, pnl, worst, frozenset(states.get(name, ())))

    def _value_apart(self, values: Sequence[float]) -> None:
        """Value the points one by one, where one of them is impossible."""
        possible = []
        for x in values:
            try:
                self.compiled([x])
                possible.append(x)
            except InputError as error:
                self._known[x] = self._impossible(x, error)
        if possible:
            self._value(possible, self.compiled(possible))

    def _impossible(self, x: float, error: InputError) -> Point:
        nothing = frozen(np.full(len(self.book.portfolios), np.nan))
        return Point(x, nothing, nothing, problem=_words(error.problems[0]))


def _states(effects: Iterable[LineEffect]) -> dict[str, set[str]]:
    """Return by scenario what only changes where the curve may bend: floors, lines that give way, events."""
    found: dict[str, set[str]] = {}
    for effect in effects:
        states = found.setdefault(effect.scenario, set())
        title = title_text(effect.line, effect.location)
        where = f"{title} on {effect.factor}"
        if effect.floored:
            states.add(f"the floor of {where} holds")
        if effect.reason.startswith(_GIVES_WAY):
            states.add(f"{where} is {effect.reason}")
        elif effect.line and effect.reason != DIRECT:
            states.add(f"{title} acts as {effect.reason}")
    return found


def _words(problem: Problem) -> str:
    """Return a problem without its place and code."""
    return f"{problem.got}; expected {problem.expected}" if problem.expected else problem.got
