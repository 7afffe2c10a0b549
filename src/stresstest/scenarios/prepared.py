"""Lines of a scenario and what they reach, made once for all severities at which it is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stresstest.errors import Problem, ProblemList
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.scenarios.checks import fits, shock_problems
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.drivers import Driver, drivers_by_name
from stresstest.scenarios.lines import Line, Reach, reach
from stresstest.scenarios.rules import RULES
from stresstest.scenarios.scenario import Scenario, Shock


class PreparedLines(NamedTuple):
    """What depends neither on a severity nor on levels.

    Attributes
    ----------
    lines
        Those whose kind of factor exists.
    problems
        What is wrong with a shock on its own, and with what it reaches.
    """

    scenario: Scenario
    lines: tuple[Line, ...]
    reach: Reach
    problems: tuple[Problem, ...]


def prepared_lines(scenario: Scenario, directory: FactorDirectory, first_line: int) -> PreparedLines:
    """Return the lines of `scenario`, numbered from `first_line`, and what they reach.

    Scenarios that share their shocks and drivers, such as stages of a member of a sampled set, share this.
    """
    # Identity stands for content: what is kept holds the scenario, so that no other object takes its number.
    place = (id(scenario.shocks), id(scenario.drivers), first_line)
    found = directory.prepared.get(place)
    if found is None:
        problems = ProblemList()
        lines = tuple(_lines(scenario, directory, first_line, problems))
        reached = reach(lines, directory, problems)
        found = directory.prepared[place] = PreparedLines(scenario, lines, reached, tuple(problems))
    return found


def _lines(
    scenario: Scenario, directory: FactorDirectory, first_line: int, problems: ProblemList
) -> list[Line]:
    """Return the lines whose kind of factor exists; add what is wrong with each shock on its own."""
    lines = []
    drivers = drivers_by_name(scenario.drivers)
    definitions = tuple(driver.definition for driver in scenario.drivers)
    broken = {driver.name for driver in scenario.drivers if any(driver.problems())}
    for number, shock in enumerate(scenario.shocks, first_line):
        if isinstance(shock.shift, RULES) and not broken.isdisjoint(shock.shift.names()):
            continue
        line = _sound_line(number, shock, drivers, directory.sound.get((id(shock), definitions)))
        if line is not None:
            lines.append(line)
            continue
        own = list(shock_problems(shock, drivers))
        problems.extend(own)
        if not own:
            directory.sound[id(shock), definitions] = shock
        if shock.factor in FACTOR_KINDS and not (own and isinstance(shock.shift, RULES)):
            lines.append(Line(number, shock, drivers, sound=not own))
    return lines


def _sound_line(number: int, shock: Shock, drivers: Mapping[str, Driver], known: Shock | None) -> Line | None:
    """Return the line of a shock that is known to be sound, where it still is as its drivers stand."""
    if known is None:
        return None
    line = Line(number, shock, drivers)
    return line if not isinstance(shock.shift, RULES) or fits(shock, line.shift) else None
