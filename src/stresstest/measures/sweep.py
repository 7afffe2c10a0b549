"""A scenario's P&L over a range of its severity or of a driver, every point fully revalued."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import InputError, Problem
from stresstest.market.keys import RiskFactorKey
from stresstest.measures.network_losses import firm_words
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.axis_lines import NotAlongError
from stresstest.scenarios.axis_moves import AxisMoves
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.drivers import NumberDriver
from stresstest.scenarios.effects import DIRECT, CompiledScenarios, LineEffect
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import SeverityRange
from stresstest.scenarios.scenario import Scenario
from stresstest.scenarios.table import ColumnTable
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
        What gives the factors that the book reads their levels: changes where a floor begins to hold, a line
        gives way to another or an event happens.
    problem
        Why the scenario is impossible at this value, or nothing.
    """

    x: float
    pnl: FloatArray
    worst: FloatArray
    states: Hashable = None
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
        self._words: dict[float, frozenset[str]] = {}
        self._read = frozenset(book.factor_keys)
        driver = "" if axis.name == SEVERITY else axis.name
        self._along: AxisMoves | None = None
        with suppress(NotAlongError, InputError):
            # What is wrong at every value, like a driver that nothing depends on, is found by compiling one.
            self.compiled([axis.low])
            self._along = AxisMoves(scenario, FactorDirectory(book.market), driver, severity)

    def points(self, values: Iterable[float], *, between: bool = False) -> list[Point]:
        """Return the points at `values`, in their order.

        Parameters
        ----------
        between
            Whether they lie between points at which the scenario is possible: then only factors that the
            book reads are looked at.
        """
        wanted = list(values)
        new = [x for x in dict.fromkeys(wanted) if x not in self._known]
        if new and self._along is not None:
            self._value_along(self._along, new, between=between)
        elif new:
            try:
                self._value_compiled(new, self.compiled(new))
            except InputError:
                self._value_apart(new)
        return [self._known[x] for x in wanted]

    def words(self, x: float) -> frozenset[str]:
        """Return what holds at `x`: floors that stop a factor the book reads, lines that give way, events."""
        if x not in self._words:
            compiled = self.compiled([x])
            failures = (firm_words(found) for found in compiled.networks.values())
            states = _states(compiled.effects, self._read).get("point_0", frozenset())
            self._words[x] = states.union(*failures)
        return self._words[x]

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

    def _value_along(self, along: AxisMoves, values: Sequence[float], *, between: bool) -> None:
        """Value the points in one revaluation; those that are impossible are compiled, for the reason."""
        found = along.at(values, self._read, only=between)
        places = np.flatnonzero(found.possible).tolist()
        if places:
            columns = np.array([0, *(1 + place for place in places)])
            moved = {key: row[columns] for key, row in found.moved.items()}
            table = ColumnTable.instant([f"point_{place}" for place in range(len(places))])
            columns_of = FactorColumns(table, self.book.market.levels, moved)
            states = [found.decided[place] for place in places]
            self._value([values[place] for place in places], columns_of, states)
        self._value_apart([values[place] for place in np.flatnonzero(~found.possible).tolist()])

    def _value_compiled(self, values: Sequence[float], compiled: CompiledScenarios) -> None:
        states = _states(compiled.effects, self._read)
        names = [f"point_{place}" for place in range(len(values))]
        self._value(values, compiled.columns, [states.get(name, frozenset()) for name in names])

    def _value(self, values: Sequence[float], columns: FactorColumns, states: Sequence[Hashable]) -> None:
        result = apply_holdings(self.book, revalue(self.book, columns))
        for place, x in enumerate(values):
            own = result.table.columns_of(f"point_{place}")
            pnl = frozen([float(held.pnl[own[-1]]) for held in result.portfolios])
            worst = frozen([float(np.min(held.pnl[own])) for held in result.portfolios])
            self._known[x] = Point(x, pnl, worst, states[place])

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
            self._value_compiled(possible, self.compiled(possible))

    def _impossible(self, x: float, error: InputError) -> Point:
        nothing = frozen(np.full(len(self.book.portfolios), np.nan))
        return Point(x, nothing, nothing, problem=_words(error.problems[0]))


def _states(effects: Iterable[LineEffect], read: Set[RiskFactorKey]) -> dict[str, frozenset[str]]:
    """Return by scenario what only changes where the curve may bend: floors, lines that give way, events."""
    found: dict[str, set[str]] = {}
    for effect in effects:
        states = found.setdefault(effect.scenario, set())
        if effect.factor not in read:
            continue
        title = title_text(effect.line, effect.location)
        where = f"{title} on {effect.factor}"
        if effect.floored:
            states.add(f"the floor of {where} holds")
        if effect.reason.startswith(_GIVES_WAY):
            states.add(f"{where} is {effect.reason}")
        elif effect.line and effect.reason != DIRECT:
            states.add(f"{title} acts as {effect.reason}")
    return {name: frozenset(states) for name, states in found.items()}


def _words(problem: Problem) -> str:
    """Return a problem without its place and code."""
    return f"{problem.got}; expected {problem.expected}" if problem.expected else problem.got
