from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.quantity import QuantityError, Shift, ShiftType, parse_shift
from stresstest.scenarios.drivers import ChoiceDriver, Driver, NumberDriver
from stresstest.scenarios.rules import (
    CaseRule,
    ElasticityRule,
    SlopeRule,
    StatedShift,
    TableRule,
    plain_shift,
    rule_problems,
    stated_shifts,
)
from stresstest.scenarios.tenors import TenorTable

CUT = NumberDriver("cut", 0.5, 0.1, 0.8, "%")
CAUSE = ChoiceDriver("cause", "discipline", ("discipline", "demand_failure"))
POWER = NumberDriver("power", 0.8, 0.0, 3.0)
FALL = NumberDriver("fall", -0.3, -0.9, 0.5, "%")
DRIVERS: dict[str, Driver] = {driver.name: driver for driver in (CUT, CAUSE, POWER, FALL)}

SIZES = {"0%": "+0%", "25%": "-30%", "50%": "-60%", "80%": "-80%"}
TABLE = TableRule.of("cut", {text: parse_shift(shift) for text, shift in SIZES.items()})


def amount(shift: StatedShift, **values: float | str) -> float:
    drivers = {**DRIVERS, **{name: DRIVERS[name].with_value(value) for name, value in values.items()}}
    plain = plain_shift(shift, drivers)
    assert isinstance(plain, Shift)
    return plain.amount


def problems(shift: StatedShift, kind: str = "spot") -> list[str]:
    return [f"{part}: {problem.format()}" for part, problem in rule_problems(shift, DRIVERS, kind)]


@pytest.mark.parametrize(
    ("value", "expected"), [("25%", -0.3), ("50%", -0.6), ("80%", -0.8), ("65%", -0.7), ("10%", -0.12)]
)
def test_a_table_is_linear_between_its_points_and_exact_on_them(value: str, expected: float) -> None:
    found = amount(TABLE, cut=value)
    assert found == (expected if value in SIZES else pytest.approx(expected, abs=1e-15))


@given(st.floats(0.1, 0.8))
def test_a_table_agrees_with_the_line_through_its_points(value: float) -> None:
    points = [(0.0, 0.0), (0.25, -0.3), (0.5, -0.6), (0.8, -0.8)]
    (x0, y0), (x1, y1) = next(pair for pair in pairwise(points) if pair[0][0] <= value <= pair[1][0])
    assert amount(TABLE, cut=value) == pytest.approx(y0 + (y1 - y0) * (value - x0) / (x1 - x0), abs=1e-14)


def test_the_order_of_a_table_does_not_matter() -> None:
    turned = TableRule.of("cut", {text: parse_shift(SIZES[text]) for text in reversed(SIZES)})
    assert turned == TABLE


def test_a_table_may_hold_tables_by_tenor() -> None:
    rows = {"0%": {"1Y": "+0bp", "10Y": "+0bp"}, "80%": {"1Y": "-80bp", "10Y": "-40bp"}}
    table = TableRule.of("cut", {text: TenorTable.of(row) for text, row in rows.items()})
    plain = plain_shift(table, DRIVERS)
    assert isinstance(plain, TenorTable)
    assert [shift.amount for shift in plain.shifts] == pytest.approx([-0.005, -0.0025], abs=1e-16)
    assert [part for part, _ in stated_shifts(table)] == [
        "table.0%.1Y", "table.0%.10Y", "table.80%.1Y", "table.80%.10Y",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("slope", "expected", "shift_type"),
    [
        ("-1.2%", -0.6, ShiftType.RELATIVE),
        ("+6bp", 0.03, ShiftType.ABSOLUTE),
        ("-0.1vol", -0.05, ShiftType.ABSOLUTE),
    ],
)
def test_a_slope_counts_the_points_of_the_driver(slope: str, expected: float, shift_type: ShiftType) -> None:
    plain = plain_shift(SlopeRule("cut", parse_shift(slope)), DRIVERS)
    assert plain == Shift(shift_type, pytest.approx(expected, abs=1e-16), parse_shift(slope).unit)


@pytest.mark.parametrize("power", [0.0, 0.5, 0.8, 1.0, 1.3, -0.4])
@pytest.mark.parametrize("value", ["-90%", "-30%", "0%", "50%"])
def test_an_elasticity_is_a_power_of_the_ratio(power: float, value: str) -> None:
    x = FALL.with_value(value).value
    found = amount(ElasticityRule("fall", power), fall=value)
    assert found == pytest.approx((1.0 + x) ** power - 1.0, rel=1e-14, abs=1e-15)
    if power == 1.0:
        assert found == x
    if value == "0%" or power == 0.0:
        assert found == 0.0


def test_an_elasticity_may_be_a_driver() -> None:
    rule = ElasticityRule("fall", "power")
    assert amount(rule) == pytest.approx(math.pow(0.7, 0.8) - 1.0, rel=1e-14)
    assert amount(rule, power=0.0) == 0.0
    assert rule.names() == ("fall", "power")


def test_cases_turn_the_sign_and_may_depend_on_another_driver() -> None:
    rule = CaseRule("cause", {"discipline": parse_shift("+10%"), "demand_failure": TABLE})
    assert amount(rule) == 0.1
    assert amount(rule, cause="demand_failure", cut="80%") == -0.8
    assert rule.names() == ("cause", "cut")
    assert [part for part, _ in stated_shifts(rule)][:2] == [
        "cases.discipline",
        "cases.demand_failure.table.0%",
    ]


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (
            SlopeRule("cot", parse_shift("-1%")),
            "driver: error[ST328] driver 'cot'; expected a driver of the scenario",
        ),
        (TableRule.of("cause", {"0%": parse_shift("-1%"), "1%": parse_shift("-2%")}), "is a choice"),
        (TableRule.of("cut", {"20%": parse_shift("-1%"), "80%": parse_shift("-2%")}), "range, 10% to 80%"),
        (TableRule.of("cut", {"0": parse_shift("-1%"), "80%": parse_shift("-2%")}), "points in the unit"),
        (TableRule.of("cut", {"0%": parse_shift("-1%"), "80%": parse_shift("-2bp")}), "shifts of one type"),
        (
            TableRule.of("cut", {"0%": parse_shift("-1%"), "80%": TenorTable.of({"1Y": "-2%"})}),
            "shifts of one type",
        ),
        (SlopeRule("cause", parse_shift("-1%")), "a slope over cause, which is a choice"),
        (SlopeRule("cut", parse_shift("x0.4")), "a slope that is no amount"),
        (SlopeRule("cut", parse_shift("=4%")), "a slope that is no amount"),
        (ElasticityRule("cause", 1.0), "an elasticity over cause, which is a choice"),
        (ElasticityRule("power", 1.0), "a number like 0.8; expected a number driver in %"),
        (ElasticityRule("fall", "cut"), "without a unit"),
        (ElasticityRule("fall", "pover"), "elasticity: error[ST328] driver 'pover'"),
        (CaseRule("cut", {"a": parse_shift("-1%")}), "cases over cut, which is a number"),
        (CaseRule("cause", {"discipline": parse_shift("-1%")}), "no case for 'demand_failure'"),
        (
            CaseRule("cause", dict.fromkeys(("discipline", "demand_failure", "demand"), parse_shift("-1%"))),
            "cases.demand: error[ST332] case 'demand'",
        ),
        (
            CaseRule(
                "cause", dict.fromkeys(("discipline", "demand_failure"), SlopeRule("x", parse_shift("-1%")))
            ),
            "cases.discipline.driver: error[ST328] driver 'x'",
        ),
    ],
)
def test_what_cannot_depend_so(shift: StatedShift, words: str) -> None:
    assert any(words in problem for problem in problems(shift)), problems(shift)


def test_an_elasticity_needs_a_kind_that_moves_in_ratios_and_a_range_above_minus_one() -> None:
    assert "a kind that moves in ratios" in problems(ElasticityRule("fall", 1.0), "zero_rate")[0]
    free = NumberDriver("fall", -0.3, -1.0, 0.5, "%")
    ((part, problem),) = rule_problems(ElasticityRule("fall", 1.0), {"fall": free}, "spot")
    assert part == "driver"
    assert "a range above -100%" in problem.format()


def test_a_plain_shift_depends_on_nothing() -> None:
    assert problems(parse_shift("-5%")) == []
    assert plain_shift(parse_shift("-5%"), {}) == parse_shift("-5%")


@pytest.mark.parametrize("rows", [{"0%": "-1%"}, {"50%": "-1%", "0.5": "-2%"}])
def test_a_table_needs_two_points_that_differ(rows: dict[str, str]) -> None:
    with pytest.raises(QuantityError) as error:
        TableRule.of("cut", {text: parse_shift(shift) for text, shift in rows.items()})
    assert error.value.code == "ST332"
