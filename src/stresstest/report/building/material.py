"""What a report is made from: a result with what produced it, and the revaluations that it adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from math import isclose

from stresstest.arrays import frozen
from stresstest.errors import InputError
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.measures.challenge import Challenge, challenges
from stresstest.measures.factor_splits.groups import FACTOR_GROUP
from stresstest.measures.factor_splits.split import FactorSplit, factor_splits
from stresstest.measures.judgements.inputs import MovedScenario, moved_inputs
from stresstest.measures.judgements.register import register
from stresstest.measures.judgements.shares import JudgedShare, judged_shares
from stresstest.measures.judgements.valuing import Valued, valued
from stresstest.measures.plausibility import Plausibility
from stresstest.measures.sweep import SEVERITY, Axis, Point, Sweeper
from stresstest.measures.turning_points import Sweep, sweep
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult, StressResult
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.member_set import MemberSet, stated_severity
from stresstest.scenarios.sample_terms import SeverityRange
from stresstest.scenarios.scenario import Scenario, ScenarioSet

MILDER, HARSHER = 0.5, 1.5
"""Parts of the stated size at which the severity band ends."""

BANDS = 8
"""Scenarios of a portfolio, the worst ones, that have a band."""

_STEPS, _PATH_STEPS = 40, 8
_LONGEST = 2.0
_MOST_MOVED = 100
"""Judged numbers of a scenario above which they are moved one by one only where that is asked for: the
hundreds of a network take a cascade each."""


@dataclass(frozen=True, eq=False)
class Material:
    """A result and what a report adds to it.

    Attributes
    ----------
    severity
        Scale of every scenario of the result.
    cards
        Plausibility by scenario.
    plans
        Hedges to show, each of one portfolio.
    sampled
        Result of the draws of a sampled set, or None.
    chosen
        Scenario to look into, in place of each portfolio's worst.
    banded
        Whether the severity band is computed.
    thorough
        Whether judged numbers are moved one by one however many there are.
    """

    result: StressResult
    compiled: CompiledScenarios
    scenarios: ScenarioSet
    severity: float = 1.0
    cards: Sequence[Plausibility] = ()
    plans: Sequence[HedgePlan] = ()
    sampled: StressResult | None = None
    chosen: str = ""
    banded: bool = True
    thorough: bool = False
    _sweeps: dict[str, Sweep | None] = field(default_factory=dict, repr=False)

    @cached_property
    def by_name(self) -> dict[str, Scenario]:
        """Scenarios by name."""
        return {scenario.name: scenario for scenario in self.scenarios}

    @cached_property
    def last_columns(self) -> dict[str, int]:
        """For each scenario the column of its final stage and date."""
        table = self.result.table
        return {name: int(table.columns_of(name)[-1]) for name in table.scenarios}

    def ranked(self, held: PortfolioResult) -> list[str]:
        """Return the scenarios of a portfolio, the largest loss first."""
        return sorted(self.last_columns, key=lambda name: float(held.pnl[self.last_columns[name]]))

    def focus(self, held: PortfolioResult) -> list[str]:
        """Return the worst scenario of a portfolio, and the worst with a network where that is another."""
        if self.chosen:
            return [self.chosen]
        ranked = self.ranked(held)
        found = ranked[:1]
        pnl = {name: float(held.pnl[self.last_columns[name]]) for name in ranked}
        if not found or self._network(found[0]):
            return found
        # A network that changes nothing for this portfolio leaves the P&L of the scenario that it is part of.
        bare = [pnl[name] for name in ranked if not self._network(name)]
        networked = (name for name in ranked if self._network(name) and pnl[found[0]] < pnl[name] < 0.0)
        others = (name for name in networked if not any(isclose(pnl[name], other) for other in bare))
        return [*found, *islice(others, 1)]

    def _network(self, name: str) -> bool:
        scenario = self.by_name.get(name)
        return scenario is not None and scenario.network is not None

    @cached_property
    def staged(self) -> StressResult:
        """Every stage of the scenarios in focus of any portfolio, fully revalued."""
        book = self.result.book
        return apply_holdings(book, revalue(book, self._compiled(stages=True).columns))

    @cached_property
    def focused(self) -> tuple[StressResult, CompiledScenarios]:
        """The scenarios in focus of any portfolio by themselves, with their columns."""
        compiled = self._compiled(stages=False)
        book = self.result.book
        return apply_holdings(book, revalue(book, compiled.columns)), compiled

    @cached_property
    def severities(self) -> dict[str, float]:
        """Scale of every scenario: that of the run times what the set gives the member."""
        return {name: self.severity * stated_severity(self.scenarios, name) for name in self.by_name}

    @cached_property
    def _in_focus(self) -> tuple[Scenario, ...]:
        names = {name for held in self.result.portfolios for name in self.focus(held)}
        return tuple(scenario for scenario in self.scenarios if scenario.name in names)

    @cached_property
    def _focus_severities(self) -> list[float]:
        return [self.severities[scenario.name] for scenario in self._in_focus]

    def _compiled(self, *, stages: bool) -> CompiledScenarios:
        pairs = zip(self._in_focus, self._focus_severities, strict=True)
        fixed = {scenario.name: SeverityRange.fixed(severity) for scenario, severity in pairs}
        some = MemberSet(self._in_focus, severities=fixed)
        return compile_scenarios(some, self.result.book.market, stages=stages)

    @cached_property
    def factors(self) -> tuple[FactorSplit, ...]:
        """The scenarios in focus of every portfolio by groups of factors, each moved alone."""
        result, compiled = self.focused
        return factor_splits(result, compiled.columns, FACTOR_GROUP)

    @cached_property
    def bands(self) -> dict[str, tuple[Valued, Valued]]:
        """By scenario what is left of it at half, and at one and a half times its size.

        Of the worst scenarios of each portfolio only: each needs two revaluations.
        """
        wanted = dict.fromkeys(name for held in self.result.portfolios for name in self.ranked(held)[:BANDS])
        names = [name for name in wanted if name in self.by_name] if self.banded else []
        low = self._sized(names, MILDER)
        # One by one: one that is impossible when larger is found without trying all others again.
        high = [self._sized([name], HARSHER)[0] for name in names]
        return dict(zip(names, zip(low, high, strict=True), strict=True))

    def _sized(self, names: Sequence[str], part: float) -> list[Valued]:
        """Return what is left of scenarios at a part of their size."""
        sizes = [part * self.severities[name] for name in names]
        return valued(self.result.book, [self.by_name[name] for name in names], sizes)

    @cached_property
    def judged(self) -> tuple[JudgedShare, ...]:
        """What the scenarios in focus of any portfolio rest on, for every portfolio."""
        return judged_shares(self.result.book, self._in_focus, self._focus_severities)

    @cached_property
    def moved(self) -> dict[str, MovedScenario]:
        """The worst scenario of every portfolio with each of its judged numbers moved one way, up first.

        Without those that have too many, unless `thorough`.
        """
        worst = {self.focus(held)[0] for held in self.result.portfolios if self.focus(held)}
        some = [one for one in self._in_focus if one.name in worst and (self.thorough or _is_quick(one))]
        sizes = [self.severities[scenario.name] for scenario in some]
        return {found.scenario: found for found in moved_inputs(self.result.book, some, sizes, most=1)}

    @cached_property
    def challenged(self) -> tuple[Challenge, ...]:
        """The networks in focus of any portfolio beside the factor model in their place."""
        if self.result.book.market.factor_model is None:
            return ()
        return challenges(self.result.book, self._in_focus, self._focus_severities)

    def sweep(self, name: str) -> Sweep | None:
        """Return a scenario by severity, up to twice its size; None where no size of it is possible."""
        if name not in self._sweeps:
            self._sweeps[name] = self._swept(name)
        return self._sweeps[name]

    def _swept(self, name: str) -> Sweep | None:
        try:
            axis = Axis(SEVERITY, 0.0, _LONGEST * max(self.severities[name], 0.5))
            if self.is_path(name):
                return self._swept_path(self.by_name[name], axis)
            return sweep(Sweeper(self.result.book, self.by_name[name], axis), _STEPS)
        except (InputError, KeyError):
            return None

    def is_path(self, name: str) -> bool:
        """Tell whether a scenario has more dates than one: what is asked of it many times over takes long."""
        return self.by_name[name].goes_on

    def _swept_path(self, scenario: Scenario, axis: Axis) -> Sweep | None:
        """Return a path at a few severities, without a search for what flips between them."""
        sizes = [axis.low + (axis.high - axis.low) * step / _PATH_STEPS for step in range(_PATH_STEPS + 1)]
        found = valued(self.result.book, [scenario] * len(sizes), sizes)
        held = self.result.portfolios
        pnl = [frozen(one.pnl or [float("nan")] * len(held)) for one in found]
        points = (Point(x, at, at, problem=one.reason) for x, at, one in zip(sizes, pnl, found, strict=True))
        names = tuple(one.name for one in held), tuple(one.base_value for one in held)
        return Sweep(*names, tuple(one.currency for one in held), tuple(points), (), ())


def _is_quick(scenario: Scenario) -> bool:
    return sum(number.is_judged for number in register([scenario])) <= _MOST_MOVED
