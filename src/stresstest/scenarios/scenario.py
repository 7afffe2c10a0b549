"""What a scenario is: named shocks over a horizon, each a selector, a kind of factor and a shift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from stresstest.conventions.schedules import add_months
from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.quantity import QuantityError, Shift, Tenor, parse_horizon, parse_shift
from stresstest.scenarios.basis import Basis
from stresstest.scenarios.drivers import Driver, drivers_by_name
from stresstest.scenarios.event import Default, Event
from stresstest.scenarios.governance import UNGOVERNED, Governance, Validity
from stresstest.scenarios.network_use import NetworkUse
from stresstest.scenarios.replay import Replay
from stresstest.scenarios.rules import RULES, ShiftRule, StatedShift
from stresstest.scenarios.selectors import Selector
from stresstest.scenarios.tenors import TenorTable

COMBINATIONS = ("error", "override", "compound", "worst_of_factor")
"""What happens where lines of equal rank reach one factor; `error` unless a scenario says otherwise."""

TIMINGS = ("instant", "linear", "path")
"""When moves happen: today, spread over the horizon, or at dates of their own."""

NOWHERE = Location()
"""Place of what was built in Python."""

ShiftText: TypeAlias = str | Mapping[str, str] | ShiftRule
"""A shift as written: `-60%`, or a table of shifts by tenor; or a rule over a driver."""


@dataclass(frozen=True, slots=True)
class Shock:
    """One line of a scenario: a shift of the factors of a kind that a selector reaches.

    Attributes
    ----------
    factor
        Kind of the factors, as in `RiskFactorKey.kind`.
    shift
        The change, or the rule by which it depends on a driver.
    floor
        `EQUAL_TO` shift that holds the level at which a fall stops, or None.
    optional
        Whether the line may reach nothing.
    scale
        Size in change space, 1 as stated; a judgement is moved by it, no file states it.
    locations
        Where parts of the line were written: `factor`, `shift`, `floor`, `select`, `select.theme`, … .
    """

    select: Selector
    factor: str
    shift: StatedShift
    floor: Shift | None = None
    optional: bool = False
    source: tuple[str, ...] = ()
    basis: Basis | None = None
    scale: float = 1.0
    location: Location = NOWHERE
    locations: Mapping[str, Location] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        factor: str,
        shift: ShiftText,
        *,
        floor: str | None = None,
        optional: bool = False,
        **select: str | Sequence[str],
    ) -> Shock:
        """Return a shock written in Python.

        Raises
        ------
        ValueError
            For text that is no shift, and for an attribute that selectors do not know.

        Examples
        --------
        >>> Shock.of("spot", "-60%", theme="ai_accelerators").select.text()
        'theme ai_accelerators'
        """
        amount: StatedShift
        if isinstance(shift, RULES):
            amount = shift
        else:
            amount = parse_shift(shift) if isinstance(shift, str) else TenorTable.of(shift)
        limit = parse_shift(f"={floor}") if floor is not None else None
        return cls(Selector.from_mapping(select), factor, amount, limit, optional)

    def at(self, part: str) -> Location:
        """Return where `part` of the line was written, or the nearest place that is known."""
        return self.locations.get(part) or self.locations.get(part.split(".", 1)[0]) or self.location


@dataclass(frozen=True, slots=True)
class Step:
    """A later date of a path, and what moves on it from where the step before left it.

    Attributes
    ----------
    when
        The date, or how long after the market's date.
    shocks
        Lines; none where time alone passes.
    events
        Defaults, downgrades, dividend cuts and halts of this date.
    """

    when: date | Tenor
    shocks: tuple[Shock, ...] = ()
    title: str = ""
    location: Location = NOWHERE
    events: tuple[Event, ...] = ()

    @classmethod
    def of(cls, when: str | date, *shocks: Shock, title: str = "", events: Sequence[Event] = ()) -> Step:
        """Return a step written in Python: `3m` after the market's date, or on a date.

        Raises
        ------
        QuantityError
            For text that is no length of time.
        """
        day = parse_horizon(when) if isinstance(when, str) else when
        return cls(day, shocks, title, events=tuple(events))

    def day(self, as_of: date) -> date:
        """Return the date of the step on a path that begins on `as_of`."""
        if isinstance(self.when, date):
            return self.when
        return add_months(as_of, self.when.months) + timedelta(days=self.when.days)


@dataclass(frozen=True, slots=True)
class Include:
    """A scenario that is part of another, with the scale of its shocks there."""

    scenario: Scenario
    severity: float = 1.0
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Propagation:
    """That factors which no line states move by their mean given those that lines do state.

    Attributes
    ----------
    regime
        Name of a regime of the market's factor model; empty where `window` is given.
    window
        First and last day of a regime that is made of one window.
    """

    regime: str = ""
    window: tuple[date, date] | None = None


class ScenarioLine(NamedTuple):
    """A shock or event of a scenario or of what it includes; `owner` wrote it.

    `severity` is the scale of its part within the whole: of all includes on the way, multiplied.
    """

    owner: Scenario
    shock: Shock | Event
    severity: float = 1.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """Named shocks: simultaneous ones of today, and on a path those of later dates.

    Attributes
    ----------
    horizon
        Time over which the moves happen: `1d`, `12m`. Mandatory, since sizes mean nothing without it.
    timing
        One of `TIMINGS`. `instant`: the portfolio is revalued today under the moved factors; `linear`: the
        moves spread over the horizon in equal steps, the portfolio ages; `path`: shocks of today, then those
        of each step.
    combine
        One of `COMBINATIONS`.
    probability
        Stated probability in [0, 1], or None.
    source
        Article facts, URLs or papers that it rests on.
    governance
        Status, owner, approver, and how long it holds.
    not_covered
        What the scenario leaves out on purpose.
    drivers
        Parameters that shifts depend on, names unique.
    steps
        Later dates of a path, in order of time.
    include
        Scenarios that are part of this one; where several move one factor, `combine` says what counts.
    valid_from
        First date of a market that it is for, or None.
    events
        Defaults, downgrades, dividend cuts and trading halts of today; those of later dates are in steps.
    replay
        Moves of history, which lines replace where they reach the same factor.
    propagate
        How factors move that no line states; None where they stay. That of an included scenario does not
        count, which a warning tells.
    network
        Network that passes on what lines state, and the mechanisms that run; None for none. That of an
        included scenario does not count either.

    Examples
    --------
    >>> from stresstest.scenarios.drivers import NumberDriver
    >>> from stresstest.scenarios.rules import SlopeRule
    >>> cut = NumberDriver("capex_cut", 0.5, 0.1, 0.8, "%")
    >>> line = Shock.of("spot", SlopeRule("capex_cut", parse_shift("-1.2%")), issuer="NVDA")
    >>> scenario = Scenario("collapse", (line,), "12m", drivers=(cut,))
    >>> scenario.with_drivers(capex_cut="65%").drivers[0].text()
    '65%'
    """

    name: str
    shocks: tuple[Shock, ...]
    horizon: str
    title: str = ""
    narrative: str = ""
    source: tuple[str, ...] = ()
    timing: str = "instant"
    governance: Governance = UNGOVERNED
    tags: tuple[str, ...] = ()
    combine: str = "error"
    probability: float | None = None
    not_covered: tuple[str, ...] = ()
    drivers: tuple[Driver, ...] = ()
    steps: tuple[Step, ...] = ()
    include: tuple[Include, ...] = ()
    valid_from: Validity | None = None
    events: tuple[Event, ...] = ()
    replay: Replay | None = None
    propagate: Propagation | None = None
    network: NetworkUse | None = None
    location: Location = NOWHERE
    locations: Mapping[str, Location] = field(default_factory=dict, compare=False, repr=False)

    def at(self, part: str) -> Location:
        """Return where the field `part` was written, or the scenario where that is not known."""
        return self.locations.get(part) or self.location

    @property
    def status(self) -> str:
        """`draft`, `challenged`, `approved` or `retired`; empty where nobody said."""
        return self.governance.status

    @property
    def all_shocks(self) -> tuple[Shock, ...]:
        """Lines of today and of every step."""
        return (*self.shocks, *(shock for step in self.steps for shock in step.shocks))

    @property
    def lines(self) -> tuple[ScenarioLine, ...]:
        """Lines of today: those of the included scenarios in their order, its own, its events."""
        included = (
            line._replace(severity=line.severity * item.severity)
            for item in self.include
            for line in item.scenario.lines
        )
        own: tuple[Shock | Event, ...] = (*self.shocks, *self.events)
        return (*included, *(ScenarioLine(self, line) for line in own))

    @property
    def all_events(self) -> tuple[Event, ...]:
        """Events of today and of every step, those of included scenarios first."""
        included = (event for item in self.include for event in item.scenario.all_events)
        return (*included, *self.events, *(event for step in self.steps for event in step.events))

    @property
    def goes_on(self) -> bool:
        """Whether something of it happens after today, in steps or spread over a horizon."""
        later = self.timing == "linear" or bool(self.steps)
        return later or any(item.scenario.goes_on for item in self.include)

    @property
    def names_defaults(self) -> bool:
        """Whether an issuer defaults in it, or can by its network, at whatever severity."""
        return self.network is not None or any(isinstance(event.what, Default) for event in self.all_events)

    @property
    def driver_names(self) -> tuple[str, ...]:
        """Names of the drivers that can be set, those of included scenarios after its own."""
        own = (driver.name for driver in self.drivers)
        included = (name for item in self.include for name in item.scenario.driver_names)
        return tuple(dict.fromkeys((*own, *included)))

    def including(self, *include: Include) -> Scenario:
        """Return the scenario with other scenarios as parts of it."""
        return replace(self, include=include)

    def with_drivers(self, **values: object) -> Scenario:
        """Return the scenario with drivers set: to text in the driver's unit, or to a decimal.

        A driver of an included scenario is set there, in every one that has a driver of this name.

        Raises
        ------
        InputError
            ST328 for an unknown driver, ST329 and ST330 for a value that is none of the driver's.
        """
        problems = ProblemList()
        for name in values:
            if name not in self.driver_names:
                expected = f"one of {', '.join(self.driver_names)}" if self.driver_names else "no driver"
                got = f"driver {name!r} of scenario {self.name}"
                problems.add(Problem("ST328", got, expected, suggestion=nearest(name, self.driver_names)))
        changed = self._with_drivers(values, problems)
        problems.raise_if_any()
        return changed

    def _with_drivers(self, values: Mapping[str, object], problems: ProblemList) -> Scenario:
        drivers = drivers_by_name(self.drivers)
        for name in [name for name in values if name in drivers]:
            try:
                drivers[name] = drivers[name].with_value(values[name])
            except QuantityError as error:
                problems.add(error.problem())
        parts = [item.scenario._with_drivers(values, problems) for item in self.include]
        settled = tuple(drivers.values())
        # What nothing is set in stays the same object: it is compiled once for all variants of a scenario.
        if settled == self.drivers and all(
            part is item.scenario for part, item in zip(parts, self.include, strict=True)
        ):
            return self
        include = (replace(item, scenario=part) for part, item in zip(parts, self.include, strict=True))
        return replace(self, drivers=settled, include=tuple(include))


@dataclass(frozen=True, slots=True)
class ScenarioSet:
    """Scenarios in the order given, names unique; `left_out` are retired ones that nobody asked for.

    Raises
    ------
    InputError
        When two scenarios have one name.

    Examples
    --------
    >>> crash = Scenario("crash", (Shock.of("spot", "-20%", region="US"),), horizon="1m")
    >>> ScenarioSet((crash,)).names
    ('crash',)
    """

    scenarios: tuple[Scenario, ...]
    left_out: tuple[Scenario, ...] = ()

    def __post_init__(self) -> None:
        first: dict[str, Scenario] = {}
        problems = []
        for scenario in self.scenarios:
            other = first.get(scenario.name)
            first.setdefault(scenario.name, scenario)
            if other is not None:
                place = f" (the other is in {other.location.file})" if other.location.file else ""
                got = f"second scenario {scenario.name!r}{place}"
                problems.append(Problem("ST302", got, "each name once", scenario.location))
        if problems:
            raise InputError(problems)

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(scenario.name for scenario in self.scenarios)

    def __iter__(self) -> Iterator[Scenario]:
        return iter(self.scenarios)

    def __len__(self) -> int:
        return len(self.scenarios)

    def __getitem__(self, name: str) -> Scenario:
        """Return the scenario of that name; raise `KeyError` with the nearest name."""
        for scenario in self.scenarios:
            if scenario.name == name:
                return scenario
        close = nearest(str(name), self.names)
        raise KeyError(f"no scenario {name!r}" + (f"; did you mean {close!r}?" if close else ""))
