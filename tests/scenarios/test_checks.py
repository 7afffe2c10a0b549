from __future__ import annotations

from dataclasses import replace

import pytest

from stresstest.market.factor_kinds import FACTOR_KINDS, Domain, FactorKind
from stresstest.quantity import ShiftType
from stresstest.scenarios.checks import DOMAIN_TEXTS, accepted_units, scenario_problems, shock_problems
from stresstest.scenarios.scenario import Scenario, Shock

GOOD = Scenario("good", (Shock.of("spot", "-20%", region="US"),), horizon="12m", probability=0.1)


@pytest.mark.parametrize(
    ("changes", "code", "got"),
    [
        ({"name": "base"}, "ST309", "'base'"),
        ({"name": ""}, "ST309", "''"),
        ({"timing": "sudden"}, "ST301", "timing 'sudden'"),
        ({"timing": "path"}, "ST301", "timing path without steps"),
        ({"combine": "overide"}, "ST320", "'overide'"),
        ({"probability": 1.5}, "ST324", "1.5"),
        ({"probability": float("nan")}, "ST324", "nan"),
        ({"horizon": "12"}, "ST161", "12"),
    ],
)
def test_fields_built_in_python_are_checked(changes: dict, code: str, got: str) -> None:
    (problem,) = scenario_problems(replace(GOOD, **changes))
    assert problem.code == code
    assert got in problem.got


def test_a_good_scenario_has_no_problem() -> None:
    assert list(scenario_problems(GOOD)) == []
    assert list(shock_problems(GOOD.shocks[0])) == []


def test_everything_wrong_is_told_at_once() -> None:
    bad = replace(GOOD, name="base", timing="path", horizon="soon", combine="worst")
    problems = list(scenario_problems(bad))
    assert [problem.code for problem in problems] == ["ST309", "ST301", "ST320", "ST161"]
    assert problems[2].suggestion == "worst_of_factor" or problems[2].expected.endswith("worst_of_factor")


@pytest.mark.parametrize(
    ("factor", "shift", "code", "suggestion"),
    [
        ("spott", "-20%", "ST303", "spot"),
        ("spot", "+5vol", "ST304", ""),
        ("spot", "+150bp", "ST304", "+1.5%"),
        ("zero_rate", "+2pp", "ST304", "+200bp"),
        ("zero_rate", "=0.045", "ST304", "=4.5%"),
        ("spot", "=4.5%", "ST304", ""),
        ("implied_vol", "+150bp", "ST304", "+1.5vol"),
        ("credit_spread", {"1Y": "+1vol"}, "ST304", "+100bp"),
        ("spot", "-100%", "ST305", ""),
        ("spot", "x0", "ST305", ""),
        ("implied_vol", "-120%", "ST305", ""),
        ("zero_rate", "-101%", "ST305", ""),
    ],
)
def test_what_no_market_could_allow(
    factor: str, shift: str | dict[str, str], code: str, suggestion: str
) -> None:
    (problem,) = shock_problems(Shock.of(factor, shift, region="US"))
    assert problem.code == code
    assert problem.suggestion == suggestion


@pytest.mark.parametrize(
    ("factor", "shift"),
    [
        ("zero_rate", "-100%"),
        ("implied_vol", "-100%"),
        ("credit_spread", "x3"),
        ("recovery_rate", "=20%"),
        ("default_state", "=1"),
        ("vol_skew", "=-0.1"),
        ("power_price", "+25abs"),
        ("macro", "=12"),
        ("macro", "+2pp"),
        ("dividend_yield", "-50bp"),
        ("zero_rate", {"1Y": "=4.5%", "10Y": "=450bp"}),
    ],
)
def test_every_kind_takes_its_units(factor: str, shift: str | dict[str, str]) -> None:
    assert list(shock_problems(Shock.of(factor, shift, name="X"))) == []


def test_a_kind_may_refuse_relative_shifts() -> None:
    kind = FactorKind("count", Domain.REAL, FACTOR_KINDS["macro"].change_space, ("abs",), 10.0, None, False)
    FACTOR_KINDS["count"] = kind
    try:
        (problem,) = shock_problems(Shock.of("count", "-20%", name="X"))
    finally:
        del FACTOR_KINDS["count"]
    assert (problem.code, problem.expected) == ("ST304", "a shift in abs")


@pytest.mark.parametrize(
    ("factor", "floor", "code"),
    [
        ("spot", "0", "ST317"),
        ("spot", "-1", "ST317"),
        ("spot", "5%", "ST304"),
        ("implied_vol", "-5vol", "ST317"),
        ("zero_rate", "0.001", "ST304"),
        ("recovery_rate", "120%", "ST317"),
    ],
)
def test_floors_lie_in_the_domain_and_carry_units(factor: str, floor: str, code: str) -> None:
    (problem,) = shock_problems(Shock.of(factor, "-20%", floor=floor, name="X"))
    assert problem.code == code
    assert floor in problem.got


def test_a_kind_may_have_a_lowest_floor() -> None:
    kind = replace(FACTOR_KINDS["zero_rate"], name="floored_rate", floor=0.0)
    FACTOR_KINDS["floored_rate"] = kind
    try:
        (problem,) = shock_problems(Shock.of("floored_rate", "-20bp", floor="-10bp", name="X"))
    finally:
        del FACTOR_KINDS["floored_rate"]
    assert problem.code == "ST317"


def test_a_floor_allows_a_fall_of_everything() -> None:
    assert list(shock_problems(Shock.of("spot", "-100%", floor="0.01", region="US"))) == []


def test_every_domain_has_words_and_every_kind_units() -> None:
    assert set(DOMAIN_TEXTS) == set(Domain)
    for kind in FACTOR_KINDS.values():
        assert accepted_units(kind, ShiftType.ABSOLUTE)
        assert accepted_units(kind, ShiftType.EQUAL_TO)
