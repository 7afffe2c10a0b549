"""Scenario set files: what each field may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator

from stresstest.io.fields import Date, Items, Name, Percentage, Spec
from stresstest.kernels.philox import LARGEST_SEED
from stresstest.quantity import QuantityError
from stresstest.scenarios.basis_spec import Texts
from stresstest.scenarios.driver_spec import NotEmpty
from stresstest.scenarios.governance_spec import Person, Status
from stresstest.scenarios.sample_terms import LEAST_DEGREES, MOST_COLUMNS, MOST_DEGREES
from stresstest.scenarios.spec import Horizon


class SeverityRangeSpec(Spec):
    """Triangular distribution of severities."""

    low: Percentage
    """Smallest severity."""
    mode: Percentage
    """Most likely severity."""
    high: Percentage
    """Largest severity."""

    @model_validator(mode="after")
    def _in_order(self) -> SeverityRangeSpec:
        if not 0.0 <= self.low <= self.mode <= self.high:
            shown = (f"{100.0 * severity:.6g}%" for severity in (self.low, self.mode, self.high))
            got = f"severities {', '.join(shown)}"
            raise QuantityError("ST345", got, "0% <= low <= mode <= high")
        return self


def _severity_form(value: Any) -> str:
    return "range" if isinstance(value, Mapping | SeverityRangeSpec) else "one"


Severity: TypeAlias = Annotated[
    Annotated[Percentage, Tag("one")] | Annotated[SeverityRangeSpec, Tag("range")],
    Discriminator(_severity_form),
]
"""`150%`, or `{low: 50%, mode: 100%, high: 150%}`."""


class MemberSpec(Spec):
    """One scenario of a set."""

    shorthand: ClassVar[str] = "scenario"
    other_words: ClassVar[dict[str, str]] = {
        "name": "scenario",
        "file": "scenario",
        "path": "scenario",
        "weight": "probability",
        "scale": "severity",
    }
    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "scenario": ("ai_capex_collapse", "../shocks/ours.yaml"),
        "probability": ("15%",),
        "severity": ("150%", {"low": "50%", "mode": "100%", "high": "150%"}),
        "regime": ("calm", "stressed"),
    }

    scenario: Annotated[str, Field(min_length=1)]
    """Name of a scenario of the library, or a file, from the folder of the set: ../shocks/ours.yaml."""
    probability: Percentage | None = None
    """Probability over the horizon; by default the one that the scenario states."""
    severity: Severity | None = None
    """Scale of the scenario's shocks; a range only where the set is sampled."""
    regime: Name | None = None
    """Regime of the factor model that draws around this scenario follow; by default that of the sample."""


class SampleSpec(Spec):
    """How the set is sampled."""

    other_words: ClassVar[dict[str, str]] = {"n": "columns", "draws": "columns", "size": "columns"}
    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "columns": (10_000,),
        "seed": (20251003,),
        "regime": ("calm", "stressed"),
        "degrees_of_freedom": (5,),
    }

    columns: Annotated[int, Field(ge=1, le=MOST_COLUMNS)]
    """Number of draws."""
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)]
    """Whole number; the same seed gives the same draws everywhere."""
    regime: Name | None = None
    """Regime of the market's factor model that random parts follow; without it only severities vary."""
    degrees_of_freedom: Annotated[int, Field(ge=LEAST_DEGREES, le=MOST_DEGREES)] | None = None
    """Of the multivariate Student t of the random parts; without it they are normal."""
    varies: Literal["unstated", "all"] = "unstated"
    """What varies beside the severities: the factors that a member leaves alone, or all of the model."""
    horizon: Horizon | None = None
    """Time over which random parts accrue; by default the horizon that all members share."""


class ScenarioSetSpec(Spec):
    """A scenario set file."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "name": ("outlook",),
        "title": ("Twelve months, drawn 10,000 times",),
        "narrative": ("Ways in which the year may go.",),
        "source": ("A25",),
    }

    version: Literal[1]
    """Version of the file format."""
    name: Name
    """snake_case name."""
    title: str = ""
    """One line for tables and reports."""
    narrative: str = ""
    """What the set is for, in prose."""
    source: Texts = ()
    """What the probabilities and severities rest on."""
    status: Status | None = None
    """How far the set has been reviewed; approved needs an approver and a date, retired runs by name only."""
    owner: Person = ""
    """Who keeps it: a person, a team or a committee."""
    approver: Person = ""
    """Who approved it; somebody else than the owner."""
    approved_on: Date | None = None
    """Day of the approval."""
    valid_until: Date | None = None
    """Last day on which it holds; a market or a run of a later day says that it is past."""
    members: Annotated[Items[MemberSpec], NotEmpty]
    """The scenarios."""
    remainder: Literal["unshocked"] | None = None
    """What happens with the probability that the members leave over: draws around the market as it is."""
    sample: SampleSpec | None = None
    """How the set is sampled; without it each member is one column."""
