"""Names of scenarios in policies: on top of one another, at other sizes, the worst and any."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.hedging.small_policies import policy, with_rule

import stresstest as st
from stresstest.errors import InputError
from stresstest.hedging.policies.policy import ANY, WORST
from stresstest.hedging.policies.scenario_names import (
    ScenarioUse,
    composed,
    plain_names,
    resolved,
    scenario_called,
    uses,
    with_named,
)
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

FALL = Scenario("fall", (Shock.of("spot", "-50%", issuer="NVDA"),), "12m", title="All falls")
BONDS = Scenario("bonds", (Shock.of("zero_rate", "+200bp", curve="USD"),), "9m")
SET = ScenarioSet((FALL, BONDS))


def test_columns_are_named_by_size() -> None:
    assert ScenarioUse("fall").column_name == "fall"
    assert ScenarioUse("fall", 1.1).column_name == "fall@110%"
    assert ScenarioUse("fall", 0.075).column_name == "fall@7.5%"


def test_one_on_top_of_another_takes_the_larger_move_over_the_horizon_of_the_first() -> None:
    found = composed(FALL, BONDS)
    assert (found.name, found.horizon, found.combine) == ("fall+bonds", "12m", "worst_of_factor")
    assert found.title == "All falls, with bonds on top"
    assert [item.scenario.name for item in found.include] == ["fall", "bonds"]


def test_a_scenario_is_called_by_its_own_name_or_composed() -> None:
    assert scenario_called(SET, "bonds") is BONDS
    assert scenario_called(SET, "fall+bonds").name == "fall+bonds"
    both = replace(FALL, name="fall+bonds")
    assert scenario_called(ScenarioSet((FALL, BONDS, both)), "fall+bonds") is both
    with pytest.raises(KeyError):
        scenario_called(SET, "nothing")


def test_plain_names_are_parts_without_any_and_worst() -> None:
    keep = "keep_with: 50%, scenario: fall, with: [bonds, gold]"
    assert plain_names(with_rule(keep)) == ("time_bomb", "fall", "bonds", "gold")
    composed_objective = policy("scenarios: [time_bomb]", "scenarios: [fall+bonds, any]")
    assert plain_names(composed_objective) == ("fall", "bonds")


def test_what_is_named_and_missing_comes_from_the_library() -> None:
    found = with_named(SET, policy())
    assert found.names == ("fall", "bonds", "time_bomb")
    own = Scenario("time_bomb", FALL.shocks, "12m")
    assert with_named(ScenarioSet((own,)), policy())["time_bomb"] is own
    with pytest.raises(InputError, match="no_such_scenario"):
        with_named(SET, policy("time_bomb", "no_such_scenario"))


def test_uses_of_objective_and_rules_at_their_severities() -> None:
    stated = with_rule("max_loss: 40%, scenario: any, severities: [100%, 110%]")
    found = list(uses(stated, ("fall", "bonds"), "fall"))
    assert found[0] == ("objective", ScenarioUse("time_bomb"))
    limits = [use.column_name for role, use in found if role == "rule"]
    assert limits == ["fall", "fall@110%", "bonds", "bonds@110%"]
    on_top = with_rule("keep_with: 50%, scenario: worst, with: [bonds]")
    rules = [use.name for role, use in uses(on_top, ("fall",), "fall") if role == "rule"]
    assert rules == ["fall", "fall+bonds"]


def test_any_and_worst_stand_for_others() -> None:
    assert resolved(ANY, ("a", "b"), "b") == ("a", "b")
    assert resolved(WORST, ("a", "b"), "b") == ("b",)
    assert resolved("c", ("a", "b"), "b") == ("c",)
    assert resolved("", ("a",), "a") == ()


def test_the_library_can_be_composed() -> None:
    library = st.load_scenarios("time_bomb", "haven_failure_bonds")
    assert len(composed(*library).lines) == sum(len(one.lines) for one in library)
