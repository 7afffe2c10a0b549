"""Scenario documents as scenarios: every field with the place where it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from stresstest.errors import Location, ProblemList
from stresstest.io.document import DataPath, Document
from stresstest.quantity import QuantityError, Shift, parse_horizon, parse_level
from stresstest.scenarios.basis import Basis
from stresstest.scenarios.basis_spec import BasisSpec
from stresstest.scenarios.distributions import Discrete, Normal, NumberDistribution, Triangular, Uniform
from stresstest.scenarios.driver_spec import DistributionSpec, DrivenShiftSpec, DriverSpec
from stresstest.scenarios.drivers import ChoiceDriver, Driver, NumberDriver, unit_of
from stresstest.scenarios.event import Default, DividendCut, Downgrade, Event, EventType, Halt
from stresstest.scenarios.event_spec import DefaultSpec, DividendSpec, DowngradeSpec, HaltSpec
from stresstest.scenarios.governance import Validity
from stresstest.scenarios.governance_spec import read_governance
from stresstest.scenarios.include_spec import ValidFromSpec
from stresstest.scenarios.network_reading import read_network_use
from stresstest.scenarios.propagate_spec import PropagateSpec
from stresstest.scenarios.replay_reading import read_replay
from stresstest.scenarios.rules import CaseRule, ElasticityRule, PlainShift, SlopeRule, StatedShift, TableRule
from stresstest.scenarios.scenario import Propagation, Scenario, Shock, Step
from stresstest.scenarios.selectors import Selector
from stresstest.scenarios.spec import ScenarioSpec, ShockSpec, StepSpec
from stresstest.scenarios.tenors import TenorTable

_PLACED = (
    "name",
    "horizon",
    "timing",
    "combine",
    "probability",
    "valid_from",
    "status",
    "valid_until",
    "include",
    "propagate",
    "network",
)
_SHOCK_PARTS = ("select", "factor", "shift", "floor")
_EVENT_PARTS = ("event", "select", "at_severity", "recovery", "notches", "cut")

AnyEventSpec = DefaultSpec | DowngradeSpec | DividendSpec | HaltSpec


class ScenarioReader:
    """Makes a scenario of what a document specifies.

    Parameters
    ----------
    problems
        Takes what is wrong between the fields.
    """

    def __init__(self, document: Document, problems: ProblemList) -> None:
        self.document = document
        self.problems = problems

    def scenario(self, spec: ScenarioSpec) -> Scenario | None:
        """Return the scenario, or None after adding what is wrong with it."""
        n_before = len(self.problems)
        scenario = self._scenario(spec)
        return scenario if len(self.problems) == n_before else None

    def _scenario(self, spec: ScenarioSpec) -> Scenario:
        drivers = [self._driver(name, driver) for name, driver in spec.drivers.items()]
        return Scenario(
            name=spec.name,
            shocks=self._shocks(spec.shocks, ()),
            horizon=spec.horizon,
            title=spec.title,
            narrative=spec.narrative,
            source=spec.source,
            timing=spec.timing,
            governance=read_governance(spec, self.document, self.problems),
            tags=spec.tags,
            combine=spec.combine,
            probability=spec.probability,
            not_covered=spec.not_covered,
            drivers=tuple(driver for driver in drivers if driver is not None),
            steps=tuple(self._step(step, place) for place, step in enumerate(spec.steps)),
            valid_from=_validity(spec.valid_from),
            events=self._events(spec.events, ()),
            replay=None if spec.replay is None else read_replay(spec.replay, self.document, self.problems),
            propagate=_propagation(spec.propagate),
            network=read_network_use(spec.network, self.document, self.problems),
            location=self.document.location(("name",)),
            locations=self._places(),
        )

    def _places(self) -> dict[str, Location]:
        stated = (field for field in _PLACED if field in self.document.data)
        return {field: self.document.location((field,)) for field in stated}

    def _step(self, spec: StepSpec, place: int) -> Step:
        path = ("steps", place)
        when = parse_horizon(spec.after) if spec.after is not None else spec.date
        assert when is not None  # noqa: S101 - the model has exactly one of the two
        shocks, events = self._shocks(spec.shocks, path), self._events(spec.events, path)
        return Step(when, shocks, spec.title, self.document.location(path), events)

    def _shocks(self, specs: Sequence[ShockSpec], path: DataPath) -> tuple[Shock, ...]:
        shocks = [self._shock(spec, (*path, "shocks", place)) for place, spec in enumerate(specs)]
        return tuple(shock for shock in shocks if shock is not None)

    def _driver(self, name: str, spec: DriverSpec) -> Driver | None:
        where, basis = self.document.location(("drivers", name), key=True), basis_of(spec.basis)
        if spec.choices is not None:
            stated = spec.distribution.choices if spec.distribution is not None else None
            discrete = None if stated is None else Discrete(stated)
            return ChoiceDriver(name, spec.value, spec.choices, discrete, spec.description, where, basis)
        low, high = spec.range or ("", "")
        try:
            return NumberDriver(
                name,
                parse_level(spec.value),
                *(parse_level(low), parse_level(high), unit_of(spec.value), spec.unit or ""),
                distribution=None if spec.distribution is None else _distribution(spec.distribution),
                description=spec.description,
                basis=basis,
                location=where,
            )
        except QuantityError as error:
            self.problems.add(error.problem(where))
            return None

    def _shock(self, spec: ShockSpec, path: DataPath) -> Shock | None:
        try:
            shift = _stated_shift(spec.shift)
        except QuantityError as error:
            self.problems.add(error.problem(self.document.location((*path, "shift"))))
            return None
        return Shock(
            select=Selector.from_mapping(spec.select.terms()),
            factor=spec.factor,
            shift=shift,
            floor=spec.floor,
            optional=spec.optional,
            source=spec.source,
            basis=basis_of(spec.basis),
            location=self.document.location(path),
            locations=self.places(path, _SHOCK_PARTS),
        )

    def _events(self, specs: Sequence[AnyEventSpec], path: DataPath) -> tuple[Event, ...]:
        return tuple(self._event(spec, (*path, "events", place)) for place, spec in enumerate(specs))

    def _event(self, spec: AnyEventSpec, path: DataPath) -> Event:
        return Event(
            select=Selector.from_mapping(spec.select.terms()),
            what=_event_type(spec),
            at_severity=spec.at_severity,
            optional=spec.optional,
            source=spec.source,
            basis=basis_of(spec.basis),
            location=self.document.location(path),
            locations=self.places(path, _EVENT_PARTS),
        )

    def places(self, path: DataPath, parts: tuple[str, ...]) -> dict[str, Location]:
        """Return where `parts` of the mapping at `path` stand, and everything within them: `shift.1Y`."""
        data: Any = self.document.data
        for step in path:
            data = data[step]
        found = {part: self.document.location((*path, part)) for part in parts}
        for part in parts:
            for below in _paths_below(data.get(part)):
                found[".".join((part, *below))] = self.document.location((*path, part, *below))
        return found


def basis_of(spec: BasisSpec | None) -> Basis | None:
    """Return what a size rests on, as the specification says it."""
    return None if spec is None else Basis(spec.basis_class, spec.analogue, spec.note, spec.author, spec.date)


def _event_type(spec: AnyEventSpec) -> EventType:
    if isinstance(spec, DefaultSpec):
        return Default({str(name): part for name, part in spec.recovery.items()})
    if isinstance(spec, DowngradeSpec):
        return Downgrade(spec.notches)
    return DividendCut(spec.cut) if isinstance(spec, DividendSpec) else Halt()


def _validity(spec: date | ValidFromSpec | None) -> Validity | None:
    if spec is None or isinstance(spec, date):
        return None if spec is None else Validity(spec)
    return Validity(spec.date, refuse=spec.before == "refuse")


def _propagation(spec: PropagateSpec | None) -> Propagation | None:
    return None if spec is None else Propagation(spec.regime or "", spec.days())


def _paths_below(node: object) -> Iterator[tuple[str, ...]]:
    """Yield the path of every key within nested mappings."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield (key,)
            yield from ((key, *below) for below in _paths_below(value))


def _stated_shift(spec: Shift | dict[str, Shift] | DrivenShiftSpec) -> StatedShift:
    """Return a shift; raise `QuantityError` for tenors and points that do not make a table."""
    if not isinstance(spec, DrivenShiftSpec):
        return _plain(spec)
    if spec.table is not None:
        return TableRule.of(spec.driver, {text: _plain(shift) for text, shift in spec.table.items()})
    if spec.slope is not None:
        return SlopeRule(spec.driver, spec.slope)
    if spec.elasticity is not None:
        return ElasticityRule(spec.driver, spec.elasticity)
    return CaseRule(spec.driver, {name: _stated_shift(shift) for name, shift in (spec.cases or {}).items()})


def _plain(spec: Shift | dict[str, Shift]) -> PlainShift:
    return spec if isinstance(spec, Shift) else TenorTable.from_shifts(spec)


def _distribution(spec: DistributionSpec) -> NumberDistribution:
    """Return the distribution of a number; raise `QuantityError` for probabilities of choices."""
    if spec.triangular is not None:
        shape = spec.triangular
        return Triangular(parse_level(shape.low), parse_level(shape.mode), parse_level(shape.high))
    if spec.uniform is not None:
        return Uniform(parse_level(spec.uniform.low), parse_level(spec.uniform.high))
    if spec.normal is not None:
        return Normal(parse_level(spec.normal.mean), parse_level(spec.normal.standard_deviation))
    raise QuantityError("ST331", "probabilities of choices for a number", "triangular, uniform or normal")
