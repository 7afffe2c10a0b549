"""Rules of a hedge policy as files write them: one measure key each, with a name and a reason."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from stresstest.errors import nearest
from stresstest.hedging.policies.measure_keys import MEASURES, Measure, Unit
from stresstest.hedging.policies.policy import BUILT_IN_RULES
from stresstest.hedging.policies.selection_spec import InstrumentSelectSpec
from stresstest.io.fields import Identifier, Items, Name, Number, Percentage, Spec
from stresstest.quantity import QuantityError, parse_horizon
from stresstest.scenarios.driver_spec import NotEmpty
from stresstest.scenarios.spec import Horizon

ScenarioName = Annotated[str, Field(min_length=1, max_length=200)]
FactorWord = Annotated[str, Field(min_length=1, max_length=200)]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]


class GlideSpec(Spec):
    """Where an amount goes later."""

    to: Percentage
    """Amount that is reached."""
    over: Horizon
    """Time until then: 9m."""


class RuleSpec(Spec):
    """A rule: exactly one measure key, what that measure needs, a name and a reason."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [key]} for key in MEASURES]})

    name: Name
    """What conflicts and shadow prices call the rule."""
    reason: Reason
    """Why the amount is what it is."""
    max_weight: Percentage | None = None
    """Most that each group, or what is selected, may weigh."""
    min_weight: Percentage | None = None
    """Least that what is selected must weigh."""
    max_cash: Percentage | None = None
    """Most cash and bills."""
    min_cash: Percentage | None = None
    """Least cash and bills."""
    max_exposure: Percentage | None = None
    """Most look-through exposure to `theme`."""
    max_maturity: Horizon | None = None
    """Longest time to maturity of any bond: 3y."""
    min_score: Number | None = None
    """Least score of a share that is bought."""
    min_effective_names: Number | None = None
    """Least effective number of issuers."""
    min_effective_bets: Number | None = None
    """Least effective number of independent factors."""
    max_tracking_error: Percentage | None = None
    """Most tracking error a year against `benchmark`."""
    min_participation: Percentage | None = None
    """Least share of the unhedged gain in `scenario`."""
    max_loss: Percentage | None = None
    """Most loss in `scenario`."""
    min_reverse_distance: Number | None = None
    """Least distance of the most plausible move that costs `loss`."""
    max_premium: Percentage | None = None
    """Most option premium a year, at the ask, rolled."""
    min_index_share: Percentage | None = None
    """Least share of the premium on broad funds and indices."""
    max_expiry_share: Percentage | None = None
    """Most of the premium in one expiry."""
    min_carry: Percentage | None = None
    """Least change of the expected income a year: -0.75%."""
    max_turnover: Percentage | None = None
    """Most one-way turnover."""
    max_cost: Percentage | None = None
    """Most that trading may cost."""
    max_adv_days: Number | None = None
    """Most days that a trade takes at `share` of the daily volume."""
    min_trade: Percentage | None = None
    """Least size of a trade."""
    max_trades: Annotated[int, Field(ge=0)] | None = None
    """Most instruments that are traded."""
    max_protection_share: Percentage | None = None
    """Most of the loss saved in `scenario` that one `by` gives."""
    keep_with: Percentage | None = None
    """Least share of the saving in `scenario` that is left with each of `with` on top."""
    not_from: Percentage | None = None
    """Most that the seller of a protection may lose inside a scenario."""
    by: (
        Literal[
            "issuer", "group", "instrument", "sector", "industry", "region", "theme", "type", "asset_class",
            "cluster", "expiry", "seller", "source",
        ]
        | None
    ) = None  # fmt: skip
    """What is added up: weights by issuer to cluster, protection by instrument, expiry, seller or source."""
    select: InstrumentSelectSpec | None = None
    """What the rule looks at."""
    of: Literal["base", "cash_and_listed"] | None = None
    """Denominator: |base value|, or cash plus listed securities."""
    new: Percentage | None = None
    """Cap for issuers that the book did not hold."""
    exceptions: dict[Identifier, Percentage] | None = Field(default=None, alias="except")
    """Caps of single groups: {BRK-B: 10%}."""
    theme: Name | None = None
    """Theme that exposure is measured to."""
    scenario: ScenarioName | None = None
    """Scenario, `a+b` for b on top of a, `any` for each of the horizon, `worst` for the worst unhedged."""
    with_scenarios: Annotated[Items[ScenarioName], NotEmpty] | None = Field(default=None, alias="with")
    """Scenarios that come on top, one at a time."""
    loss: Annotated[Percentage, Field(gt=0, lt=1)] | None = None
    """Loss, costs of the plan included, whose most plausible cause is looked for: 25%."""
    horizon: Horizon | None = None
    """Time over which the risk factors move; the policy's if not given."""
    factors: Annotated[Items[FactorWord], NotEmpty] | None = None
    """Kinds, factors or groups that move: [spot, zero_rate/USD]; all of the factor model if not given."""
    severities: Annotated[Items[Percentage], NotEmpty] | None = None
    """Sizes of the scenario at which the rule must hold: [80%, 100%, 120%]."""
    benchmark: Annotated[dict[Identifier, Percentage], Field(min_length=1)] | None = None
    """Weights of issuers of the market, which add to 100%."""
    regime: Name | None = None
    """Regime of the market's factor model; stressed if not given."""
    correlation: Annotated[Number, Field(gt=0, lt=1)] | None = None
    """Correlation in the regime above which two issuers are in one cluster; 0.7 if not given."""
    share: Annotated[Percentage, Field(gt=0, le=1)] | None = None
    """Share of the usual daily volume that is traded."""
    score: Name | None = None
    """Attribute of the market that holds the score."""
    glide: GlideSpec | None = None
    """Tighter amount that the rule reaches later."""
    within: Horizon | None = None
    """Bills up to this time to maturity count as cash; 12m if not given."""
    unless_cleared: bool | None = None
    """Whether protection that a clearing house stands behind is left out; true if not given."""

    @model_validator(mode="after")
    def _fits_its_measure(self) -> RuleSpec:
        measure = self.measure()
        _check_fields(self, measure)
        _check_amount(measure, self.amount())
        if self.name in BUILT_IN_RULES:
            got = f"rule name {self.name!r}, which every policy has built in"
            raise QuantityError("ST473", got, "another name")
        if self.benchmark is not None and abs(sum(self.benchmark.values()) - 1.0) > 1e-9:
            got = f"weights of a benchmark that add to {100.0 * sum(self.benchmark.values()):.6g}%"
            raise QuantityError("ST471", got, "100%")
        return self

    def stated(self) -> tuple[str, ...]:
        """Return the fields that the rule states, as files write them."""
        fields = type(self).model_fields.items()
        return tuple(field.alias or name for name, field in fields if getattr(self, name) is not None)

    def measure(self) -> Measure:
        """Return what the rule measures.

        Raises
        ------
        QuantityError
            ST470 where not exactly one measure key is stated.
        """
        keys = [key for key in MEASURES if getattr(self, key) is not None]
        if len(keys) != 1:
            got = f"rule {self.name!r} with {' and '.join(keys) if keys else 'no measure key'}"
            known = "one of " + ", ".join(MEASURES)
            raise QuantityError(
                "ST470", got, "one of them, the rest in rules of their own" if keys else known
            )
        return MEASURES[keys[0]]

    def amount(self) -> float:
        """Return the amount of the rule: a decimal, a number, days or years."""
        measure = self.measure()
        stated = getattr(self, measure.key)
        return parse_horizon(stated).years if measure.unit is Unit.YEARS else float(stated)


def _check_fields(rule: RuleSpec, measure: Measure) -> None:
    stated = [name for name in rule.stated() if name not in ("name", "reason", measure.key)]
    who = f"rule {rule.name!r} ({measure.key})"
    for name in stated:
        if name not in measure.fields:
            known = measure.fields
            expected = f"only {', '.join(known)} beside it" if known else "no further field"
            raise QuantityError("ST471", f"{who} with {name!r}", expected, nearest(name, known))
    if rule.by is not None and rule.by not in measure.groups:
        got = f"{who} with by: {rule.by}"
        raise QuantityError("ST471", got, f"one of {', '.join(measure.groups)}")
    for name in measure.needs:
        if name not in stated:
            raise QuantityError("ST471", f"{who} without {name!r}", f"{', '.join(measure.needs)}")
    if measure.any_of and not any(name in stated for name in measure.any_of):
        chosen = " or ".join(measure.any_of)
        raise QuantityError("ST471", f"{who} without {chosen}", f"what it looks at: {chosen}")


def _check_amount(measure: Measure, amount: float) -> None:
    if not measure.low <= amount <= measure.high:
        expected = f"from {measure.text(measure.low)} to {measure.text(measure.high)}"
        raise QuantityError("ST153", f"{measure.key} of {measure.text(amount)}", expected)
