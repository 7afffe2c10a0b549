"""Scenario files: what each field may hold."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from stresstest.io.fields import Date, Identifier, Items, Name, Percentage, Spec
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.quantity import QuantityError, Shift, parse_horizon, parse_level, parse_shift
from stresstest.scenarios.basis_spec import BasisSpec, Texts
from stresstest.scenarios.driver_spec import DriverSpec, NotEmpty, Shifts
from stresstest.scenarios.event_spec import EventField
from stresstest.scenarios.governance_spec import Person, Status
from stresstest.scenarios.include_spec import IncludeField, ValidFrom
from stresstest.scenarios.network_spec import NetworkField
from stresstest.scenarios.propagate_spec import PropagateSpec
from stresstest.scenarios.replay_spec import ReplaySpec
from stresstest.scenarios.select_spec import SelectSpec

CONTENTS = ("shocks", "include", "events", "steps", "replay")
"""Fields of which a scenario has at least one: what it does."""


def _horizon_text(value: object) -> str:
    return parse_horizon(value).text


def _floor(value: object) -> Shift:
    """Return the level of a floor as an equal-to shift, which keeps its unit."""
    parse_level(value)
    return parse_shift(f"={value}")


Floor: TypeAlias = Annotated[
    Shift, PlainValidator(_floor), WithJsonSchema({"type": ["string", "number"], "examples": ["0.1%", 5]})
]

Horizon: TypeAlias = Annotated[
    str,
    PlainValidator(_horizon_text),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]*[dwmy]$", "examples": ["1d", "12m"]}),
]


KindField: TypeAlias = Annotated[
    Identifier,
    WithJsonSchema({"anyOf": [{"enum": list(FACTOR_KINDS)}, {"type": "string", "pattern": "^[^/]+$"}]}),
]
"""Kind of factor; a package may bring more than the ones that are listed."""

_Examples: TypeAlias = dict[str, tuple[object, ...]]


class ShockSpec(Spec):
    """One line: a shift of the factors of a kind that a selector reaches."""

    other_words: ClassVar[dict[str, str]] = {
        "selector": "select",
        "kind": "factor",
        "risk_factor": "factor",
        "size": "shift",
        "amount": "shift",
        "change": "shift",
        "comment": "basis",
        "note": "basis",
    }
    examples: ClassVar[_Examples] = {"source": ("A1", ["A1", "https://example.org/report"])}

    select: SelectSpec
    """Which factors, by attribute; several attributes must all hold."""
    factor: KindField
    """Kind of factor: spot, zero_rate, credit_spread, implied_vol and so on."""
    shift: Shifts
    """The change; or a table of changes by tenor, or one that depends on a driver."""
    floor: Floor | None = None
    """Level at which a fall stops."""
    optional: bool = False
    """Whether the line may reach nothing in a market."""
    source: Texts = ()
    """Article facts, URLs or papers that the size rests on."""
    basis: BasisSpec | None = None
    """How well the size is founded, with the episode it is modelled on."""


class StepSpec(Spec):
    """A later date of a path, by exactly one of `after` and `date`."""

    other_words: ClassVar[dict[str, str]] = {"at": "after", "when": "after", "in": "after", "on": "date"}
    examples: ClassVar[_Examples] = {
        "after": ("3m",),
        "date": ("2026-01-16",),
        "title": ("The cut is announced",),
    }

    after: Horizon | None = None
    """How long after the market's date: 3m, 27m."""
    date: Date | None = None
    """The date itself."""
    title: str = ""
    """What happens on it, in a few words."""
    shocks: Items[ShockSpec] = ()
    """The lines, from the levels that the step before left; none where time alone passes."""
    events: Annotated[Items[EventField], NotEmpty] = ()
    """Defaults, downgrades, dividend cuts and trading halts of this date."""

    @model_validator(mode="after")
    def _one_time(self) -> StepSpec:
        if (self.after is None) == (self.date is None):
            got = "a step with both after and date" if self.after else "a step without a time"
            raise QuantityError("ST450", got, "exactly one of after and date")
        return self


class ScenarioSpec(Spec):
    """A scenario file."""

    examples: ClassVar[_Examples] = {
        "name": ("gpu_glut",),
        "title": ("Chips fall, rates ease",),
        "narrative": ("Orders are cut; the makers of chips fall first.",),
        "source": ("A1", ["A1", "https://example.org/report"]),
        "tags": (["credit", "draft"],),
        "owner": ("Market risk",),
        "approver": ("Risk committee",),
        "not_covered": ("Second-round effects on employment.",),
        "probability": ("15%",),
        "valid_from": ("2025-10-03", {"date": "2025-10-03", "before": "warn"}),
        "include": (["ai_capex_collapse"], [{"scenario": "ours.yaml", "severity": "50%"}]),
        "drivers": ({"cut": {"value": "50%", "range": ["10%", "80%"]}},),
        "propagate": ({"regime": "stressed"},),
    }

    version: Literal[1]
    """Version of the file format."""
    name: Name
    """snake_case name, unique in a run."""
    title: str = ""
    """One line for tables and reports."""
    narrative: str = ""
    """What happens, in prose."""
    source: Texts = ()
    """Article facts, URLs or papers that the scenario rests on."""
    horizon: Horizon
    """Time over which the moves happen: 1d, 3m, 12m."""
    timing: Literal["instant", "linear", "path"] = "instant"
    """When the moves happen: today, spread evenly over the horizon, or at the dates of steps."""
    status: Status | None = None
    """How far the scenario has been reviewed; approved needs an approver and a date."""
    owner: Person = ""
    """Who keeps it: a person, a team or a committee."""
    approver: Person = ""
    """Who approved it; somebody else than the owner."""
    approved_on: Date | None = None
    """Day of the approval."""
    valid_until: Date | None = None
    """Last day on which it holds; a market or a run of a later day says that it is past."""
    tags: Items[Name] = ()
    """Words to find the scenario by."""
    combine: Literal["error", "override", "compound", "worst_of_factor"] = "error"
    """What happens where lines of equal rank reach one factor."""
    probability: Percentage | None = None
    """Stated probability over the horizon."""
    not_covered: Texts = ()
    """What the scenario leaves out on purpose."""
    valid_from: ValidFrom | None = None
    """First date of the market that the scenario is for; an earlier market is refused, unless it warns."""
    include: Annotated[Items[IncludeField], NotEmpty] = ()
    """Scenarios that are part of this one, each by name or file, or with a severity and drivers."""
    drivers: dict[Name, DriverSpec] = Field(default_factory=dict)
    """Named parameters that shifts depend on, each with a value and a range or choices."""
    propagate: PropagateSpec | None = None
    """Moves the factors that no line states by their mean given the stated ones; without it they stay."""
    network: NetworkField | None = None
    """Network of firms that passes on what the lines state, with the mechanisms that run."""
    shocks: Annotated[Items[ShockSpec], NotEmpty] = ()
    """The lines; on a path those of today."""
    events: Annotated[Items[EventField], NotEmpty] = ()
    """Defaults, downgrades, dividend cuts and trading halts of today."""
    steps: Annotated[Items[StepSpec], NotEmpty] = ()
    """Later dates of a path, in order of time."""
    replay: ReplaySpec | None = None
    """Moves of a window of your own price history; the lines come on top, and replace what they reach."""

    @model_validator(mode="after")
    def _moves_something(self) -> ScenarioSpec:
        if not any(getattr(self, name) for name in CONTENTS):
            expected = "shocks, include, events, replay, or steps with timing: path"
            raise QuantityError("ST153", "a scenario without lines", expected)
        return self
