"""Paths: a scenario goes on from date to date, each step moving factors from where they then stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from stresstest.errors import Problem, ProblemList
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import ShiftType
from stresstest.scenarios.account import Account
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.findings import Findings
from stresstest.scenarios.implied import LinkedMoves
from stresstest.scenarios.moves import DirectMoves, Move, Mover, direct_moves
from stresstest.scenarios.par_yields import with_par_yields
from stresstest.scenarios.pipeline import all_moves
from stresstest.scenarios.scenario import Scenario, Step

Levels = Mapping[RiskFactorKey, float]


@dataclass(frozen=True, slots=True)
class PathPoint:
    """A date of a path and the levels, of all factors that have moved, after the shocks of that date."""

    day: date
    levels: Levels


@dataclass(frozen=True, slots=True)
class Path:
    """A scenario from date to date.

    Attributes
    ----------
    points
        Today first; of a scenario of today nothing else.
    accounts
        What the lines of each step did.
    """

    scenario: Scenario
    points: tuple[PathPoint, ...]
    accounts: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """Where a path stands: what lines have stated so far, and everything that has moved."""

    direct: DirectMoves
    levels: Levels
    implied: Levels

    @classmethod
    def of(cls, direct: DirectMoves, linked: LinkedMoves, column: int) -> _State:
        """Return the state that a column of `linked` holds."""
        levels = {key: float(row[column]) for key, row in linked.moved.items()}
        return cls(direct, levels, {key: float(row[column]) for key, row in linked.implied.items()})


class PathWalker:
    """Takes scenarios along their steps.

    A step moves the factors that its lines reach, from their levels at the step before; all others stay. A
    line that states a level (`=4%`) moves towards it from today's level, so that at every severity the path
    keeps its shape. Then links move their targets as they would from today; a target that a line has stated
    keeps its distance from what its link implies.

    Parameters
    ----------
    directory
        The market today.
    problems
        Takes everything that is wrong.
    """

    def __init__(self, directory: FactorDirectory, problems: ProblemList) -> None:
        self.directory = directory
        self.problems = problems

    def walk(self, today: DirectMoves, linked: LinkedMoves, column: int) -> Path:
        """Return the path of the scenario of `today`, whose moves of today are a column of `linked`."""
        scenario, as_of = today.scenario, self.directory.market.as_of
        state = _State.of(today, linked, column)
        points = [PathPoint(as_of, _moved(state.levels, self.directory.market.levels))]
        accounts: list[Account] = []
        self.problems.extend(_order_problems(scenario, as_of))
        first_line = 1 + len(scenario.lines)
        for number, step in enumerate(scenario.steps, 1):
            state, account = self._step(state, step, first_line, number)
            points.append(PathPoint(step.day(as_of), _moved(state.levels, self.directory.market.levels)))
            accounts.append(account)
            first_line += len(step.shocks)
        return Path(scenario, tuple(points), tuple(accounts))

    def _step(self, state: _State, step: Step, first_line: int, number: int) -> tuple[_State, Account]:
        """Return where a step takes the path, and the account of its lines."""
        before = self.directory.at({**self.directory.market.levels, **state.levels})
        scenario = replace(state.direct.scenario, shocks=step.shocks)
        direct = direct_moves(scenario, before, state.direct.severity, self.problems, first_line)
        direct = replace(direct, moves={**direct.moves, **self._to_levels(direct)})
        direct = with_par_yields(direct, before, self.problems)
        kept = {key: move for key, move in state.direct.moves.items() if key not in direct.moves}
        after, linked = self._linked(replace(direct, moves={**kept, **direct.moves}))
        drifted = {
            key: move._replace(level=_drifted(key, move.level, state.implied[key], after.implied[key]))
            for key, move in kept.items()
            if after.implied.get(key) != state.implied.get(key)
        }
        if drifted:
            after, linked = self._linked(replace(direct, moves={**kept, **drifted, **direct.moves}))
        return after, Account(before, direct, linked, 1, number)

    def _linked(self, stated: DirectMoves) -> tuple[_State, LinkedMoves]:
        linked = all_moves([stated], self.directory, self.problems)
        return _State.of(stated, linked, 1), linked

    def _to_levels(self, direct: DirectMoves) -> dict[RiskFactorKey, Move]:
        """Return the moves of the lines that state levels, taken from today's."""
        findings = Findings()
        mover = Mover(direct.scenario.combine, direct.severity, findings)
        found = {}
        for key, move in direct.moves.items():
            if all(line.shift_of(key).shift_type is ShiftType.EQUAL_TO for line in move.lines):
                level = mover.move(key, self.directory.market.levels[key], direct.reach.hits[key])
                if level is not None:
                    found[key] = level
        self.problems.extend(findings.problems())
        return found


def _drifted(key: RiskFactorKey, level: float, before: float, after: float) -> float:
    """Return the level of a stated link target that keeps its distance from what its link implies."""
    if FACTOR_KINDS[key.kind].change_space is ChangeSpace.LOG:
        return level * (after / before)
    return level + (after - before)


def _moved(levels: Levels, base: Levels) -> dict[RiskFactorKey, float]:
    return {key: level for key, level in levels.items() if level != base[key]}


def _order_problems(scenario: Scenario, as_of: date) -> Iterator[Problem]:
    """Yield a problem for each step that is not after the one before it, the first one after today."""
    before = as_of
    for step in scenario.steps:
        day = step.day(as_of)
        if day <= before:
            what = "the market's date" if before == as_of else "the date of the step before"
            got = f"step on {day} of scenario {scenario.name}"
            yield Problem("ST450", got, f"a date after {what}, {before}", step.location)
        before = max(before, day)
