"""Trading halts on a path: the price stands on its date, and goes on from beneath at the next one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.event import Default, Event, Halt
from stresstest.scenarios.eventful import EventLine
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.scenario import Scenario


def has_halts(scenario: Scenario) -> bool:
    """Tell whether something is halted in a scenario or its parts, today or later."""
    return any(isinstance(event.what, Halt) for event in scenario.all_events)


def resumed(scenario: Scenario) -> Scenario:
    """Return the scenario with halts of today that never happen, every line under its own number."""
    include = tuple(replace(item, scenario=resumed(item.scenario)) for item in scenario.include)
    return replace(scenario, events=tuple(map(_never_if_halt, scenario.events)), include=include)


def held(direct: DirectMoves, levels: Mapping[RiskFactorKey, float]) -> DirectMoves:
    """Return `direct` with each halted price at its level in `levels`, that of the date before."""
    stopped = {key: move._replace(level=levels[key]) for key, move in direct.moves.items() if is_halted(move)}
    return replace(direct, moves={**direct.moves, **stopped}) if stopped else direct


def is_halted(move: Move) -> bool:
    """Tell whether a halt gives the level."""
    return _is(move, Halt.name)


def in_default(move: Move) -> bool:
    """Tell whether a default gives the level."""
    return _is(move, Default.name)


def _is(move: Move, event: str) -> bool:
    last = move.lines[-1]
    return isinstance(last, EventLine) and last.reason == event


def _never_if_halt(event: Event) -> Event:
    return replace(event, at_severity=math.inf) if isinstance(event.what, Halt) else event
