"""Members of a sampled set with events: a stage for each severity from which something more happens."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen_int
from stresstest.quantity import parse_horizon
from stresstest.scenarios.event import Event
from stresstest.scenarios.linear import fraction_on, linear_steps
from stresstest.scenarios.scenario import Scenario

_ALWAYS = 1e-9
_SAME_SEVERITY = 1e-12


@dataclass(frozen=True, slots=True)
class Span:
    """Today, and the day on which a sample sees its members."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class MemberStages:
    """A member whose events happen at severities.

    Attributes
    ----------
    severities
        At which some event sets in, ascending.
    quiet
        The member without any event.
    stages
        The member with the events of all severities up to each of `severities`, at whatever severity.
    """

    severities: tuple[float, ...]
    quiet: Scenario
    stages: tuple[Scenario, ...]

    @classmethod
    def of(cls, scenario: Scenario, span: Span) -> MemberStages:
        """Return the stages of a member; one without events has no stage but the quiet one, itself."""
        found = sorted(set(_severities(scenario, span, 1.0, spread=False)))
        if not found and not scenario.all_events:
            return cls((), scenario, ())
        stages = tuple(_switched(scenario, severity, span, spread=False) for severity in found)
        return cls(tuple(found), _switched(scenario, 0.0, span, spread=False), stages)


def stages_drawn(stages: list[MemberStages], member: IntArray, severity: FloatArray) -> IntArray:
    """Return `(n_draws,)` the stage of each draw among all stages of all members, the quiet one first.

    Parameters
    ----------
    member, severity
        `(n_draws,)`; members beyond `stages` have one stage.
    """
    starts = np.cumsum([0, *(1 + len(one.severities) for one in stages)])
    result = starts[np.minimum(member, len(stages))] + np.maximum(member - len(stages), 0)
    for number, one in enumerate(stages):
        if one.severities:
            own = member == number
            begin = np.array(one.severities) - _SAME_SEVERITY
            result[own] += np.searchsorted(begin, severity[own], side="right")
    return frozen_int(result)


def fraction_of(scenario: Scenario, span: Span, *, spread: bool) -> float:
    """Return how far a scenario has come on the last day; 1 unless it spreads over a horizon of its own."""
    if scenario.timing != "linear" or spread:
        return 1.0
    return fraction_on(linear_steps(parse_horizon(scenario.horizon), span.first), span.last)


def _severities(scenario: Scenario, span: Span, scale: float, *, spread: bool) -> Iterator[float]:
    """Yield the severities of the whole from which events up to the last day happen."""
    scale *= fraction_of(scenario, span, spread=spread)
    if scale <= 0.0:
        return
    spread = spread or scenario.timing == "linear"
    for item in scenario.include:
        yield from _severities(item.scenario, span, scale * item.severity, spread=spread)
    steps = (step for step in scenario.steps if step.day(span.first) <= span.last)
    later = (event for step in steps for event in step.events)
    yield from (event.at_severity / scale for event in (*scenario.events, *later))


def _switched(scenario: Scenario, severity: float, span: Span, *, spread: bool) -> Scenario:
    """Return the scenario with events that happen always, where `severity` reaches theirs, or never.

    One without events is returned as it is, so that what it does is worked out once for all stages.
    """
    if not scenario.all_events:
        return scenario
    severity *= fraction_of(scenario, span, spread=spread)
    spread = spread or scenario.timing == "linear"
    include = tuple(
        replace(item, scenario=_switched(item.scenario, severity * item.severity, span, spread=spread))
        for item in scenario.include
    )
    steps = tuple(
        replace(step, events=tuple(_switch(event, severity) for event in step.events))
        for step in scenario.steps
    )
    events = tuple(_switch(event, severity) for event in scenario.events)
    return replace(scenario, include=include, steps=steps, events=events)


def _switch(event: Event, severity: float) -> Event:
    happens = severity > 0.0 and severity >= event.at_severity * (1.0 - _SAME_SEVERITY)
    return replace(event, at_severity=_ALWAYS if happens else math.inf)
