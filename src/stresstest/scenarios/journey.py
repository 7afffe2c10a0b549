"""One path from date to date: its parts as they stand, its own steps on top, links and propagation after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from stresstest.errors import ProblemList
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.composition import Composer
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import ScenarioWarning
from stresstest.scenarios.eventful import EventHistory
from stresstest.scenarios.halts import held, resumed
from stresstest.scenarios.implied import LinkedMoves
from stresstest.scenarios.lines import Hit, Line, Reach
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.numbering import later_lines
from stresstest.scenarios.replayed import with_replay
from stresstest.scenarios.scenario import Scenario, Step
from stresstest.scenarios.step_lines import StepApplier, StepLines, settles
from stresstest.scenarios.walking import (
    FirstLines,
    Levels,
    WalkedPoint,
    Walker,
    beneath_on,
    halted_on,
    lines_on,
    order_problems,
)

Moves = Mapping[RiskFactorKey, Move]


def points_of(
    walker: Walker, scenario: Scenario, severity: float, first: FirstLines
) -> tuple[WalkedPoint, ...]:
    """Return where a scenario stands today and on each later date that it or a part of it has."""
    if scenario.timing == "linear":
        return tuple(walker.spread(scenario, severity, first))
    if not scenario.goes_on:
        return (walker.today(scenario, severity, first),)
    return tuple(Journey(walker, scenario, severity, first).points())


@dataclass(frozen=True, slots=True)
class _State:
    """Where a path goes on from.

    Attributes
    ----------
    stated, linked
        What is stated, and what moves, beneath halts.
    seen
        Levels on the date, halts included.
    foundation
        What parts and lines of today say.
    """

    stated: DirectMoves
    linked: LinkedMoves
    seen: Levels
    foundation: Moves
    history: EventHistory

    @property
    def levels(self) -> dict[RiskFactorKey, float]:
        """Level of every factor that has moved, beneath halts."""
        return {key: float(row[1]) for key, row in self.linked.moved.items()}

    @property
    def settled(self) -> frozenset[RiskFactorKey]:
        """Shares and default states of issuers in default."""
        return frozenset(key for key, move in self.stated.moves.items() if settles(key, move))


class _Carried(NamedTuple):
    """Moves that a date takes over, and the keys that parts have moved on since the date before."""

    moves: Moves
    changed: frozenset[RiskFactorKey]


class _Day(NamedTuple):
    """A date with where the path comes from, and what it takes over."""

    day: date
    state: _State
    carried: _Carried


class Journey:
    """A path on its way.

    Each part goes its own way from today; on every date they are joined factor by factor, as parts of a
    scenario of today are. A step of the path itself moves the factors that its lines reach from where the
    date before left them; all others stay, or go on in proportion to what their parts do. A line that states
    a level (`=4%`) moves towards it from today's level, so that at every severity the path keeps its shape.
    Then links move their targets as they would from today; a target that a line has stated keeps its distance
    from what its link implies.

    Parameters
    ----------
    first
        Numbers of the first lines of the scenario, those of its parts included.
    """

    def __init__(self, walker: Walker, scenario: Scenario, severity: float, first: FirstLines) -> None:
        self.walker = walker
        self.directory = walker.directory
        self.scenario = scenario
        self.severity = severity
        self.first = first
        self.applier = StepApplier(walker.directory, severity, walker.problems)
        self.composer = Composer(walker.directory, walker.problems)
        self.parts = tuple(self._parts())
        as_of, later = self.directory.market.as_of, first.later
        later += sum(1 for item in scenario.include for _ in later_lines(item.scenario))
        self.steps: dict[date, tuple[Step, int]] = {}
        for step in scenario.steps:
            self.steps[step.day(as_of)] = (step, later)
            later += len(step.shocks) + len(step.events)

    def _parts(self) -> Iterator[tuple[WalkedPoint, ...]]:
        """Yield the points of each part, where some part goes on after today."""
        if not any(item.scenario.goes_on for item in self.scenario.include):
            return
        walker = Walker(self.directory, self.walker.problems, ProblemList())
        today, later = self.first
        for item in self.scenario.include:
            part = replace(item.scenario, propagate=self.scenario.propagate, network=None)
            yield points_of(walker, part, self.severity * item.severity, FirstLines(today, later))
            today += len(item.scenario.lines)
            later += sum(1 for _ in later_lines(item.scenario))

    def points(self) -> Iterator[WalkedPoint]:
        """Yield today and every later date, in order."""
        as_of = self.directory.market.as_of
        self.walker.problems.extend(order_problems(self.scenario, as_of))
        today = self.walker.today(self.scenario, self.severity, self.first)
        yield today
        beneath = today.linked if today.beneath is today.seen else self.walker.linked(today.beneath, as_of)
        history = EventHistory(self.directory.market).after(today.seen)
        state = _State(today.beneath, beneath, today.levels, today.beneath.moves, history)
        days = {point.day for part in self.parts for point in part} | set(self.steps)
        for day in sorted(day for day in days if day > as_of):
            point, state = self._advance(state, day)
            yield point

    def _advance(self, state: _State, day: date) -> tuple[WalkedPoint, _State]:
        """Return where a date takes the path, and what it goes on from."""
        levels = self.directory.market.levels
        before = self.directory.at({**levels, **state.levels}, state.settled)
        foundation = self._foundation(state, day)
        carried = self._carried(state, foundation)
        own = self._own_lines(state, day, before)
        parts = self._part_lines(day, carried)
        beneath_lines = self._joined(before, parts, own.beneath)
        beneath, linked = self._followed(_Day(day, state, carried), beneath_lines)
        lines, seen, seen_linked = beneath_lines, beneath, linked
        halted = {key: move for part in self.parts for key, move in halted_on(part, day).items()}
        if halted or own.seen is not own.beneath:
            lines = self._joined(before, parts, own.seen)
            lines = held(replace(lines, moves={**lines.moves, **halted}), {**levels, **state.seen})
            seen, seen_linked = self._followed(_Day(day, state, carried), lines)
        told = {key: seen.moves[key] for key in lines.reach.hits if key in seen.moves}
        point = WalkedPoint(day, seen, beneath, replace(lines, moves=told), before, seen_linked)
        history = state.history.after(lines)
        return point, _State(beneath, linked, point.levels, foundation, history)

    def _foundation(self, state: _State, day: date) -> Moves:
        """Return where the parts and the lines of today stand on a date, before the path's own steps."""
        if not self.parts:
            return state.foundation
        own_first = self.first.today + sum(len(item.scenario.lines) for item in self.scenario.include)
        quiet = Composer(self.directory, ProblemList())
        own = quiet.own(resumed(self.scenario), self.severity, own_first)
        moves = [*(beneath_on(part, day) for part in self.parts), own]
        joined = self.composer.joined(self.scenario, moves)
        return with_replay(replace(joined, severity=self.severity), self.directory, ProblemList()).moves

    def _carried(self, state: _State, foundation: Moves) -> _Carried:
        """Return what is stated on a date before its own step."""
        moves: dict[RiskFactorKey, Move] = {}
        changed, settled = set(), state.settled
        if foundation is state.foundation:
            return _Carried(state.stated.moves, frozenset())
        for key, move in state.stated.moves.items():
            then, now = state.foundation.get(key), foundation.get(key)
            touched = then is None or move.level != then.level
            if key in settled or then == now or (now is None and touched):
                moves[key] = move
            elif now is not None:
                start = self.directory.market.levels[key] if then is None else then.level
                level = _drifted(key, move.level, start, now.level) if touched else now.level
                moves[key] = now._replace(level=level)
        for key, move in foundation.items():
            moves.setdefault(key, move)
        for key, move in moves.items():
            then = state.stated.moves.get(key)
            if then is None or then.level != move.level:
                changed.add(key)
        return _Carried(moves, frozenset(changed))

    def _own_lines(self, state: _State, day: date, before: FactorDirectory) -> StepLines:
        step, first_line = self.steps.get(day, (None, 0))
        if step is None:
            nothing = DirectMoves(self.scenario, self.severity, Reach({}, ()), {})
            return StepLines(nothing, nothing)
        scenario = replace(self.scenario, shocks=step.shocks, events=step.events)
        return self.applier.apply(scenario, first_line, before, state.history)

    def _part_lines(self, day: date, carried: _Carried) -> DirectMoves:
        """Return what lines of parts reach on a date, with the levels that they give."""
        hits: dict[RiskFactorKey, list[Hit]] = {}
        warnings: list[ScenarioWarning] = []
        unmatched: list[Line] = []
        for part in self.parts:
            lines = lines_on(part, day)
            if lines is not None:
                unmatched += lines.reach.unmatched
                warnings += (replace(warning, scenario=self.scenario.name) for warning in lines.warnings)
                for key, reached in lines.reach.hits.items():
                    hits.setdefault(key, []).extend(reached)
        moves = {key: carried.moves[key] for key in carried.changed}
        reach = Reach(hits, tuple(unmatched))
        return DirectMoves(self.scenario, self.severity, reach, moves, tuple(warnings))

    def _joined(self, before: FactorDirectory, parts: DirectMoves, own: DirectMoves) -> DirectMoves:
        """Return what parts and the path's own step do on a date, each factor once, as `combine` says."""
        if not parts.moves and not parts.reach.hits and not parts.reach.unmatched:
            return own
        joined = Composer(before, self.walker.problems).joined(self.scenario, [parts, own])
        return replace(joined, severity=self.severity, warnings=(*parts.warnings, *own.warnings))

    def _followed(self, on: _Day, lines: DirectMoves) -> tuple[DirectMoves, LinkedMoves]:
        """Return everything that is stated after the lines of a date, and all that moves."""
        day, state, carried = on
        kept = {key: move for key, move in carried.moves.items() if key not in lines.moves}
        stated = replace(lines, moves={**kept, **lines.moves})
        linked = self.walker.linked(stated, day)
        before, settled = state.linked.implied, state.settled
        drifted = {
            key: kept[key]._replace(
                level=_drifted(key, kept[key].level, float(before[key][1]), float(row[1]))
            )
            for key, row in linked.implied.items()
            if key in kept and key in before and key not in settled and row[1] != before[key][1]
        }
        if not drifted:
            return stated, linked
        stated = replace(lines, moves={**kept, **drifted, **lines.moves})
        return stated, self.walker.linked(stated, day)


def _drifted(key: RiskFactorKey, level: float, before: float, after: float) -> float:
    """Return a level that keeps its distance from another, which goes from `before` to `after`."""
    if FACTOR_KINDS[key.kind].change_space is ChangeSpace.LOG:
        return level * (after / before)
    return level + (after - before)
