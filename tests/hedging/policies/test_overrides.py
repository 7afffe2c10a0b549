"""What a user asks beside the policy becomes rules, or a problem with its place."""

from __future__ import annotations

import pytest
from tests.hedging.small_hedges import SCENARIOS, small_policy

import stresstest as st
from stresstest.errors import InputError
from stresstest.hedging.policies.overrides import with_budget, with_loss_limits

KNOWN = st.load_scenarios(*SCENARIOS)


def test_a_budget_replaces_the_policys_own() -> None:
    policy = with_budget(small_policy(), 0.02)
    assert policy.rule("premium").amount == 0.02
    assert len(policy.rules) == len(small_policy().rules)


def test_a_budget_is_added_where_the_policy_has_none() -> None:
    policy = with_budget(small_policy().without_rule("premium"), 0.02)
    assert policy.rule("premium_budget").measure == "max_premium"


def test_limits_become_rules_and_replace_one_of_the_same_scenario() -> None:
    once = with_loss_limits(small_policy(), {"time_bomb": 0.2, "any": 0.3}, KNOWN)
    assert once.rule("loss_limit_time_bomb").amount == 0.2
    assert once.rule("loss_limit_any").terms.scenario == "any"
    twice = with_loss_limits(once, {"time_bomb": 0.25}, KNOWN)
    assert twice.rule("loss_limit_time_bomb").amount == 0.25
    assert len(twice.rules) == len(once.rules)


def test_unknown_scenarios_and_other_horizons_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        limits = {"time_bom": 0.1, "haven_failure_bonds": 0.1, "time_bomb+haven_failure_bonds": 0.2}
        with_loss_limits(small_policy(), limits, KNOWN, "--max-loss")
    assert [problem.format() for problem in caught.value.problems] == [
        "--max-loss time_bom=10%: error[ST493] scenario 'time_bom'; expected a scenario of the run; "
        "did you mean 'time_bomb'?",
        "--max-loss haven_failure_bonds=10%: error[ST493] scenario 'haven_failure_bonds' over 9m; "
        "expected one over 12m, the horizon of policy small",
    ]
