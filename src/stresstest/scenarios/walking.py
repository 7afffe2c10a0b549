"""Scenarios from date to date: what is stated at each, what moves through links, where lines start from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from stresstest.errors import Problem, ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import parse_horizon
from stresstest.scenarios.composition import Composer
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.halts import has_halts, held, is_halted, resumed
from stresstest.scenarios.implied import LinkedMoves
from stresstest.scenarios.linear import linear_steps
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.pipeline import all_moves
from stresstest.scenarios.scenario import Scenario

Levels = Mapping[RiskFactorKey, float]


class FirstLines(NamedTuple):
    """Numbers of the first line of a scenario: of today, and of later dates."""

    today: int
    later: int


@dataclass(frozen=True, slots=True)
class WalkedPoint:
    """Where a scenario stands on a date.

    Attributes
    ----------
    seen
        Everything that is stated so far, as it stands on this date.
    beneath
        The same without the halts of this date: where the next one goes on from.
    lines
        What the lines of this date alone reach, and the levels that they give.
    before
        Factors at the levels that these lines move them from.
    linked
        Everything that moves, column 1 of `seen`.
    """

    day: date
    seen: DirectMoves
    beneath: DirectMoves
    lines: DirectMoves
    before: FactorDirectory
    linked: LinkedMoves

    @property
    def levels(self) -> dict[RiskFactorKey, float]:
        """Level of every factor that has moved in some step."""
        return {key: float(row[1]) for key, row in self.linked.moved.items()}


class Walker:
    """Makes points of scenarios and of their parts.

    Parameters
    ----------
    directory
        The market today.
    problems
        Takes what is wrong with lines of later dates; what is wrong today, `compile_scenarios` has told.
    linking
        Takes what links do wrong; of a part only the whole counts.
    """

    def __init__(
        self, directory: FactorDirectory, problems: ProblemList, linking: ProblemList | None = None
    ) -> None:
        self.directory = directory
        self.problems = problems
        self.linking = problems if linking is None else linking

    def linked(self, stated: DirectMoves, day: date) -> LinkedMoves:
        """Return everything that moves on a date where `stated` does."""
        return all_moves([stated], self.directory, self.linking, day)

    def today(self, scenario: Scenario, severity: float, first: FirstLines) -> WalkedPoint:
        """Return where a scenario stands today."""
        composer = Composer(self.directory, ProblemList())
        seen = composer.moves(scenario, severity, first.today)
        beneath = composer.moves(resumed(scenario), severity, first.today) if has_halts(scenario) else seen
        as_of = self.directory.market.as_of
        return WalkedPoint(as_of, seen, beneath, seen, self.directory, self.linked(seen, as_of))

    def spread(self, scenario: Scenario, severity: float, first: FirstLines) -> list[WalkedPoint]:
        """Return where a scenario stands whose moves spread over its horizon: today nothing has happened."""
        told, rest = ProblemList(), ProblemList()
        whole = Composer(self.directory, told).moves(scenario, severity, first.today)
        composer = Composer(self.directory, rest)
        points = [self.today(scenario, 0.0, first)]
        for step in linear_steps(parse_horizon(scenario.horizon), self.directory.market.as_of):
            last = step.fraction == 1.0
            moves = whole if last else composer.moves(scenario, severity * step.fraction, first.today)
            moves = held(moves, {**self.directory.market.levels, **points[-1].levels})
            # What reaches nothing is told of today.
            reach = replace(moves.reach, unmatched=())
            lines = replace(moves, reach=reach, warnings=moves.warnings if last else ())
            linked = self.linked(moves, step.day)
            points.append(WalkedPoint(step.day, moves, moves, lines, self.directory, linked))
        self.problems.extend(told or rest)
        return points


def order_problems(scenario: Scenario, as_of: date) -> Iterator[Problem]:
    """Yield a problem for each step that is not after the one before it, the first one after today."""
    before = as_of
    for step in scenario.steps:
        day = step.day(as_of)
        if day <= before:
            what = "the market's date" if before == as_of else "the date of the step before"
            got = f"step on {day} of scenario {scenario.name}"
            yield Problem("ST450", got, f"a date after {what}, {before}", step.location)
        before = max(before, day)


def beneath_on(points: Sequence[WalkedPoint], day: date) -> DirectMoves:
    """Return what is stated by a date, without halts."""
    return next(point.beneath for point in reversed(points) if point.day <= day)


def halted_on(points: Sequence[WalkedPoint], day: date) -> dict[RiskFactorKey, Move]:
    """Return the prices that are halted on a date."""
    seen = next((point.seen for point in points if point.day == day), None)
    return {} if seen is None else {key: move for key, move in seen.moves.items() if is_halted(move)}


def lines_on(points: Sequence[WalkedPoint], day: date) -> DirectMoves | None:
    """Return the lines of a date, or None on a date that the scenario does not have."""
    return next((point.lines for point in points if point.day == day), None)
