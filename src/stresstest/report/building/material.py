"""What a report is made from: a result with what produced it, and the revaluations that it adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from stresstest.arrays import FloatArray
from stresstest.errors import InputError
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.measures.factor_splits.groups import FACTOR_GROUP
from stresstest.measures.factor_splits.split import FactorSplit, factor_splits
from stresstest.measures.plausibility import Plausibility
from stresstest.measures.sweep import SEVERITY, Axis, Sweeper
from stresstest.measures.turning_points import Sweep, sweep
from stresstest.report.view.checks import JudgementView
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult, StressResult
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet

MILDER, HARSHER = 0.5, 1.5
"""Parts of the stated size at which the severity band ends."""

BANDS = 8
"""Scenarios of a portfolio, the worst ones, that have a band."""

_STEPS = 40
_LONGEST = 2.0


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
    judgements
        By portfolio, what of its worst loss rests on judgement, where that was measured.
    chosen
        Scenario to look into, in place of each portfolio's worst.
    banded
        Whether the severity band is computed.
    """

    result: StressResult
    compiled: CompiledScenarios
    scenarios: ScenarioSet
    severity: float = 1.0
    cards: Sequence[Plausibility] = ()
    plans: Sequence[HedgePlan] = ()
    sampled: StressResult | None = None
    judgements: Mapping[str, JudgementView] = field(default_factory=dict)
    chosen: str = ""
    banded: bool = True
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
        others = (name for name in ranked if self._network(name) and pnl[found[0]] < pnl[name] < 0.0)
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

    def _compiled(self, *, stages: bool) -> CompiledScenarios:
        names = {name for held in self.result.portfolios for name in self.focus(held)}
        some = tuple(scenario for scenario in self.scenarios if scenario.name in names)
        return compile_scenarios(ScenarioSet(some), self.result.book.market, self.severity, stages=stages)

    @cached_property
    def factors(self) -> tuple[FactorSplit, ...]:
        """The scenarios in focus of every portfolio by groups of factors, each moved alone."""
        result, compiled = self.focused
        return factor_splits(result, compiled.columns, FACTOR_GROUP)

    @cached_property
    def bands(self) -> dict[str, tuple[FloatArray | None, FloatArray | None]]:
        """By scenario `(n_portfolios,)` P&L at half and at one and a half times the size, None where none is.

        Of the worst scenarios of each portfolio only: each needs two revaluations.
        """
        if not self.banded:
            return {}
        wanted = dict.fromkeys(name for held in self.result.portfolios for name in self.ranked(held)[:BANDS])
        return {name: self._band(name) for name in wanted if name in self.by_name}

    def _band(self, name: str) -> tuple[FloatArray | None, FloatArray | None]:
        ends = [part * self.severity for part in (MILDER, HARSHER)]
        try:
            sweeper = Sweeper(self.result.book, self.by_name[name], Axis(SEVERITY, *ends))
            low, high = sweeper.points(ends)
        except InputError:
            return None, None
        return (low.pnl if low.possible else None, high.pnl if high.possible else None)

    def sweep(self, name: str) -> Sweep | None:
        """Return a scenario by severity, up to twice its size; None where no size of it is possible."""
        if name not in self._sweeps:
            self._sweeps[name] = self._swept(name)
        return self._sweeps[name]

    def _swept(self, name: str) -> Sweep | None:
        try:
            axis = Axis(SEVERITY, 0.0, _LONGEST * max(self.severity, 0.5))
            return sweep(Sweeper(self.result.book, self.by_name[name], axis), _STEPS)
        except (InputError, KeyError):
            return None
