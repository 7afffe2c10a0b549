"""Prices of rules: what a step is worth by solving again; rules that hold nothing back have none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.hedging.small_hedges import planner, request, small_policy

from stresstest.hedging.plans.planning import Planner
from stresstest.hedging.plans.prices import WORTH_SAYING, loosened, settled
from stresstest.hedging.policies.policy import Rule, RuleTerms


def test_a_step_is_what_the_plan_solved_again_gains() -> None:
    own = planner()
    readings = {reading.rule.name: reading for reading in settled(own.readings(), own.program)}
    assert any(reading.step_change is not None for reading in readings.values())
    best = own.program.solve(integers=False).objective
    for name, reading in readings.items():
        if reading.step_change is None:
            continue
        other = own.program.solve({name: loosened(reading.rule)}, integers=False)
        assert reading.step_change == pytest.approx(other.objective - best, abs=1e-9)
        assert reading.step_change < -WORTH_SAYING
        # A convex program gains no more over a whole step than its slope at the start says.
        assert reading.shadow_price is not None
        step = abs(loosened(reading.rule) - reading.rule.amount)
        assert -reading.step_change <= abs(reading.shadow_price) * step + 1e-7


def test_rules_that_forbid_nothing_useful_hold_nothing_back() -> None:
    """All that may be bought keeps to it, or gains nothing by itself: neither is told as a limit."""
    policy = small_policy()
    for rule in (
        Rule("wrong_way", "not_from", 0.2, RuleTerms(), "Nobody from inside."),
        Rule("no_swaps", "max_maturity", 5.0, RuleTerms(), "Short."),
    ):
        policy = policy.with_rule(rule)
    own = Planner(request(policy))
    readings = settled(own.readings(), own.program)
    assert not {"wrong_way", "no_swaps"} & {reading.rule.name for reading in readings if reading.is_binding}


def test_a_rule_that_forbids_what_would_help_is_told_with_what_it_costs() -> None:
    policy = small_policy().with_rule(Rule("no_bills", "max_maturity", 0.1, RuleTerms(), "No bills."))
    policy = replace(policy, universe=tuple(line for line in policy.universe if line.name != "gold"))
    own = Planner(request(policy))
    reading = next(one for one in settled(own.readings(), own.program) if one.rule.name == "no_bills")
    free = own.program.solve(without=("no_bills",), integers=False).objective
    gain = own.program.solve(integers=False).objective - free
    assert reading.is_binding is (gain > WORTH_SAYING)
    assert (reading.change_without or 0.0) == pytest.approx(-gain if gain > WORTH_SAYING else 0.0, abs=1e-12)


def test_a_premium_that_nothing_has_is_no_price() -> None:
    """A row that no trade moves has a multiplier of its own making, and no price."""
    policy = small_policy()
    bills = tuple(line for line in policy.universe if line.name == "bills")
    own = Planner(request(replace(policy, universe=bills).with_amount("premium", 0.0)))
    assert own.solution.shadow_prices["premium"] == 0.0
    assert "premium" not in own.solution.binding
