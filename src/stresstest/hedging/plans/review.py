"""A plan put beside simpler hedges, challenged, and solved again at other amounts of its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.plans.challenges import VOLUME_LEFT, Evidence, challenges
from stresstest.hedging.plans.comparisons import (
    Comparison,
    Yardstick,
    comparison_policy,
    comparisons,
    measured,
)
from stresstest.hedging.plans.frontier import Frontier, amounts_around, cost_rule, frontier
from stresstest.hedging.plans.plan import HedgePlan, named
from stresstest.hedging.plans.planning import Planner
from stresstest.hedging.plans.prices import settled
from stresstest.hedging.plans.receipts import Shares, days_to_trade
from stresstest.hedging.plans.resizing import resized, rests_on_judgement
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.policies.scenario_names import plain_names, with_named
from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.program.solution import NO_TRADE, HedgeSolution
from stresstest.scenarios.scenario import Scenario, ScenarioSet

BOOM = "boom_continues"
FRONTIER_MEASURES = ("min_participation", "max_premium")


@dataclass(frozen=True)
class Review:
    """Looks at the plan of a planner from outside."""

    planner: Planner

    @cached_property
    def boom(self) -> str:
        """The scenario in which a hedge costs: that of the participation rule, else `boom_continues`."""
        rules = (rule for rule in self.planner.request.policy.rules if rule.measure == "min_participation")
        named = next((rule.terms.scenario for rule in rules), BOOM)
        return named if named in self.planner.inputs.scenarios.names else ""

    @cached_property
    def yardstick(self) -> Yardstick:
        """How the plan does."""
        return measured(self.planner.inputs, self.planner.shares, self.boom)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Simpler hedges at what the plan costs."""
        asked = self.planner.request

        def priced(name: str) -> bool:
            return name in asked.market.issuers

        policy = comparison_policy(asked.policy, priced)
        if not policy.universe:
            return ()
        # What they are measured by: the scenarios of the horizon, and the boom.
        some = (one for one in asked.scenarios if one.horizon == policy.horizon or one.name == self.boom)
        inputs = HedgeInputs.of(
            asked.portfolio, policy, asked.market, ScenarioSet(tuple(some)), asked.threads
        )
        return tuple(comparisons(inputs, self.yardstick, self.boom))

    def with_yardstick(self, plan: HedgePlan) -> HedgePlan:
        """Return `plan` with what it is compared by."""
        return replace(plan, yardstick=self.yardstick)

    def reviewed(self, plan: HedgePlan) -> HedgePlan:
        """Return `plan` with comparisons, challenges and prices of whole steps; without trades, as it is."""
        if not plan.has_trades or plan.worst is None or plan.new_worst is None:
            return plan
        evidence = Evidence(
            trades=plan.trades,
            outcomes=plan.scenarios,
            worst=plan.worst,
            new_worst=plan.new_worst,
            base=abs(plan.base_value),
            days_at_half_volume=self._days(),
            expiries=self._expiries(),
            names={line.id: named(line.id, line.label) for line in self.planner.inputs.lines},
            weights=self._weights(),
            plan=self.yardstick,
            comparisons=self.comparisons,
        )
        rules = settled(plan.rules, self.planner.program)
        return replace(plan, comparisons=self.comparisons, challenges=challenges(evidence), rules=rules)

    def with_frontiers(self, plan: HedgePlan) -> HedgePlan:
        """Return `plan` with what participation, premium and cost trade against."""
        policy, program = plan.policy, self.planner.program
        rules = [rule for rule in policy.rules if rule.measure in FRONTIER_MEASURES and rule.amount > 0.0]
        found = [self._frontier(program, rule, amounts_around(rule)) for rule in rules]
        costs = self.planner.solution.costs
        if costs is not None and costs.trading + costs.rolls > 0.0:
            rule, amounts = cost_rule(costs.trading + costs.rolls)
            capped = HedgeProgram(self.planner.inputs, policy.with_rule(rule), self.planner.request.settings)
            found.append(self._frontier(capped, rule, amounts))
        return replace(plan, frontiers=tuple(found))

    def _frontier(self, program: HedgeProgram, rule: Rule, amounts: Sequence[float]) -> Frontier:
        def solve(amount: float) -> Yardstick | None:
            found = program.solve({rule.name: amount}, integers=False)
            if not found.is_found:
                return None
            return measured(self.planner.inputs, _shares(self.planner.inputs, found), self.boom)

        return frontier(rule, amounts, solve)

    def _days(self) -> Mapping[str, float]:
        inputs, traded = self.planner.inputs, self.planner.shares.traded
        return {
            inputs.lines[place].id: days_to_trade(inputs, place, float(traded[place]), VOLUME_LEFT)
            for place in np.flatnonzero(traded > 0.0).tolist()
        }

    def _expiries(self) -> Mapping[str, str]:
        lines = self.planner.inputs.candidates
        return {line.id: line.expiry.isoformat() for line in lines if line.expiry is not None}

    def _weights(self) -> Mapping[str, Mapping[str, float]]:
        sizes = {
            "halved": (0.5, rests_on_judgement),
            "smaller": (0.9, _every_one),
            "larger": (1.1, _every_one),
        }
        found = {"as_written": _weights(self.planner.inputs, self.planner.program.solve(integers=False))}
        for name, (severity, chosen) in sizes.items():
            inputs = self._resized(severity, chosen)
            solution = HedgeProgram(inputs, settings=self.planner.request.settings).solve(integers=False)
            if solution.is_found:
                found[name] = _weights(inputs, solution)
        return found

    def _resized(self, severity: float, chosen: Callable[[Scenario], bool]) -> HedgeInputs:
        """Return the inputs with chosen scenarios at another size; those that decide nothing are left out."""
        asked, policy = self.planner.request, self.planner.request.policy
        counted = {*plain_names(policy), *self.planner.inputs.of_horizon()}
        named = [one for one in with_named(asked.scenarios, policy) if one.name in counted]
        other = resized(
            ScenarioSet(tuple(named)), severity, lambda one: one.horizon == policy.horizon and chosen(one)
        )
        return self.planner.inputs.under(other, asked.threads)


def _every_one(scenario: Scenario) -> bool:
    del scenario
    return True


def _weights(inputs: HedgeInputs, solution: HedgeSolution) -> dict[str, float]:
    return {} if solution.status == NO_TRADE else signed_sizes(inputs, _shares(inputs, solution))


def signed_sizes(inputs: HedgeInputs, shares: Shares) -> dict[str, float]:
    """Return by id the signed size traded, swaps by their notional, as a share of the base value."""
    signs = np.concatenate([-inputs.sign[: inputs.n_held], np.ones(len(inputs.candidates))])
    signed = signs * shares.traded * inputs.costs.size
    places = np.flatnonzero(np.abs(signed) > 1e-9).tolist()
    found: dict[str, float] = {}
    for place in places:
        name = inputs.lines[place].id
        found[name] = found.get(name, 0.0) + float(signed[place])
    return found


def _shares(inputs: HedgeInputs, solution: HedgeSolution) -> Shares:
    held = inputs.n_held
    return Shares(
        inputs.shares(solution.sell, slice(0, held)), inputs.shares(solution.buy, slice(held, None))
    )
