"""Numbers of the lines of a scenario: those of today, then those of later dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stresstest.scenarios.event import Event
from stresstest.scenarios.scenario import Scenario, ScenarioLine, Shock, Step


class NumberedLine(NamedTuple):
    """A line with its number and the step that it stands in; None for one of today."""

    number: int
    step: Step | None
    line: ScenarioLine


def numbered_lines(scenario: Scenario) -> tuple[NumberedLine, ...]:
    """Return all lines with their numbers, from 1.

    Lines of today come first: those of the included scenarios in their order, then its own, then its events.
    Lines of steps follow in the same order, within a scenario step by step.

    Examples
    --------
    >>> fall, rise = Shock.of("spot", "-40%", issuer="NVDA"), Shock.of("spot", "+20%", issuer="NVDA")
    >>> path = Scenario("path", (fall,), "6m", timing="path", steps=(Step.of("6m", rise),))
    >>> [(line.number, line.step is None) for line in numbered_lines(path)]
    [(1, True), (2, False)]
    """
    today = ((None, line) for line in scenario.lines)
    lines: list[tuple[Step | None, ScenarioLine]] = [*today, *later_lines(scenario)]
    return tuple(NumberedLine(number, *line) for number, line in enumerate(lines, 1))


def later_lines(scenario: Scenario) -> Iterator[tuple[Step, ScenarioLine]]:
    """Yield the lines of steps in the order of their numbers, those of included scenarios first."""
    for item in scenario.include:
        for step, line in later_lines(item.scenario):
            yield step, line._replace(severity=line.severity * item.severity)
    for step in scenario.steps:
        lines: tuple[Shock | Event, ...] = (*step.shocks, *step.events)
        yield from ((step, ScenarioLine(scenario, line)) for line in lines)
