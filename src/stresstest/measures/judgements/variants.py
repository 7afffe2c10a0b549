"""A number of a scenario moved a little: the scenarios that it then makes, in words and as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from stresstest.measures.judgements.network_numbers import NetworkNumber, number_text
from stresstest.measures.judgements.register import RegisteredNumber
from stresstest.measures.judgements.rewriting import with_lines, with_replaced
from stresstest.networks.cascade import Chosen
from stresstest.networks.model import Edge, Node
from stresstest.quantity import Shift, ShiftType
from stresstest.scenarios.drivers import Driver, NumberDriver
from stresstest.scenarios.event import Default, DividendCut, Downgrade, Event, EventType
from stresstest.scenarios.network_use import NetworkUse
from stresstest.scenarios.rules import ElasticityRule, stated_shifts
from stresstest.scenarios.scenario import Scenario, Shock


class Variant(NamedTuple):
    """What is done to a number, in words, and the scenario that follows."""

    label: str
    scenario: Scenario


def variants(scenario: Scenario, number: RegisteredNumber, size: float) -> Iterator[Variant]:
    """Yield the scenario with one of its numbers moved both ways; nothing for one that has no size.

    A line goes to 1 ± `size` of itself in the change space of its kind, by which severity scales too; a
    number driver by `size` of its range, within it; a choice to each other choice; an event does not happen,
    and its recovery, cut or notches move; a setting, an edge and a number of a firm go to 1 ± `size` of
    themselves, within their bounds.

    Parameters
    ----------
    size
        Such as 0.1, in (0, 1).
    """
    what = number.what
    if isinstance(what, Shock):
        yield from _of_line(scenario, what, size)
    elif isinstance(what, Event):
        yield Variant("does not happen", with_lines(scenario, lambda line: line is not what))
        for label, event_type in _other_events(what.what, size):
            yield Variant(label, with_replaced(scenario, {id(what): replace(what, what=event_type)}))
    elif isinstance(what, NetworkNumber):
        yield from _of_network(scenario, what, size)
    elif what is not None:
        for driver in _other_drivers(what, size):
            yield Variant(f"to {driver.text()}", with_replaced(scenario, {id(what): driver}))


def _of_line(scenario: Scenario, shock: Shock, size: float) -> Iterator[Variant]:
    shifts = [shift for _, shift in stated_shifts(shock.shift)]
    sized = isinstance(shock.shift, ElasticityRule) or any(map(_has_size, shifts))
    for sign in (1.0, -1.0) if sized else ():
        scale = shock.scale * (1.0 + sign * size)
        label = f"{100.0 * sign * size:+.4g} % of its size"
        yield Variant(label, with_replaced(scenario, {id(shock): replace(shock, scale=scale)}))


def _has_size(shift: Shift) -> bool:
    return shift.shift_type is ShiftType.EQUAL_TO or shift.amount != 0.0


def _other_events(what: EventType, size: float) -> Iterator[tuple[str, EventType]]:
    for factor in (1.0 + size, 1.0 - size):
        if isinstance(what, Default) and what.recovery:
            moved = Default({name: min(part * factor, 1.0) for name, part in what.recovery.items()})
            yield moved.text(), moved
        elif isinstance(what, DividendCut):
            cut = DividendCut(min(what.cut * factor, 1.0))
            yield cut.text(), cut
    if isinstance(what, Downgrade):
        for notches in (what.notches + 1, what.notches - 1):
            if notches:
                yield Downgrade(notches).text(), Downgrade(notches)


def _other_drivers(driver: Driver, size: float) -> Iterator[Driver]:
    if not isinstance(driver, NumberDriver):
        others = (choice for choice in driver.choices if choice != driver.value)
        yield from (replace(driver, value=choice) for choice in others)
        return
    step = size * (driver.high - driver.low)
    for value in (min(driver.value + step, driver.high), max(driver.value - step, driver.low)):
        if value != driver.value:
            yield replace(driver, value=value)


def _of_network(scenario: Scenario, number: NetworkNumber, size: float) -> Iterator[Variant]:
    use = scenario.network
    if use is None:
        return
    for sign in (1.0, -1.0):
        fields = tuple((name, _moved(number, name, value, sign * size)) for name, value in number.fields)
        if fields != number.fields:
            label = ", ".join(number_text(name, value, number.setting) for name, value in fields)
            yield Variant(f"to {label}", replace(scenario, network=_with_fields(use, number, dict(fields))))


def _moved(number: NetworkNumber, name: str, value: float, part: float) -> float:
    setting = number.setting
    if setting is not None:
        step = part * (value or setting.high - setting.low)
        return min(max(value + step, setting.low), setting.high)
    moved = value * (1.0 + part)
    if name in ("share", "burn_cut"):
        return min(moved, 1.0)
    return max(moved, 1.0) if name == "leverage" else moved


def _with_fields(use: NetworkUse, number: NetworkNumber, fields: dict[str, float]) -> NetworkUse:
    if number.setting is not None:
        chosen = (
            Chosen(one.mechanism, {**one.settings, **fields}) if one.mechanism.name == number.owner else one
            for one in use.chosen
        )
        return replace(use, chosen=tuple(chosen))
    nodes, edges = list(use.network.nodes), list(use.network.edges)
    if number.kind == "network edge":
        edges[number.place] = _resized(edges[number.place], fields)
    else:
        nodes[number.place] = _with_debts(nodes[number.place], fields)
    return replace(use, network=replace(use.network, nodes=tuple(nodes), edges=tuple(edges)))


def _resized(edge: Edge, fields: dict[str, float]) -> Edge:
    return replace(edge, **fields)  # type: ignore[arg-type]


def _with_debts(node: Node, fields: dict[str, float]) -> Node:
    """Return the firm with its number; what falls due of its debt moves with the debt."""
    if "debt" in fields and node.debt:
        part = fields["debt"] / node.debt
        due = tuple(replace(item, amount=part * item.amount) for item in node.maturities)
        return replace(node, debt=fields["debt"], maturities=due)
    return replace(node, **fields)  # type: ignore[arg-type]
