"""Scenarios that spread over their horizon: dates, levels on the way, values, events, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.fixtures.books import BOND, OPTION, instrument, portfolio
from tests.fixtures.books import small_market as book_market
from tests.scenarios.markets import LEVELS, key
from tests.scenarios.test_paths import FALL, NVDA, compiled, messages, path, row

import stresstest as st
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.measures.paths import value_path
from stresstest.quantity import parse_horizon
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.event import Default, Event, Halt
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.linear import MOST_STEPS, fraction_on, linear_steps
from stresstest.scenarios.loading import parse_scenario
from stresstest.scenarios.scenario import Include, Scenario, ScenarioSet, Shock, Step
from stresstest.scenarios.selectors import Selector
from stresstest.scenarios.shifts import shifted_level

AS_OF = date(2025, 10, 3)
UP = Shock.of("zero_rate", {"1Y": "+60bp", "10Y": "+120bp"}, curve="USD")


def spread(*shocks: Shock, horizon: str = "12m", **fields: object) -> Scenario:
    return Scenario("linear", shocks, horizon, timing="linear", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("horizon", "count", "second"),
    [
        ("1d", 1, None),
        ("10d", 10, date(2025, 10, 5)),
        ("33d", 5, date(2025, 10, 17)),
        ("4w", 4, date(2025, 10, 17)),
        ("1m", 5, date(2025, 10, 17)),
        ("12m", 12, date(2025, 12, 3)),
        ("2y", 24, date(2025, 12, 3)),
        ("27m", 14, date(2026, 2, 3)),
        ("10y", 20, date(2026, 10, 3)),
        ("100y", 20, date(2035, 10, 3)),
    ],
)
def test_steps_are_as_long_as_the_horizon_asks_for(horizon: str, count: int, second: date | None) -> None:
    steps = linear_steps(parse_horizon(horizon), AS_OF)
    assert len(steps) == count
    assert second is None or steps[1].day == second


@given(some.integers(1, 600), some.sampled_from("dwm"))
def test_dates_and_parts_grow_to_the_whole(number: int, unit: str) -> None:
    steps = linear_steps(parse_horizon(f"{number}{unit}"), AS_OF)
    assert 1 <= len(steps) <= MOST_STEPS
    assert steps[-1].fraction == 1.0
    days = [AS_OF, *(step.day for step in steps)]
    parts = [0.0, *(step.fraction for step in steps)]
    assert all(one < other for one, other in pairwise(days))
    assert all(one < other for one, other in pairwise(parts))
    assert np.ptp(np.diff(parts)[:-1]) < 1e-12 if len(steps) > 2 else True


def test_the_part_on_a_day_is_that_of_the_last_date_before() -> None:
    steps = linear_steps(parse_horizon("12m"), AS_OF)
    assert fraction_on(steps, date(2025, 11, 2)) == 0.0
    assert fraction_on(steps, date(2026, 1, 31)) == 3 / 12
    assert fraction_on(steps, date(2030, 1, 1)) == 1.0


def test_moves_are_linear_in_the_change_space_of_each_kind() -> None:
    result = compiled(spread(FALL, UP))
    moved = row(result, "spot/NVDA")[2::2]
    assert moved == pytest.approx([NVDA * 0.6 ** (k / 12) for k in range(1, 13)], rel=1e-13)
    rates = row(result, "zero_rate/USD/10Y")[2::2]
    assert rates == pytest.approx([LEVELS["zero_rate/USD/10Y"] + 0.012 * k / 12 for k in range(1, 13)])
    assert result.columns.table.stage[1:] == ("aged", "direct") * 12


def test_each_date_is_the_scenario_of_today_at_that_part_of_its_severity() -> None:
    floor = Shock.of("credit_spread", "-60bp", floor="0.2%", issuer="NVDA")
    lines = (FALL, UP, floor, Shock.of("spot", "=80", issuer="KO"))
    result = compiled(spread(*lines, horizon="3m"), severity=1.5)
    for number in range(1, 4):
        today = compiled(Scenario("today", lines, "3m"), severity=1.5 * (number / 3))
        for name, found in today.columns.moved.items():
            assert row(result, str(name))[2 * number] == found[1], name
    assert min(row(result, "credit_spread/NVDA")) == 0.002


def test_the_account_is_that_of_the_whole_move() -> None:
    result = compiled(spread(FALL, UP))
    today = compiled(Scenario("linear", (FALL, UP), "12m"))
    assert result.effects == today.effects
    assert result.dates["linear"][0] == AS_OF
    assert len(result.dates["linear"]) == 13


def test_one_step_is_a_path_of_one_step() -> None:
    linear = compiled(spread(FALL, UP, horizon="1d"))
    stepped = compiled(path(Step.of("1d", FALL, UP), name="linear"))
    assert linear.columns.table.stage == stepped.columns.table.stage
    assert linear.columns.elapsed_years == stepped.columns.elapsed_years
    assert {name: levels.tolist() for name, levels in linear.columns.moved.items()} == {
        name: levels.tolist() for name, levels in stepped.columns.moved.items()
    }


HELD = portfolio(
    [
        ("share", instrument("equity", issuer="ACME"), 100.0),
        ("bolt", instrument("equity", issuer="BOLT"), 100.0),
        ("bond", instrument("fixed_bond", **{**BOND, "issuer": "BOLT"}), 1_000.0),
        ("option", instrument("european_option", **OPTION), 10.0),
        ("money", instrument("cash", currency="USD"), 1_000.0),
    ]
)
CRASH = Shock.of("spot", "-30%", issuer="ACME")


def valued(scenario: Scenario) -> st.Stress:
    return st.stress(HELD, ScenarioSet((scenario,)), book_market())


def test_shares_end_where_a_scenario_of_today_puts_them() -> None:
    linear = valued(spread(CRASH)).result.portfolios[0]
    today = valued(Scenario("linear", (CRASH,), "12m")).result.portfolios[0]
    assert linear.position_value[0, -1] == today.position_value[0, -1]
    assert linear.position_value[1, -1] == today.position_value[1, -1]


def test_without_a_shock_there_is_only_carry() -> None:
    stress = valued(spread(Shock.of("spot", "+0%", issuer="ACME")))
    found = value_path(stress.result.portfolios[0], stress.compiled.columns, "linear")
    assert found is not None
    assert len(found.dates) == 13
    assert found.shock.tolist() == [0.0] * 13
    assert np.any(found.carry != 0.0)
    still = valued(path(*(Step.of(f"{month}m") for month in range(1, 13)), name="still"))
    other = value_path(still.result.portfolios[0], still.compiled.columns, "still")
    assert other is not None
    assert other.after.tolist() == found.after.tolist()


def test_at_severity_0_there_is_only_carry() -> None:
    stress = st.stress(HELD, ScenarioSet((spread(CRASH),)), book_market(), severity=0.0)
    found = value_path(stress.result.portfolios[0], stress.compiled.columns, "linear")
    assert found is not None
    assert found.shock.tolist() == [0.0] * 13


def event(what: Default | Halt, at: float = 1.0) -> Event:
    return Event(Selector.of(issuer="BOLT"), what, at)


def test_an_event_happens_on_the_date_on_which_its_severity_is_reached() -> None:
    fall = Shock.of("spot", "-60%", issuer="BOLT")
    scenario = spread(fall, horizon="10d", events=(event(Default({"senior_unsecured": 0.3}), at=0.75),))
    stress = valued(scenario)
    found = stress.result.portfolios[0].position_value
    after = found[1, 2::2]
    assert np.all(after[:7] > 0.0)
    assert after[7:].tolist() == [0.0] * 3
    assert found[2, 2::2][7:] == pytest.approx([300.0] * 3, abs=1.0)
    assert np.all(found[2, 2::2][:7] > 500.0)


def test_a_halted_price_stays_where_the_date_before_left_it() -> None:
    fall = Shock.of("spot", "-60%", issuer="BOLT")
    market = with_event_factors(book_market(), ScenarioSet(()))
    halted = compile_scenarios(
        ScenarioSet((spread(fall, horizon="10d", events=(event(Halt(), at=0.5),)),)), market
    )
    free = compile_scenarios(ScenarioSet((spread(fall, horizon="10d"),)), market)
    seen, lines = row(halted, "spot/BOLT")[2::2], row(free, "spot/BOLT")[2::2]
    assert seen[:4] == lines[:4]
    assert seen[4:] == [lines[3]] * 6


def test_parts_spread_with_the_whole() -> None:
    part = Scenario("part", (FALL,), "12m")
    whole = spread(UP, horizon="3m", include=(Include(part, 0.5), Include(replace(spread(), name="more"))))
    assert (
        "which spreads over its horizon, included in linear" in messages(replace(whole, timing="instant"))[0]
    )
    result = compiled(whole)
    assert row(result, "spot/NVDA")[2::2] == pytest.approx([NVDA * 0.6 ** (0.5 * k / 3) for k in (1, 2, 3)])


def test_steps_and_paths_do_not_spread() -> None:
    assert "timing linear with steps" in messages(spread(FALL, steps=(Step.of("1m", FALL),)))[0]
    part = path(Step.of("1m", FALL), name="part")
    assert messages(spread(UP, include=(Include(part),))) == [
        "error[ST450] scenario part with steps, included in linear, which spreads over its horizon; "
        "expected a part without steps, or timing: path here"
    ]


def test_every_kind_can_be_spread() -> None:
    for name in LEVELS:
        kind = FACTOR_KINDS[key(name).kind]
        if kind.name == "default_state":
            continue
        text = "-5%" if kind.relative_allowed else f"+1{kind.units[0]}"
        shock = Shock.of(kind.name, text, name=key(name).name)
        result = compiled(spread(shock, horizon="2m"))
        half, whole = (
            shifted_level(kind, LEVELS[name], shock.shift, part).level  # type: ignore[arg-type]
            for part in (0.5, 1.0)
        )
        assert row(result, name)[2::2] == [half, whole]


def test_what_propagates_does_so_at_each_date() -> None:
    market = st.load_market("2025-10-03")
    text = (
        "version: 1\nname: a\nhorizon: 2m\ntiming: {}\npropagate: {{regime: stressed}}\nshocks:\n"
        "  - {{select: {{issuer: NVDA}}, factor: spot, shift: -40%}}\n"
    )
    linear = compile_scenarios(ScenarioSet((parse_scenario(text.format("linear")),)), market)
    for column, severity in ((2, 0.5), (4, 1.0)):
        today = compile_scenarios(
            ScenarioSet((parse_scenario(text.format("instant")),)), market, severity
        ).columns.moved
        assert len(today) > 500
        for name, levels in today.items():
            assert linear.columns.moved[name][column] == levels[1]
    assert linear.columns.table.stage[2] == "propagated"
