"""A plan revalued from its files, in every scenario of its table and in every draw that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from stresstest.errors import ModelError
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.plans.distances import MEASURE, DistanceChecker, DistanceReading
from stresstest.hedging.plans.verification import Verification, compared, compiled, pnl_against, revalued
from stresstest.hedging.policies.policy import Objective
from stresstest.hedging.policies.scenario_names import AT, scenario_called, with_named
from stresstest.hedging.program.trade_state import TradeState, pnl_after
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.tail import expected_shortfall
from stresstest.portfolio.book import Book, compile_book
from stresstest.portfolio.model import Portfolio
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.sampling import SampledColumns, sample_scenarios
from stresstest.scenarios.scenario import ScenarioSet

FRESH_SEED = 1
"""Added to the seed of a sample for the draws that a plan has not seen."""


@dataclass(frozen=True, slots=True)
class FreshTail:
    """A tail term of the objective on draws with another seed, as shares of the base value."""

    scenario_set: str
    confidence_level: float
    n_draws: int
    before: float
    after: float


@dataclass(frozen=True)
class PlanChecker:
    """Compares a plan with what `stress` makes of its files.

    Attributes
    ----------
    inputs
        What the plan was worked out from.
    market, scenarios
        As the user gave them: nothing compiled for the plan is used again but the draws themselves, where
        the hedged book adds the same factors to the market.
    before, after
        The book as it is, and as its files give it after the plan.
    """

    inputs: HedgeInputs
    market: MarketSnapshot
    scenarios: ScenarioSet
    before: Portfolio
    after: Portfolio

    def verified(self, state: TradeState) -> Verification:
        """Return how every number of the plan compares.

        Raises
        ------
        ModelError
            Where one differs by more than 1e-9 of the base value: such a plan is refused.
        """
        found = self._scenarios(state)
        for place, term in enumerate(self.inputs.policy.objective):
            if term.scenario_set:
                found = found.joined(self._draws(state, place))
        if not found.passed and found.largest is not None:
            worst = found.largest
            raise ModelError(
                f"the plan is refused: {worst.name} gives {worst.revalued:+.12f} of the base value by full "
                f"revaluation of its trades file, {worst.planned:+.12f} by the plan"
            )
        return found

    def fresh_tails(self) -> tuple[FreshTail, ...]:
        """Return the tail terms of the objective on draws that the plan has not seen."""
        return tuple(
            self._fresh(place, term)
            for place, term in enumerate(self.inputs.policy.objective)
            if term.minimise == "expected_shortfall"
        )

    def distances(self) -> tuple[DistanceReading, ...]:
        """Return how far the book is from the losses that rules name, before and after.

        Raises
        ------
        ModelError
            Where the hedged book is nearer than its rule allows.
        """
        policy = self.inputs.policy
        if not any(rule.measure == MEASURE for rule in policy.rules):
            return ()
        before = compiled(self.before, self._prepared)
        return DistanceChecker(policy, before, self._book_after, self.inputs.base_value).readings()

    @cached_property
    def _named(self) -> ScenarioSet:
        return with_named(self.scenarios, self.inputs.policy)

    @cached_property
    def _prepared(self) -> MarketSnapshot:
        sets = [drawn.members for drawn in self.inputs.drawn.values()]
        names = set(self._named.names)
        more = {one.name: one for members in sets for one in members if one.name not in names}
        return with_event_factors(self.market, ScenarioSet((*self._named, *more.values())))

    @cached_property
    def _book_after(self) -> Book:
        return compiled(self.after, self._prepared)

    def _scenarios(self, state: TradeState) -> Verification:
        names = self.inputs.scenarios.names
        planned = pnl_after(self.inputs, self.inputs.scenarios, state)
        found: dict[str, float] = {}
        for severity, members in self._by_severity().items():
            scenarios = ScenarioSet(tuple(scenario_called(self._named, name) for name in members.values()))
            columns = compile_scenarios(scenarios, self._book_after.market, severity).columns
            result = revalued(self._book_after, columns)
            pnl = pnl_against(result, self.inputs.base_value, columns.table.final_columns)
            found |= dict(zip(members, pnl.tolist(), strict=True))
        return compared(dict(zip(names, planned.tolist(), strict=True)), found)

    def _by_severity(self) -> Mapping[float, Mapping[str, str]]:
        """Return by severity the columns of the table, each with the scenario that it is made of."""
        groups: dict[float, dict[str, str]] = {}
        for column in self.inputs.scenarios.names:
            name, _, percent = column.partition(AT)
            severity = float(percent.removesuffix("%")) / 100.0 if percent else 1.0
            groups.setdefault(severity, {})[column] = name
        return groups

    def _draws(self, state: TradeState, place: int) -> Verification:
        effects, drawn = self.inputs.samples[place], self.inputs.drawn[place]
        planned = pnl_after(self.inputs, effects, state)
        columns = drawn.over(self._book_after.market)
        result = revalued(self._book_after, columns)
        pnl = pnl_against(result, self.inputs.base_value, np.arange(1, columns.n_columns))
        names = [f"draw {number + 1} of {drawn.members.name}" for number in range(len(pnl))]
        table = [dict(zip(names, values.tolist(), strict=True)) for values in (planned, pnl)]
        return compared(table[0], table[1], drawn=True)

    def _fresh(self, place: int, term: Objective) -> FreshTail:
        members = self.inputs.drawn[place].members
        assert members.sample is not None  # noqa: S101 - `sampled_set` gives sampled ones only
        sample = replace(members.sample, seed=members.sample.seed + FRESH_SEED)
        both = compile_book([self.before, self.after], self._prepared)
        columns = sample_scenarios(replace(members, sample=sample), both.market)
        tails = [
            self._tail(result, columns, term)
            for result in apply_holdings(both, revalue(both, columns)).portfolios
        ]
        return FreshTail(term.scenario_set, term.confidence_level, sample.columns, *tails)

    def _tail(self, result: PortfolioResult, columns: SampledColumns, term: Objective) -> float:
        pnl = pnl_against(result, self.inputs.base_value, np.arange(1, columns.n_columns))
        return expected_shortfall(-pnl, term.confidence_level)
