"""The register of what scenarios rest on: every number with its class, author, date, analogue and place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from stresstest.errors import Location
from stresstest.measures.judgements.network_numbers import NetworkNumber, network_numbers
from stresstest.scenarios.basis import JUDGED, Basis, class_of
from stresstest.scenarios.drivers import ChoiceDriver, Driver, NumberDriver, drivers_by_name
from stresstest.scenarios.event import Event
from stresstest.scenarios.line_wording import line_text
from stresstest.scenarios.numbering import numbered_lines
from stresstest.scenarios.scenario import Scenario, Shock

KINDS = ("line", "event", "driver", "network setting", "network edge", "network firm")
"""What a number may be, in the order of the register."""

_Names = tuple[str, str, str, str]

Number = Shock | Event | Driver | NetworkNumber


@dataclass(frozen=True, slots=True)
class RegisteredNumber:
    """One number, or one table of them, that a scenario rests on.

    Attributes
    ----------
    scenario
        Scenario of the run; `written_in` the one, perhaps included, that states it.
    kind
        One of `KINDS`.
    text
        The number in words.
    basis_class
        `documented`, `computed`, `judgement`, `unverified`, or `unstated`.
    author, dated, analogue, note, source
        As far as they are stated.
    what
        What states it: the line, event, driver, or number of the network.
    """

    scenario: str
    written_in: str
    kind: str
    text: str
    basis_class: str
    author: str = ""
    dated: date | None = None
    analogue: str = ""
    note: str = ""
    source: tuple[str, ...] = ()
    location: Location = field(default_factory=Location)
    what: Number | None = field(default=None, compare=False, repr=False)

    @property
    def is_judged(self) -> bool:
        """Whether somebody's word alone stands behind it."""
        return self.basis_class in JUDGED


def register(scenarios: Iterable[Scenario]) -> tuple[RegisteredNumber, ...]:
    """Return all numbers that scenarios rest on, scenario by scenario in the order of `KINDS`.

    A line that a scenario includes twice stands once. A number of a network is one of an edge or a firm that
    a mechanism reads, or a setting of a mechanism that runs.
    """
    return tuple(entry for scenario in scenarios for entry in _of_scenario(scenario))


def _of_scenario(scenario: Scenario) -> Iterator[RegisteredNumber]:
    seen: set[int] = set()
    events = []
    for _, _, line in numbered_lines(scenario):
        if id(line.shock) in seen:
            continue
        seen.add(id(line.shock))
        if isinstance(line.shock, Event):
            events.append(_event(scenario, line.owner, line.shock))
        else:
            yield _line(scenario, line.owner, line.shock)
    yield from events
    yield from _drivers(scenario, scenario, seen)
    if scenario.network is not None:
        for number in network_numbers(scenario.network):
            yield RegisteredNumber(
                *(scenario.name, scenario.network.network.name, number.kind, number.text),
                basis_class=number.basis_class,
                dated=number.dated,
                note=number.note,
                source=number.source,
                location=number.location,
                what=number,
            )


def _line(scenario: Scenario, owner: Scenario, shock: Shock) -> RegisteredNumber:
    text = line_text(shock, drivers_by_name(owner.drivers))
    names = (scenario.name, owner.name, "line", text)
    return _based(names, shock.basis, shock)


def _event(scenario: Scenario, owner: Scenario, event: Event) -> RegisteredNumber:
    names = (scenario.name, owner.name, "event", event.text())
    return _based(names, event.basis, event)


def _drivers(scenario: Scenario, owner: Scenario, seen: set[int]) -> Iterator[RegisteredNumber]:
    for driver in owner.drivers:
        if id(driver) not in seen:
            seen.add(id(driver))
            text = f"{driver.name} {driver.text()}"
            yield _based((scenario.name, owner.name, "driver", text), driver.basis, driver)
    for item in owner.include:
        yield from _drivers(scenario, item.scenario, seen)


def _based(names: _Names, basis: Basis | None, what: Shock | Event | Driver) -> RegisteredNumber:
    known = basis or Basis("unstated")
    return RegisteredNumber(
        *names,
        basis_class=class_of(basis),
        author=known.author,
        dated=known.dated,
        analogue=known.analogue,
        note=known.note,
        source=() if isinstance(what, NumberDriver | ChoiceDriver) else what.source,
        location=what.location,
        what=what,
    )
