"""Hedge policy files: what each field may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.hedging.policies.costs_spec import CostsSpec
from stresstest.hedging.policies.rule_spec import Reason, RuleSpec, ScenarioName
from stresstest.hedging.policies.selection_spec import InstrumentSelectSpec
from stresstest.hedging.policies.universe_spec import UniverseEntrySpec
from stresstest.io.fields import Date, Identifier, Items, Name, Number, Percentage, Spec
from stresstest.kernels.philox import LARGEST_SEED
from stresstest.quantity import QuantityError
from stresstest.scenarios.basis_spec import Texts
from stresstest.scenarios.driver_spec import NotEmpty
from stresstest.scenarios.governance_spec import Person, Status
from stresstest.scenarios.sample_terms import MOST_COLUMNS
from stresstest.scenarios.spec import Horizon

_TAKES: dict[str, tuple[str, ...]] = {
    "worst_loss": ("scenarios", "severities"),
    "expected_shortfall": ("set", "confidence_level", "columns", "seed", "ambiguity"),
    "expected_loss": ("set", "columns", "seed", "ambiguity"),
    "cost": (),
    "turnover": (),
}
"""Fields of an objective beside its weight, the first one mandatory."""


class ObjectiveSpec(Spec):
    """One term of what is minimised."""

    minimise: Literal["worst_loss", "expected_shortfall", "expected_loss", "cost", "turnover"]
    """What is made small, in per cent of the base value."""
    weight: Annotated[Number, Field(gt=0, le=1e6)] = 1.0
    """How much the term counts."""
    scenarios: Annotated[Items[ScenarioName], NotEmpty] | None = None
    """For worst_loss: the scenarios, by name; `a+b` for b on top of a."""
    severities: Annotated[Items[Percentage], NotEmpty] | None = None
    """For worst_loss: the sizes at which each scenario counts; 100% if not given."""
    set: Identifier | None = None
    """For expected_shortfall and expected_loss: the sampled set, by name or file."""
    confidence_level: Annotated[Percentage, Field(gt=0, lt=1)] | None = None
    """For expected_shortfall: 95%; that if not given."""
    columns: Annotated[int, Field(ge=1, le=MOST_COLUMNS)] | None = None
    """Draws of the set, in place of its own number."""
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None
    """Seed of the set, in place of its own."""
    ambiguity: Annotated[Percentage, Field(ge=0, lt=1)] | None = None
    """Total-variation distance within which the probabilities of the draws may be wrong."""
    reason: Reason | None = None
    """Why the term is there, at this weight."""

    @model_validator(mode="after")
    def _fits(self) -> ObjectiveSpec:
        takes = _TAKES[self.minimise]
        for name in ("scenarios", "severities", "set", "confidence_level", "columns", "seed", "ambiguity"):
            if getattr(self, name) is not None and name not in takes:
                expected = f"only {', '.join(takes)} beside it" if takes else "no such field beside it"
                raise QuantityError("ST474", f"{self.minimise} with {name!r}", expected)
        if takes and getattr(self, takes[0]) is None:
            raise QuantityError(
                "ST474", f"{self.minimise} without {takes[0]!r}", f"the {takes[0]} that it is taken over"
            )
        return self


class SellSpec(Spec):
    """Which held positions may be reduced."""

    all: bool | None = None
    """`true`: every position; `false`: none."""
    select: InstrumentSelectSpec | None = None
    """Only positions in these instruments."""
    excluded: InstrumentSelectSpec | None = Field(default=None, alias="except")
    """Positions that are kept as they are."""

    @model_validator(mode="after")
    def _one_way(self) -> SellSpec:
        if (self.all is None) == (self.select is None):
            got = "both all and select" if self.all is not None else "neither all nor select"
            raise QuantityError("ST471", f"sell with {got}", "exactly one of all, select")
        return self


class PolicySpec(Spec):
    """A hedge policy file."""

    version: Literal[1]
    """Version of the file format."""
    name: Name
    """snake_case name."""
    title: str = ""
    """One line for tables and reports."""
    narrative: str = ""
    """What the policy is after, and where it departs from its model, in prose."""
    source: Texts = ()
    """What the numbers rest on."""
    status: Status | None = None
    """How far the policy has been reviewed; approved needs an approver and a date."""
    owner: Person = ""
    """Who keeps it: a person, a team or a committee."""
    approver: Person = ""
    """Who approved it; somebody else than the owner."""
    approved_on: Date | None = None
    """Day of the approval."""
    valid_until: Date | None = None
    """Last day on which it holds; a market or a run of a later day says that it is past."""
    horizon: Horizon
    """Horizon of the scenarios that the plan is made for; all others are only reported."""
    universe: Annotated[Items[UniverseEntrySpec], NotEmpty]
    """What may be bought."""
    sell: SellSpec = SellSpec(all=True)
    """What may be sold; everything that is held if not given."""
    objective: Annotated[Items[ObjectiveSpec], NotEmpty]
    """What is minimised: the sum of the terms, each times its weight."""
    costs: CostsSpec = CostsSpec()
    """What trading costs."""
    rules: Items[RuleSpec] = ()
    """What the hedged book must keep to."""
