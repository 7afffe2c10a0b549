"""A hedge policy: what may be bought and sold, what is minimised, what the hedged book must keep to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from stresstest.errors import NOWHERE, Location
from stresstest.hedging.policies.costs import Costs
from stresstest.hedging.policies.measure_keys import MEASURES, Measure, Sense
from stresstest.hedging.policies.selection import Selection
from stresstest.scenarios.governance import UNGOVERNED, Governance
from stresstest.scenarios.member_set import MemberSet

BUILT_IN_RULES = ("no_leverage", "no_naked_short", "not_more_than_held")
"""Rules of every policy that no file can drop: cash stays at 0 or more, nothing gets shorter than it was."""

ANY, WORST = "any", "worst"
"""In place of a scenario: each of the horizon, and the one in which the unhedged book loses most."""


@dataclass(frozen=True, slots=True)
class Glide:
    """Tighter amount that a rule reaches later; the plan of today is held to the rule's own amount."""

    to: float
    over: str


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """Fields of a rule beside its amount; which of them count, its measure says.

    Attributes
    ----------
    by
        What positions are grouped by: an attribute, `cluster`, `instrument`, `expiry`, `seller`, `source`.
    select
        What the rule looks at.
    of
        Denominator: `base`, or `cash_and_listed`.
    new
        Cap for issuers that the book did not hold before, where it differs.
    exceptions
        Caps of single groups, where they differ.
    theme
        Theme that exposure is measured to.
    scenario
        Name, `any` or `worst`; `a+b` is `a` with `b` on top.
    with_scenarios
        Scenarios that come on top, one at a time.
    severities
        Sizes of the scenario at which the rule must hold.
    loss
        Share of the base value whose most plausible cause is looked for.
    horizon
        Over which risk factors move; empty: the policy's.
    factors
        Kinds, factors or groups that move; none: all of the factor model.
    benchmark
        Weight by issuer of the market; adds to 1.
    regime
        Of the factor model.
    correlation
        Above which two issuers belong to one cluster.
    share
        Of the usual daily volume.
    score
        Attribute of the market that holds the score.
    within_years
        Bills up to this time to maturity count as cash.
    unless_cleared
        Whether protection that a clearing house stands behind is left out.
    """

    by: str = ""
    select: Selection | None = None
    of: str = "base"
    new: float | None = None
    exceptions: Mapping[str, float] = field(default_factory=dict)
    theme: str = ""
    scenario: str = ""
    with_scenarios: tuple[str, ...] = ()
    severities: tuple[float, ...] = (1.0,)
    loss: float = 0.0
    horizon: str = ""
    factors: tuple[str, ...] = ()
    benchmark: Mapping[str, float] = field(default_factory=dict)
    regime: str = "stressed"
    correlation: float = 0.7
    share: float = 0.0
    score: str = ""
    glide: Glide | None = None
    within_years: float = 1.0
    unless_cleared: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One named bound on the hedged book or on the trades.

    Attributes
    ----------
    measure
        Key of `MEASURES`.
    amount
        Decimal for shares (8 % is 0.08), else a number, days or years.
    location, places
        Where the rule stands in its file, and each of its fields.
    """

    name: str
    measure: str
    amount: float
    terms: RuleTerms = RuleTerms()
    reason: str = ""
    location: Location = NOWHERE
    places: Mapping[str, Location] = field(default_factory=dict, compare=False, repr=False)

    @property
    def definition(self) -> Measure:
        """What the rule measures."""
        return MEASURES[self.measure]

    @property
    def sense(self) -> Sense:
        """Whether the amount is the most or the least that is allowed."""
        return self.definition.sense

    def amount_text(self) -> str:
        """Return the amount as the policy writes it."""
        return self.definition.text(self.amount)


@dataclass(frozen=True, slots=True)
class Objective:
    """One term of what is minimised, in per cent of the base value, times `weight`.

    Attributes
    ----------
    minimise
        `worst_loss` over `scenarios` at each of `severities`; `expected_shortfall` or `expected_loss` over
        the sampled `scenario_set`; `cost`; `turnover`.
    confidence_level
        Of the expected shortfall.
    columns, seed
        In place of those of the set; None: the set's own.
    ambiguity
        Total-variation distance within which the probabilities of the draws may be wrong: the largest value
        over all of them counts, which for an expected shortfall at level b is
        r/(1 − b) · worst loss + (1 − r/(1 − b)) · expected shortfall at level b + r.
    members
        The sampled set itself where it has been read, see `input_building.with_sets`; None: its file is read
        when a plan is made.
    """

    minimise: str
    weight: float = 1.0
    scenarios: tuple[str, ...] = ()
    severities: tuple[float, ...] = (1.0,)
    scenario_set: str = ""
    confidence_level: float = 0.95
    columns: int | None = None
    seed: int | None = None
    ambiguity: float = 0.0
    reason: str = ""
    location: Location = NOWHERE
    places: Mapping[str, Location] = field(default_factory=dict, compare=False, repr=False)
    members: MemberSet | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class UniverseEntry:
    """A line of the universe: which instruments may be bought.

    Attributes
    ----------
    type
        Tag of an instrument type, or `package`.
    select
        Issuers by what they are, for shares and funds; with `issuers` those named.
    maturities
        Times to maturity, for bonds and bills.
    underlyings, right, strikes, expiries
        For options: strikes in decimals of the spot; times to expiry, moved to the nearest listed day.
    package
        `put_spread`: the strike pairs of `spreads`, bought and sold in equal number.
    exercise
        `american` or `european`, of the legs of a package; an option's type says it otherwise.
    index, series, coupon, recovery, tenors
        For protection on a credit index: its contract, and terms moved to the standard maturities.
    strike_step
        Distance of listed strikes in the underlying's currency; None: the exchange's rule for its price.
    multiplier
        Shares that an option contract is on.
    seller
        Who must pay; empty for what is exchange-traded or cleared.
    source
        What kind of refuge it is: `bills`, `gold`, `puts`; rules on protection count by it.
    """

    name: str
    type: str
    reason: str
    select: Selection | None = None
    issuers: tuple[str, ...] = ()
    maturities: tuple[str, ...] = ()
    underlyings: tuple[str, ...] = ()
    right: str = ""
    strikes: tuple[float, ...] = ()
    spreads: tuple[tuple[float, float], ...] = ()
    expiries: tuple[str, ...] = ()
    package: str = ""
    exercise: str = "european"
    index: str = ""
    series: int = 0
    coupon: float = 0.0
    recovery: float | None = None
    tenors: tuple[str, ...] = ()
    strike_step: float | None = None
    multiplier: float = 100.0
    seller: str = ""
    source: str = ""
    location: Location = NOWHERE
    places: Mapping[str, Location] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SellTerms:
    """Which held positions may be reduced: long ones sold, short ones bought back."""

    all: bool = True
    select: Selection | None = None
    excluded: Selection | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A hedge policy.

    Attributes
    ----------
    horizon
        As scenarios write it (`12m`); only scenarios of this horizon enter the objective and the rules.
    governance
        Status, owner, approver, and how long it holds.
    """

    name: str
    horizon: str
    universe: tuple[UniverseEntry, ...]
    objective: tuple[Objective, ...]
    costs: Costs
    rules: tuple[Rule, ...] = ()
    sell: SellTerms = SellTerms()
    title: str = ""
    narrative: str = ""
    source: tuple[str, ...] = ()
    governance: Governance = UNGOVERNED
    location: Location = NOWHERE

    def rule(self, name: str) -> Rule:
        """Return the rule called `name`; raise `KeyError` where there is none."""
        found = next((rule for rule in self.rules if rule.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def with_amount(self, name: str, amount: float) -> Policy:
        """Return the policy with another amount of the rule called `name`."""
        return self.with_rule(replace(self.rule(name), amount=amount))

    def with_rule(self, rule: Rule) -> Policy:
        """Return the policy with `rule`, in the place of the one of the same name if there is one."""
        names = [known.name for known in self.rules]
        if rule.name not in names:
            return replace(self, rules=(*self.rules, rule))
        place = names.index(rule.name)
        return replace(self, rules=(*self.rules[:place], rule, *self.rules[place + 1 :]))

    def without_rule(self, name: str) -> Policy:
        """Return the policy without the rule called `name`; raise `KeyError` where there is none."""
        gone = self.rule(name)
        return replace(self, rules=tuple(rule for rule in self.rules if rule is not gone))
