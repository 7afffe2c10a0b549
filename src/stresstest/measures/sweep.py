"""A scenario's P&L over a range of its severity or of a driver, every point fully revalued."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.errors import InputError, Problem
from stresstest.market.keys import RiskFactorKey
from stresstest.measures.financing import financing_gaps
from stresstest.measures.network_losses import firm_words
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import StressResult
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.axis_lines import NotAlongError
from stresstest.scenarios.axis_moves import AxisMoves
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.drivers import NumberDriver
from stresstest.scenarios.effects import DIRECT, CompiledScenarios, LineEffect
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.network_moves import NetworkMoves
from stresstest.scenarios.sample_terms import SeverityRange
from stresstest.scenarios.scenario import Scenario
from stresstest.scenarios.table import ColumnTable
from stresstest.scenarios.wording import title_text

_SHOCKED = 1
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
    gaps
        `(n_portfolios, 2)` largest gaps of `financing_gaps` on the way there; None where it is impossible.
    """

    x: float
    pnl: FloatArray
    worst: FloatArray
    states: Hashable = None
    problem: str = ""
    gaps: FloatArray | None = None

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


class Moved(NamedTuple):
    """The market at values of an axis, not valued yet.

    Attributes
    ----------
    columns
        Of the values at which the scenario is possible.
    last
        `(n_values,)` number of each value's last column, −1 where the scenario is impossible.
    states
        As of `Point`, by value; None where it is impossible.
    networks
        What the scenario's network makes of each value, as network and column; empty where it uses none.
    """

    columns: FactorColumns
    last: IntArray
    states: tuple[Hashable, ...]
    networks: tuple[tuple[NetworkMoves, int] | None, ...] = ()


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

    def moved(self, values: Sequence[float], *, between: bool = False) -> Moved:
        """Return the market at `values`, in their order; see `points`."""
        if self._along is not None:
            return self._moved_along(self._along, values, between=between)
        try:
            return self._moved_compiled(values, self.compiled(values))
        except InputError:
            possible = [x for x in values if self._reason(x) is None]
        found = self._moved_compiled(possible, self.compiled(possible))
        places = {x: place for place, x in enumerate(possible)}
        return Moved(
            found.columns,
            frozen_int([found.last[places[x]] if x in places else -1 for x in values]),
            tuple(found.states[places[x]] if x in places else None for x in values),
            tuple(found.networks[places[x]] if x in places else None for x in values)
            if found.networks
            else (),
        )

    def _moved_along(self, along: AxisMoves, values: Sequence[float], *, between: bool) -> Moved:
        found = along.at(values, self._read, only=between)
        places = np.flatnonzero(found.possible)
        columns = np.array([0, *(1 + places).tolist()])
        moved = {key: row[columns] for key, row in found.moved.items()}
        table = ColumnTable.instant([f"point_{place}" for place in range(len(places))])
        last = np.full(len(values), -1)
        last[places] = 1 + np.arange(len(places))
        networks = () if found.network is None else tuple((found.network, 1 + n) for n in range(len(values)))
        columns_of = FactorColumns(table, self.book.market.levels, moved)
        return Moved(columns_of, frozen_int(last), found.decided, networks)

    def _moved_compiled(self, values: Sequence[float], compiled: CompiledScenarios) -> Moved:
        states = _states(compiled.effects, self._read)
        names = [f"point_{place}" for place in range(len(values))]
        table = compiled.columns.table
        networks = tuple((compiled.networks[name], _SHOCKED) for name in names if name in compiled.networks)
        return Moved(
            compiled.columns,
            frozen_int([table.columns_of(name)[-1] for name in names]),
            tuple(states.get(name, frozenset()) for name in names),
            networks if len(networks) == len(names) else (),
        )

    def results(self, values: Sequence[float]) -> tuple[Moved, StressResult]:
        """Return the book fully revalued at `values`, with its positions; `points` know them afterwards."""
        moved = self.moved(values)
        return moved, self._value(values, moved)

    def _value_along(self, along: AxisMoves, values: Sequence[float], *, between: bool) -> None:
        """Value the points in one revaluation; those that are impossible are compiled, for the reason."""
        moved = self._moved_along(along, values, between=between)
        self._value(values, moved)
        self._value_apart([x for x, column in zip(values, moved.last.tolist(), strict=True) if column < 0])

    def _value_compiled(self, values: Sequence[float], compiled: CompiledScenarios) -> None:
        self._value(values, self._moved_compiled(values, compiled))

    def _value(self, values: Sequence[float], moved: Moved) -> StressResult:
        """Value the points that are possible, all in one revaluation."""
        result = apply_holdings(self.book, revalue(self.book, moved.columns))
        gaps = [financing_gaps(held) for held in result.portfolios]
        table = result.table
        for x, last, state in zip(values, moved.last.tolist(), moved.states, strict=True):
            if last < 0:
                continue
            own = table.columns_of(table.scenario[last])
            pnl = frozen([float(held.pnl[last]) for held in result.portfolios])
            worst = frozen([float(np.min(held.pnl[own])) for held in result.portfolios])
            gap = frozen([np.max(one[:, own], axis=1) for one in gaps])
            self._known[x] = Point(x, pnl, worst, state, gaps=gap)
        return result

    def _value_apart(self, values: Sequence[float]) -> None:
        """Value the points one by one, where one of them is impossible."""
        possible = []
        for x in values:
            reason = self._reason(x)
            if reason is None:
                possible.append(x)
            else:
                self._known[x] = self._impossible(x, reason)
        if possible:
            self._value_compiled(possible, self.compiled(possible))

    def _reason(self, x: float) -> Problem | None:
        """Return why the scenario is impossible at `x`, or None."""
        try:
            self.compiled([x])
        except InputError as error:
            return error.problems[0]
        return None

    def _impossible(self, x: float, reason: Problem) -> Point:
        nothing = frozen(np.full(len(self.book.portfolios), np.nan))
        return Point(x, nothing, nothing, problem=_words(reason))


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
