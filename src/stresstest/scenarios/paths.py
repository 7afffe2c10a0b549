"""Paths: a scenario goes on from date to date, each step moving factors from where they then stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stresstest.conventions.schedules import add_months
from stresstest.errors import ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import parse_horizon
from stresstest.scenarios.account import Account
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import ScenarioWarning
from stresstest.scenarios.implied import LinkedMoves
from stresstest.scenarios.journey import points_of
from stresstest.scenarios.moves import DirectMoves
from stresstest.scenarios.network_moves import NetworkMoves
from stresstest.scenarios.scenario import Scenario
from stresstest.scenarios.stages import StageLevels
from stresstest.scenarios.walking import FirstLines, Levels, WalkedPoint, Walker
from stresstest.scenarios.wording import place_text

HORIZON_DAYS = 7
"""Days that the last step of a path may lie off its horizon without a word: a weekend, a holiday."""


@dataclass(frozen=True, slots=True)
class PathPoint:
    """A date of a path, what has been stated by then, and a column of `linked` with all that has moved.

    `stages` has the levels of the factors that have moved after each stage before the last, where they were
    asked for.
    """

    day: date
    stated: DirectMoves
    linked: LinkedMoves
    column: int = 1
    stages: tuple[StageLevels, ...] = ()

    @property
    def network(self) -> NetworkMoves | None:
        """What has become of the scenario's network; None where it has none."""
        found = self.linked.networked.get(self.column)
        return None if found is None else found.network

    def levels(self, base: Levels) -> dict[RiskFactorKey, float]:
        """Return the levels of the factors that are not at their `base`."""
        levels = ((key, float(row[self.column])) for key, row in self.linked.moved.items())
        return {key: level for key, level in levels if level != base[key]}


@dataclass(frozen=True, slots=True)
class Path:
    """A scenario from date to date.

    Attributes
    ----------
    points
        Today first; of a scenario of today nothing else.
    accounts
        What the lines of today and of each step did; of a scenario that spreads over its horizon, from today
        to its end.
    notes
        What a reader should know of the path as a whole.
    """

    scenario: Scenario
    points: tuple[PathPoint, ...]
    accounts: tuple[Account, ...] = ()
    notes: tuple[ScenarioWarning, ...] = ()

    @property
    def begins_today(self) -> bool:
        """Whether lines act today, or nothing else does."""
        at_once = self.scenario.timing != "linear" and bool(self.scenario.lines)
        return at_once or len(self.points) == 1

    def point_on(self, day: date) -> PathPoint:
        """Return the last point up to `day`, as it left things."""
        return next(point for point in reversed(self.points) if point.day <= day)


class PathWalker:
    """Takes scenarios along their dates.

    Parameters
    ----------
    directory
        The market today.
    problems
        Takes everything that is wrong after today.
    """

    def __init__(self, directory: FactorDirectory, problems: ProblemList) -> None:
        self.directory = directory
        self.problems = problems

    def walk(self, today: DirectMoves, linked: LinkedMoves, column: int) -> Path:
        """Return the path of the scenario of `today`, whose moves of today are a column of `linked`."""
        scenario = today.scenario
        begin = Account(self.directory, today, linked, column)
        if not scenario.goes_on:
            point = PathPoint(self.directory.market.as_of, today, linked, column)
            return Path(scenario, (point,), (begin,))
        walker = Walker(self.directory, self.problems)
        walked = points_of(walker, scenario, today.severity, FirstLines(1, 1 + len(scenario.lines)))
        points = tuple(PathPoint(point.day, point.seen, point.linked) for point in walked)
        if scenario.timing == "linear":
            return Path(scenario, points, (_whole(self.directory, walked[-1]),))
        accounts = (
            Account(point.before, point.lines, point.linked, 1, number)
            for number, point in enumerate(walked[1:], 1)
        )
        return Path(scenario, points, (begin, *accounts), tuple(self._horizon_note(scenario, walked[-1].day)))

    def _horizon_note(self, scenario: Scenario, last: date) -> Iterator[ScenarioWarning]:
        """Yield a warning where the path ends at another time than its horizon says."""
        as_of, horizon = self.directory.market.as_of, parse_horizon(scenario.horizon)
        end = add_months(as_of, horizon.months) + timedelta(days=horizon.days)
        if abs((last - end).days) <= HORIZON_DAYS:
            return
        steps = [step.location for step in scenario.steps if step.day(as_of) == last]
        steps += [item.location for item in scenario.include if item.scenario.goes_on]
        places = [place_text(place) for place in (steps[0], scenario.at("horizon"))]
        step, stated = (f" ({place})" if place else "" for place in places)
        message = (
            f"the last step{step} is on {last}, the horizon of {scenario.horizon}{stated} ends on {end}: "
            "sizes are compared with history over the horizon"
        )
        yield ScenarioWarning(scenario.name, message, scenario.at("horizon"))


def _whole(directory: FactorDirectory, last: WalkedPoint) -> Account:
    """Return the account of a whole move that was spread over a horizon."""
    return Account(directory, last.seen, last.linked, 1)
