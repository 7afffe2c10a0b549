"""Drivers and the shifts that depend on them, as files write them."""

from __future__ import annotations

import pytest

from stresstest.errors import InputError, Location
from stresstest.quantity import parse_shift
from stresstest.scenarios.distributions import Discrete, Normal, Triangular, Uniform
from stresstest.scenarios.drivers import ChoiceDriver, NumberDriver
from stresstest.scenarios.loading import parse_scenario
from stresstest.scenarios.rules import CaseRule, ElasticityRule, SlopeRule, TableRule
from stresstest.scenarios.scenario import Scenario

DRIVEN = """\
version: 1
name: collapse
horizon: 12m
drivers:
  capex_cut:
    value: 50%
    range: [10%, 80%]
    distribution: {triangular: {low: 20%, mode: 50%, high: 80%}}
    description: Part of the planned spending that is not made.
  cause: {value: discipline, choices: [discipline, demand_failure], distribution: {choices: {discipline: 40%, demand_failure: 60%}}}
  power: {value: 0.8, range: [0, 3], unit: per cent of demand per cent of price, distribution: {normal: {mean: 1, standard_deviation: 0.5}}}
  price: {value: -30%, range: [-90%, 0%], distribution: {uniform: {low: -50%, high: -10%}}}
shocks:
  - select: {theme: ai_accelerators}
    factor: spot
    shift: {driver: capex_cut, table: {0%: 0%, 25%: -30%, 50%: -60%, 80%: -80%}}
  - {select: {curve: USD}, factor: zero_rate, shift: {driver: capex_cut, table: {0%: {1Y: +0bp}, 80%: {1Y: -80bp}}}}
  - {select: {rating: B}, factor: credit_spread, shift: {driver: capex_cut, slope: +6bp}}
  - {select: {issuer: KO}, factor: spot, shift: {driver: price, elasticity: power}}
  - {select: {issuer: AMD}, factor: spot, shift: {driver: price, elasticity: 0.8}}
  - select: {issuer: META}
    factor: spot
    shift: {driver: cause, cases: {discipline: +10%, demand_failure: {driver: capex_cut, slope: -0.4%}}}
"""  # noqa: E501


def read() -> Scenario:
    return parse_scenario(DRIVEN, "s.yaml")


def errors(old: str, new: str) -> list[str]:
    assert old in DRIVEN
    with pytest.raises(InputError) as error:
        parse_scenario(DRIVEN.replace(old, new), "s.yaml")
    return [problem.format() for problem in error.value.problems]


def test_drivers_are_read_with_range_distribution_and_place() -> None:
    cut, cause, power, price = read().drivers
    assert cut == NumberDriver(
        *("capex_cut", 0.5, 0.1, 0.8, "%", "", Triangular(0.2, 0.5, 0.8)),
        "Part of the planned spending that is not made.",
        Location("s.yaml", 5, 3),
    )
    assert isinstance(cause, ChoiceDriver)
    assert cause.distribution == Discrete({"discipline": 0.4, "demand_failure": 0.6})
    assert isinstance(power, NumberDriver)
    assert power.measure == "per cent of demand per cent of price"
    assert (power.unit, power.distribution) == ("", Normal(1.0, 0.5))
    assert isinstance(price, NumberDriver)
    assert price.distribution == Uniform(-0.5, -0.1)


def test_shifts_depend_on_drivers_in_four_ways() -> None:
    table, by_tenor, slope, named, number, cases = (shock.shift for shock in read().shocks)
    assert isinstance(table, TableRule)
    assert table.texts == ("0%", "25%", "50%", "80%")
    assert isinstance(by_tenor, TableRule)
    assert slope == SlopeRule("capex_cut", parse_shift("+6bp"))
    assert named == ElasticityRule("price", "power")
    assert number == ElasticityRule("price", 0.8)
    assert cases == CaseRule(
        "cause",
        {"discipline": parse_shift("+10%"), "demand_failure": SlopeRule("capex_cut", parse_shift("-0.4%"))},
    )


def test_every_part_of_a_shift_has_its_place() -> None:
    shock = read().shocks[0]
    assert shock.at("shift.table.50%") == Location("s.yaml", 16, 64)
    assert shock.at("shift.driver") == Location("s.yaml", 16, 21)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "range: [10%, 80%]",
            "choices: [a, b]",
            "s.yaml:6:5: error[ST331] the distribution of a number for choices",
        ),
        ("    range: [10%, 80%]\n", "", "error[ST331] a driver with neither range nor choices"),
        (
            "range: [10%, 80%]",
            "range: [10%, 80%]\n    choices: [a]",
            "error[ST331] a driver with both a range and choices",
        ),
        (
            "range: [10%, 80%]",
            "range: [10bp, 80bp]",
            "error[ST331] a value 50% with a range from 10bp to 80bp; expected one unit",
        ),
        ("range: [10%, 80%]", "range: [10%]", "at least this many entries: 2"),
        ("slope: +6bp", "slope: 6", "s.yaml:18:84: error[ST158] shock 6 without a unit"),
        (
            "slope: +6bp",
            "slope: +6bp, elasticity: 1",
            "error[ST332] a shift over driver capex_cut with slope and elasticity",
        ),
        (
            "{driver: capex_cut, slope: +6bp}",
            "{driver: capex_cut}",
            "with nothing more; expected exactly one of table, slope",
        ),
        ("{driver: capex_cut, slope: +6bp}", "{slope: +6bp}", "error[ST151] missing field 'driver'"),
        ("slope: +6bp", "slop: +6bp", "s.yaml:18:77: error[ST150] unknown field 'slop'"),
        ("50%: -60%", "50%: -60", "s.yaml:16:64: error[ST158] shock -60 without a unit"),
        ("triangular: {low: 20%", "triangle: {low: 20%", "did you mean 'triangular'?"),
        ("discipline: 40%", "discipline: 0.4", "did you mean '40%'?"),
        (
            "{uniform: {low: -50%, high: -10%}}",
            "{choices: {a: 50%, b: 50%}}",
            "probabilities of choices for a number",
        ),
        ("discipline: +10%", "discipline: 10%", "without a sign"),
    ],
)
def test_what_a_file_may_not_say(old: str, new: str, expected: str) -> None:
    assert any(expected in line for line in errors(old, new)), errors(old, new)
