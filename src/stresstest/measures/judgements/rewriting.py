"""Scenarios with some of their numbers replaced or left out, wherever in them these stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar, cast

from stresstest.scenarios.drivers import Driver
from stresstest.scenarios.event import Event
from stresstest.scenarios.rules import RULES
from stresstest.scenarios.scenario import Scenario, Shock, Step

_Item = TypeVar("_Item", Shock, Event, Driver)

Keeps = Callable[[Shock | Event], bool]
"""Tells whether a line stays."""


def with_lines(scenario: Scenario, keeps: Keeps) -> Scenario:
    """Return the scenario with only the lines and events that stay, in it and in what it includes.

    Drivers on which no line depends any more go too, since a scenario may not have such.
    """
    shocks = tuple(shock for shock in scenario.shocks if keeps(shock))
    events = tuple(event for event in scenario.events if keeps(event))
    steps = tuple(_step(step, keeps) for step in scenario.steps)
    stated = [*shocks, *(shock for step in steps for shock in step.shocks)]
    used = {name for shock in stated if isinstance(shock.shift, RULES) for name in shock.shift.names()}
    return replace(
        scenario,
        shocks=shocks,
        events=events,
        steps=steps,
        drivers=tuple(driver for driver in scenario.drivers if driver.name in used),
        include=tuple(replace(item, scenario=with_lines(item.scenario, keeps)) for item in scenario.include),
    )


def _step(step: Step, keeps: Keeps) -> Step:
    shocks = tuple(shock for shock in step.shocks if keeps(shock))
    return replace(step, shocks=shocks, events=tuple(event for event in step.events if keeps(event)))


Changed = Mapping[int, Shock | Event | Driver]
"""By `id` of what a scenario states, what stands in its place."""


def with_replaced(scenario: Scenario, changed: Changed) -> Scenario:
    """Return the scenario with lines, events and drivers replaced, in it and in what it includes.

    A part without any of them stays the same object, and is compiled once for all variants of a scenario.
    """
    parts = [with_replaced(item.scenario, changed) for item in scenario.include]
    same_parts = all(part is item.scenario for part, item in zip(parts, scenario.include, strict=True))
    steps = tuple(_replaced_step(step, changed) for step in scenario.steps)
    same_steps = all(one is other for one, other in zip(steps, scenario.steps, strict=True))
    own = (*scenario.shocks, *scenario.events, *scenario.drivers)
    if same_parts and same_steps and not any(id(item) in changed for item in own):
        return scenario
    include = (replace(item, scenario=part) for part, item in zip(parts, scenario.include, strict=True))
    return replace(
        scenario,
        shocks=_replaced(scenario.shocks, changed),
        events=_replaced(scenario.events, changed),
        drivers=_replaced(scenario.drivers, changed),
        steps=scenario.steps if same_steps else steps,
        include=scenario.include if same_parts else tuple(include),
    )


def _replaced_step(step: Step, changed: Changed) -> Step:
    if not any(id(item) in changed for item in (*step.shocks, *step.events)):
        return step
    return replace(step, shocks=_replaced(step.shocks, changed), events=_replaced(step.events, changed))


def _replaced(items: tuple[_Item, ...], changed: Changed) -> tuple[_Item, ...]:
    """Return the items with those that are changed in their places; the same tuple where none is."""
    if not any(id(item) in changed for item in items):
        return items
    return tuple(cast(_Item, changed.get(id(item), item)) for item in items)
