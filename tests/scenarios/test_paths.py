"""Scenarios with steps: where each takes the factors, and the columns that they become."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.scenarios.markets import LEVELS, key, small_market

from stresstest.errors import InputError
from stresstest.scenarios.direct import CompiledScenarios, compile_scenarios
from stresstest.scenarios.effects import DIRECT
from stresstest.scenarios.histories import previous_columns
from stresstest.scenarios.loading import parse_scenario
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock, Step

MARKET = small_market()
AS_OF = MARKET.as_of
NVDA = LEVELS["spot/NVDA"]

FALL = Shock.of("spot", "-40%", issuer="NVDA")
FALL_ON = Shock.of("spot", "-20%", issuer="NVDA")
RISE = Shock.of("spot", "+50%", issuer="NVDA")


def path(*steps: Step, today: tuple[Shock, ...] = (), name: str = "path", **fields: object) -> Scenario:
    return Scenario(name, today, "12m", timing="path", steps=steps, **fields)  # type: ignore[arg-type]


def compiled(*scenarios: Scenario, severity: float = 1.0) -> CompiledScenarios:
    return compile_scenarios(ScenarioSet(scenarios), MARKET, severity)


def row(result: CompiledScenarios, text: str) -> list[float]:
    """Return the levels of a factor in all columns."""
    columns = result.columns
    bound = columns.bind([key(text)])
    parts = [
        bound.chunk(number, 0, high - low)[0]
        for number in range(columns.table.n_slices)
        for low, high in [columns.table.slice_bounds(number)]
    ]
    return np.concatenate(parts).tolist()


def messages(*scenarios: Scenario, severity: float = 1.0) -> list[str]:
    with pytest.raises(InputError) as error:
        compiled(*scenarios, severity=severity)
    return [problem.format() for problem in error.value.problems]


def test_each_step_moves_on_from_the_one_before() -> None:
    result = compiled(path(Step.of("3m", FALL), Step.of("12m", RISE)))
    assert result.columns.table.stage == ("base", "aged", "direct", "aged", "direct")
    low = NVDA * 0.6
    assert row(result, "spot/NVDA") == [NVDA, NVDA, low, low, low * 1.5]
    assert result.columns.elapsed_years == (0.0, 92 / 365, 1.0)
    assert previous_columns(result.columns.table).tolist() == [0, 0, 1, 2, 3]


def test_shocks_of_today_come_first() -> None:
    result = compiled(path(Step.of("3m", RISE), today=(FALL,)))
    assert row(result, "spot/NVDA") == [NVDA, NVDA * 0.6, NVDA * 0.6, NVDA * 0.6 * 1.5]
    assert result.columns.table.slice.tolist() == [0, 0, 1, 1]


def test_absolute_moves_add_up_and_untouched_factors_stay() -> None:
    up = Shock.of("zero_rate", {"1Y": "+50bp", "10Y": "+100bp"}, curve="USD")
    result = compiled(path(Step.of("1m", up, FALL), Step.of("2m", up), Step.of("3m")))
    assert row(result, "zero_rate/USD/10Y")[2::2] == pytest.approx([0.0513, 0.0613, 0.0613], rel=1e-15)
    assert set(row(result, "spot/NVDA")[2:]) == {NVDA * 0.6}


def test_a_stated_level_is_reached_whatever_came_before() -> None:
    level = Shock.of("zero_rate", "=1%", curve="USD", tenor="10Y")
    up = Shock.of("zero_rate", "+100bp", curve="USD")
    result = compiled(path(Step.of("1m", up), Step.of("2m", level)))
    assert row(result, "zero_rate/USD/10Y")[-1] == 0.01


def test_severity_keeps_the_shape_of_a_path() -> None:
    """A relative move becomes a power; a stated level is approached from today's."""
    level = Shock.of("zero_rate", "=1%", curve="USD", tenor="10Y")
    up = Shock.of("zero_rate", "+100bp", curve="USD")
    steps = (Step.of("1m", up, FALL), Step.of("2m", level, FALL_ON))
    half = compiled(path(*steps), severity=0.5)
    assert row(half, "spot/NVDA")[2::2] == pytest.approx([NVDA * 0.6**0.5, NVDA * 0.48**0.5], rel=1e-14)
    assert row(half, "zero_rate/USD/10Y")[2::2] == pytest.approx([0.0463, 0.0413 - 0.0313 / 2], rel=1e-14)
    nothing = compiled(path(*steps), severity=0.0)
    assert row(nothing, "spot/NVDA") == [NVDA] * 5
    assert not nothing.columns.moved


def test_a_fund_follows_its_constituents_along_the_path() -> None:
    result = compiled(path(Step.of("3m", FALL), Step.of("12m", RISE)))
    spy = LEVELS["spot/SPY"]
    assert row(result, "spot/SPY")[2::2] == pytest.approx([spy * 0.968, spy * (1 - 0.08 * 0.1)], rel=1e-14)


def test_a_line_that_names_a_fund_moves_it_from_where_its_link_left_it() -> None:
    result = compiled(path(Step.of("3m", FALL), Step.of("12m", Shock.of("spot", "-10%", issuer="SPY"))))
    assert row(result, "spot/SPY")[-1] == pytest.approx(LEVELS["spot/SPY"] * 0.968 * 0.9, rel=1e-14)


def test_a_stated_fund_keeps_its_distance_from_its_constituents() -> None:
    stated = Shock.of("spot", "-10%", issuer="SPY")
    result = compiled(path(Step.of("3m", FALL, stated), Step.of("12m", RISE), Step.of("13m")))
    spy = LEVELS["spot/SPY"]
    expected = [spy * 0.9, spy * 0.9 * 0.992 / 0.968]
    assert row(result, "spot/SPY")[2:5:2] == pytest.approx(expected, rel=1e-14)
    assert row(result, "spot/SPY")[6] == row(result, "spot/SPY")[4]


def test_company_changes_no_level_of_a_path() -> None:
    one = path(Step.of("3m", FALL), Step.of("12m", RISE), name="one")
    other = path(Step.of("6m", FALL_ON), Step.of("12m", FALL), name="other")
    today = Scenario("today", (FALL,), "1d")
    both = compiled(other, today, one)
    table = both.columns.table
    assert table.scenario[:2] == ("base", "today")
    assert both.columns.elapsed_years == (0.0, 92 / 365, 182 / 365, 1.0, 1.0)
    together = np.array(row(both, "spot/NVDA"))
    for scenario in (one, other):
        alone = np.array(row(compiled(scenario), "spot/NVDA"))[1:]
        assert together[table.columns_of(scenario.name)].tolist() == alone.tolist()


def test_lines_are_numbered_through_and_say_their_step() -> None:
    effects = compiled(path(Step.of("3m", RISE), Step.of("6m", FALL_ON), today=(FALL,))).effects
    direct = [effect for effect in effects if effect.reason == DIRECT]
    assert [(effect.line, effect.step) for effect in direct] == [(1, 0), (2, 1), (3, 2)]
    assert [effect.base for effect in direct] == [NVDA, NVDA * 0.6, NVDA * 0.6 * 1.5]
    assert direct[2].level == NVDA * 0.6 * 1.5 * 0.8
    assert [effect.step for effect in effects if effect.factor == key("spot/SPY")] == [0, 1, 2]


def test_a_floor_holds_at_every_step() -> None:
    fall = Shock.of("zero_rate", "-250bp", floor="0.1%", curve="USD")
    result = compiled(path(Step.of("1m", fall), Step.of("2m", fall)))
    assert row(result, "zero_rate/USD/10Y")[2::2] == pytest.approx([0.0163, 0.001], rel=1e-14)
    assert [warning.message for warning in result.warnings if "floor" in warning.message]


def test_what_is_wrong_in_a_step_is_told_with_its_line() -> None:
    twice = Shock.of("spot", "-100%", issuer="NVDA")
    found = messages(path(Step.of("1m", FALL), Step.of("2m", twice, Shock.of("spot", "-5%", issuer="XX"))))
    assert any("ST305" in text for text in found)
    assert any("shock 3" in text or "XX" in text for text in found)


def test_steps_follow_one_another_in_time() -> None:
    found = messages(path(Step.of("6m", FALL), Step.of("3m", RISE)))
    assert found == [
        "error[ST450] step on 2026-01-03 of scenario path; "
        "expected a date after the date of the step before, 2026-04-03"
    ]
    found = messages(path(Step.of(AS_OF, FALL)))
    assert "a date after the market's date, 2025-10-03" in found[0]


def test_steps_and_timing_belong_together() -> None:
    assert "ST301" in messages(Scenario("a", (FALL,), "12m", timing="path"))[0]
    assert "ST301" in messages(Scenario("a", (FALL,), "12m", steps=(Step.of("1m", FALL),)))[0]


def test_a_run_has_a_limited_number_of_dates() -> None:
    long = path(*(Step.of(f"{week}w") for week in range(1, 65)))
    assert messages(long)[0].startswith("error[ST451] 64 dates of steps of path; expected less than 64")
    assert compiled(path(*(Step.of(f"{week}w") for week in range(1, 64)))).columns.table.n_slices == 64


YAML = """\
version: 1
name: two_steps
horizon: 2y
timing: path
drivers:
  depth: {value: 40%, range: [20%, 60%]}
steps:
  - after: 3m
    title: the fall
    shocks:
      - {select: {issuer: NVDA}, factor: spot, shift: {driver: depth, slope: -1%}}
  - date: 2027-10-03
"""


def test_steps_are_read_from_a_file_with_their_drivers() -> None:
    scenario = parse_scenario(YAML, "two.yaml")
    first, second = scenario.steps
    assert (first.title, first.day(AS_OF), second.day(AS_OF)) == (
        "the fall",
        date(2026, 1, 3),
        date(2027, 10, 3),
    )
    assert first.shocks[0].at("shift").line == 11
    assert row(compiled(scenario), "spot/NVDA")[2] == pytest.approx(NVDA * 0.6, rel=1e-15)
    deeper = scenario.with_drivers(depth="60%")
    assert row(compiled(deeper), "spot/NVDA")[2] == pytest.approx(NVDA * 0.4, rel=1e-15)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{after: 3m, date: 2026-01-03}", "ST450] a step with both after and date; expected exactly one"),
        ("{title: later}", "ST450] a step without a time"),
        ("{after: 3}", "ST161"),
        ("{date: 2026/01/03}", "ST156"),
        ("{after: 3m, shock: []}", "did you mean 'shocks'?"),
    ],
)
def test_a_malformed_step_is_refused(line: str, message: str) -> None:
    text = f"version: 1\nname: a\nhorizon: 1y\ntiming: path\nsteps:\n  - {line}\n"
    with pytest.raises(InputError) as error:
        parse_scenario(text, "a.yaml")
    assert message in error.value.problems[0].format()
