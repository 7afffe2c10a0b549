"""Paths of several scenarios: parts joined date by date, steps on top, events of later dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.fixtures.books import BOND, instrument, portfolio
from tests.scenarios.markets import LEVELS, small_market
from tests.scenarios.test_eventful import MARKET as EVENT_MARKET
from tests.scenarios.test_paths import FALL, NVDA, RISE, compiled, messages, path, row

import stresstest as st
from stresstest.market.keys import RiskFactorKey
from stresstest.measures.paths import value_path
from stresstest.scenarios.direct import CompiledScenarios, compile_scenarios
from stresstest.scenarios.event import Default, DividendCut, Downgrade, Event, Halt
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.loading import parse_scenario
from stresstest.scenarios.scenario import Include, Propagation, Scenario, ScenarioSet, Shock, Step
from stresstest.scenarios.selectors import Selector

AS_OF = small_market().as_of
KO = LEVELS["spot/KO"]
KO_FALL = Shock.of("spot", "-20%", issuer="KO")
CRISIS = path(Step.of("3m", FALL), Step.of("12m", RISE), name="crisis")


def whole(*include: Include, steps: tuple[Step, ...] = (), **fields: object) -> Scenario:
    return path(*steps, name="whole", include=include, **fields)


def levels(result: CompiledScenarios, name: str) -> list[float]:
    """Return the levels of a factor after the shocks of each later date."""
    return row(result, name)[2::2] if result.columns.table.slice[1] else row(result, name)[3::2]


def test_a_path_that_includes_one_path_is_that_path_bit_for_bit() -> None:
    index = Shock.of("spot", "-10%", name="SPY")
    floor = Shock.of("zero_rate", "-400bp", floor="1%", curve="USD")
    part = path(Step.of("3m", FALL, index), Step.of("6m", RISE, floor), Step.of("9m"), name="part")
    alone, inside = compiled(replace(part, name="whole")), compiled(whole(Include(part)))
    assert alone.columns.elapsed_years == inside.columns.elapsed_years
    assert {key: levels.tolist() for key, levels in alone.columns.moved.items()} == {
        key: levels.tolist() for key, levels in inside.columns.moved.items()
    }
    without_owner = [effect._replace(location=None) for effect in inside.effects]
    assert without_owner == [effect._replace(location=None) for effect in alone.effects]


def test_steps_are_merged_by_date() -> None:
    other = path(Step.of("6m", KO_FALL), name="other")
    result = compiled(whole(Include(CRISIS), Include(other), steps=(Step.of("9m", KO_FALL),)))
    assert result.dates["whole"] == (AS_OF, *(date(2026, month, 3) for month in (1, 4, 7, 10)))
    assert levels(result, "spot/NVDA") == [NVDA * 0.6, NVDA * 0.6, NVDA * 0.6, NVDA * 0.6 * 1.5]
    assert levels(result, "spot/KO") == [KO, KO * 0.8, KO * 0.8 * 0.8, KO * 0.8 * 0.8]


def test_severity_of_a_part_scales_its_steps() -> None:
    result = compiled(whole(Include(CRISIS, 0.5)), severity=2.0)
    assert levels(result, "spot/NVDA") == [NVDA * 0.6, NVDA * 0.6 * 1.5]


def test_parts_go_their_own_ways_and_are_joined_factor_by_factor() -> None:
    other = path(Step.of("6m", Shock.of("spot", "-50%", issuer="NVDA")), name="other")
    parts = (Include(CRISIS), Include(other))
    joined = levels(compiled(whole(*parts, combine="compound")), "spot/NVDA")
    assert joined == pytest.approx([NVDA * 0.6, NVDA * 0.3, NVDA * 0.45], rel=1e-14)
    last = levels(compiled(whole(*parts, combine="override")), "spot/NVDA")
    assert last == [NVDA * 0.6, NVDA * 0.5, NVDA * 0.5]
    worst = levels(compiled(whole(*parts, combine="worst_of_factor")), "spot/NVDA")
    assert worst == [NVDA * 0.6, NVDA * 0.5, NVDA * 0.5]
    found = messages(whole(*parts))
    assert [text.split(" take ")[0] for text in found] == [
        f"error[ST336] shock {number} and shock 3" for number in (1, 2)
    ]


def test_own_steps_move_on_from_where_the_parts_have_come() -> None:
    own = (Step.of("6m", Shock.of("spot", "-10%", issuer="NVDA")),)
    found = levels(compiled(whole(Include(CRISIS), steps=own)), "spot/NVDA")
    assert found == pytest.approx([NVDA * 0.6, NVDA * 0.6 * 0.9, NVDA * 0.6 * 0.9 * 1.5], rel=1e-14)


def test_on_one_date_a_step_and_a_part_combine_as_the_path_says() -> None:
    own = (Step.of("3m", Shock.of("spot", "-10%", issuer="NVDA")),)
    parts = (Include(CRISIS),)
    assert "ST336" in messages(whole(*parts, steps=own))[0]
    found = {
        combine: levels(compiled(whole(*parts, steps=own, combine=combine)), "spot/NVDA")[0] / NVDA
        for combine in ("override", "compound", "worst_of_factor")
    }
    assert found == pytest.approx({"override": 0.9, "compound": 0.54, "worst_of_factor": 0.6}, rel=1e-14)


def test_today_s_parts_and_linear_parts_are_parts_of_a_path() -> None:
    today = Scenario("today", (KO_FALL,), "12m")
    slow = Scenario("slow", (Shock.of("zero_rate", "+60bp", curve="EUR"),), "3m", timing="linear")
    result = compiled(whole(Include(today), Include(slow), Include(CRISIS)))
    rate = LEVELS["zero_rate/EUR/10Y"]
    assert row(result, "spot/KO")[1:] == [KO * 0.8] * (len(row(result, "spot/KO")) - 1)
    expected = [rate + 0.006 * number / 3 for number in (0, 1, 2, 3, 3)]
    assert row(result, "zero_rate/EUR/10Y")[1::2] == pytest.approx(expected, rel=1e-14)
    assert [day.month for day in result.dates["whole"]] == [10, 11, 12, 1, 10]


def test_lines_of_parts_keep_their_numbers_and_tell_their_dates() -> None:
    own = (Step.of("6m", KO_FALL),)
    result = compiled(whole(Include(CRISIS), steps=own, today=(Shock.of("spot", "+1%", issuer="SAP"),)))
    stated = [(effect.line, effect.step) for effect in result.effects if effect.line]
    assert stated == [(1, 0), (2, 1), (4, 2), (3, 3)]


def test_a_part_of_today_leaves_the_levels_that_steps_move_on_from() -> None:
    crash = Scenario("crash", (FALL,), "12m")
    result = compiled(whole(Include(crash), steps=(Step.of("6m", RISE),)))
    assert row(result, "spot/NVDA") == [NVDA, NVDA * 0.6, NVDA * 0.6, NVDA * 0.6 * 1.5]


def test_another_propagation_of_a_part_is_told() -> None:
    part = Scenario("part", (FALL,), "12m", propagate=Propagation("stressed"))
    found = [
        warning.message for warning in compiled(Scenario("a", (), "12m", include=(Include(part),))).warnings
    ]
    assert found == ["includes part, which by itself propagates in regime stressed; here nothing propagates"]


def test_the_regime_of_the_whole_counts() -> None:
    text = "version: 1\nname: {}\nhorizon: 1m\npropagate: {{regime: {}}}\n"
    lines = "shocks:\n  - {select: {issuer: NVDA}, factor: spot, shift: -40%}\n"
    market = st.load_market("2025-10-03")
    calm, part = (parse_scenario(text.format(regime, regime) + lines) for regime in ("calm", "stressed"))
    inside = compile_scenarios(ScenarioSet((replace(calm, shocks=(), include=(Include(part),)),)), market)
    alone = compile_scenarios(ScenarioSet((calm,)), market)
    assert {key: found.tolist() for key, found in inside.columns.moved.items()} == {
        key: found.tolist() for key, found in alone.columns.moved.items()
    }
    (message,) = [warning.message for warning in inside.warnings if "includes" in warning.message]
    assert message == (
        "includes stressed, which by itself propagates in regime stressed; here propagates in regime calm"
    )
    same = compile_scenarios(
        ScenarioSet((replace(part, shocks=(), include=(Include(part),), name="b"),)), market
    )
    assert not [warning for warning in same.warnings if "includes" in warning.message]


def test_a_path_that_ends_off_its_horizon_says_so_with_both_lines() -> None:
    text = """\
version: 1
name: short
horizon: 24m
timing: path
steps:
  - after: 6m
    shocks:
      - {select: {issuer: NVDA}, factor: spot, shift: -40%}
"""
    found = [warning.message for warning in compiled(parse_scenario(text, "short.yaml")).warnings]
    assert found == [
        "the last step (short.yaml:6) is on 2026-04-03, the horizon of 24m (short.yaml:3) ends on "
        "2027-10-03: sizes are compared with history over the horizon"
    ]
    right = parse_scenario(text.replace("24m", "6m"), "short.yaml")
    assert compiled(right).warnings == ()
    beyond = parse_scenario(text.replace("24m", "3m"), "short.yaml")
    assert "ends on 2026-01-03" in compiled(beyond).warnings[0].message
    near = replace(right, steps=(replace(right.steps[0], when=date(2026, 4, 8)),))
    assert compiled(near).warnings == ()


BOLT_BOND = {**BOND, "issuer": "BOLT"}
HELD = portfolio(
    [
        ("share", instrument("equity", issuer="BOLT"), 100.0),
        ("bond", instrument("fixed_bond", **BOLT_BOND), 1_000.0),
        ("index", instrument("fund", issuer="INDEX"), 10.0),
    ]
)
BOLT_FALL = Shock.of("spot", "-50%", issuer="BOLT")
SECTOR_RISE = Shock.of("spot", "+80%", sector="energy")


def event(what: Default | Downgrade | DividendCut | Halt, at: float = 1.0, issuer: str = "BOLT") -> Event:
    return Event(Selector.of(issuer=issuer), what, at)


DEFAULT = event(Default({"senior_unsecured": 0.35}))


def in_market(scenario: Scenario, severity: float = 1.0) -> CompiledScenarios:
    set_ = ScenarioSet((scenario,))
    return compile_scenarios(set_, with_event_factors(EVENT_MARKET, set_), severity)


def problems(scenario: Scenario) -> list[str]:
    with pytest.raises(st.InputError) as error:
        in_market(scenario)
    return [problem.format() for problem in error.value.problems]


def test_a_default_at_a_step_leaves_nothing_from_then_on() -> None:
    scenario = path(
        Step.of("3m", BOLT_FALL), Step.of("6m", events=(DEFAULT,)), Step.of("12m", SECTOR_RISE), name="fails"
    )
    stress = st.stress(HELD, ScenarioSet((scenario,)), EVENT_MARKET)
    (held,) = stress.result.portfolios
    share, bond, _ = held.position_value
    table = stress.compiled.columns.table
    assert table.stage == ("base", *("aged", "direct") * 3)
    assert share[:2].tolist() == [share[0]] * 2
    assert share[2] == 0.5 * share[0]
    assert share[4:].tolist() == [0.0] * 3
    before, claim = bond[3], bond[4]
    coupons = bond[4] - 350.0
    assert 0.0 <= coupons < 60.0
    assert before > 800.0
    assert claim == 350.0 + coupons
    assert bond[6] == pytest.approx(claim, abs=2.0)
    assert np.all(bond[5:] >= claim)
    found = value_path(held, stress.compiled.columns, "fails")
    assert found is not None
    assert found.shock[2] == pytest.approx(
        (share[4] - share[3]) + (bond[4] - bond[3]) + held.position_value[2, 4] - held.position_value[2, 3]
    )


def test_a_default_carries_its_notice_whatever_the_step() -> None:
    scenario = path(Step.of("6m", events=(DEFAULT,)))
    assert scenario.names_defaults
    assert any("hypothetical" in warning.message for warning in in_market(scenario).warnings)
    assert Scenario("a", (), "12m", timing="path", include=(Include(scenario),)).names_defaults


def test_broader_lines_leave_a_share_in_default_and_naming_ones_are_refused() -> None:
    fails = Step.of("3m", events=(DEFAULT,))
    result = in_market(path(fails, Step.of("6m", SECTOR_RISE)))
    (late,) = [effect for effect in result.effects if effect.step == 2 and str(effect.factor) == "spot/BOLT"]
    assert (late.level, late.reason) == (0.0, "overruled by event 1")
    for again in (
        RISE_OF_BOLT,
        Shock.of("spot", "=10", name="BOLT"),
        Shock.of("default_state", "=0", name="BOLT"),
    ):
        (found,) = problems(path(fails, Step.of("6m", again)))
        assert "error[ST338] shock 2 moves" in found
        assert "in default since an earlier date" in found
    (found,) = problems(path(fails, Step.of("6m", events=(DEFAULT,))))
    assert "default of BOLT, in default since an earlier date" in found
    today = path(Step.of("6m", RISE_OF_BOLT), events=(DEFAULT,))
    assert "in default since an earlier date" in problems(today)[0]


RISE_OF_BOLT = Shock.of("spot", "+80%", issuer="BOLT")


def test_below_its_severity_an_event_of_a_step_does_nothing() -> None:
    scenario = path(Step.of("3m", events=(replace(DEFAULT, at_severity=0.8),)), Step.of("6m", SECTOR_RISE))
    assert levels(in_market(scenario, 0.79), "spot/BOLT")[0] == EVENT_MARKET.levels[_key("spot/BOLT")]
    assert levels(in_market(scenario, 0.8), "spot/BOLT") == [0.0, 0.0]


def _key(text: str) -> RiskFactorKey:
    return next(key for key in EVENT_MARKET.levels if str(key) == text)


def test_a_halt_holds_on_its_date_and_the_price_catches_up_at_the_next() -> None:
    halt = event(Halt())
    base = EVENT_MARKET.levels[_key("spot/BOLT")]
    scenario = path(
        Step.of("1m", RISE_OF_BOLT),
        Step.of("2m", BOLT_FALL, events=(halt,)),
        Step.of("3m", events=(halt,)),
        Step.of("4m", SECTOR_RISE),
        Step.of("5m"),
    )
    up = base * 1.8
    assert levels(in_market(scenario), "spot/BOLT") == [up, up, up, up * 0.5 * 1.8, up * 0.5 * 1.8]
    notes = [warning.message for warning in in_market(scenario).warnings]
    assert any("halted" in note for note in notes)


def test_a_halt_of_today_ends_at_the_first_step() -> None:
    base = EVENT_MARKET.levels[_key("spot/BOLT")]
    scenario = path(Step.of("1m"), today=(BOLT_FALL,), events=(event(Halt()),))
    assert row(in_market(scenario), "spot/BOLT") == [base, base, base, base * 0.5]
    held = Scenario("a", (BOLT_FALL,), "12m", events=(event(Halt()),))
    assert row(in_market(held), "spot/BOLT") == [base, base]


def test_a_halt_in_a_part_holds_the_price_of_the_whole() -> None:
    base = EVENT_MARKET.levels[_key("spot/BOLT")]
    halts = path(
        Step.of("2m", BOLT_FALL, events=(event(Halt()),)), Step.of("3m", horizon_line()), name="halts"
    )
    first = path(Step.of("1m", RISE_OF_BOLT), Step.of("2m", RISE_OF_BOLT), name="first")
    joined = whole(Include(halts), Include(first), combine="compound")
    found = levels(in_market(joined), "spot/BOLT")
    assert found == pytest.approx([base * 1.8, base * 1.8, base * 1.8 * 1.8 * 0.5], rel=1e-14)
    alone = in_market(replace(halts, name="whole")).columns.moved
    inside = in_market(whole(Include(halts))).columns.moved
    assert {key: row.tolist() for key, row in alone.items()} == {
        key: row.tolist() for key, row in inside.items()
    }


def horizon_line() -> Shock:
    return Shock.of("zero_rate", "+10bp", curve="USD")


def test_an_optional_line_of_a_part_that_reaches_nothing_is_told() -> None:
    lost = Shock.of("spot", "-5%", theme="software", optional=True)
    part = path(Step.of("2m", FALL, lost), name="part")
    (found,) = compiled(whole(Include(part))).unmatched
    assert (found.scenario, found.line) == ("whole", 2)


def test_downgrades_of_several_dates_add_up_and_dividends_are_cut_again() -> None:
    once = path(Step.of("3m", events=(event(Downgrade(5)),)))
    twice = path(Step.of("3m", events=(event(Downgrade(2)),)), Step.of("6m", events=(event(Downgrade(3)),)))
    one, (first, second) = (
        levels(in_market(once), "credit_spread/BOLT"),
        levels(in_market(twice), "credit_spread/BOLT"),
    )
    assert second == pytest.approx(one[0], rel=1e-14)
    assert EVENT_MARKET.levels[_key("credit_spread/BOLT")] < first < second
    key = next(key for key in EVENT_MARKET.levels if key.kind == "dividend_yield")
    cut = event(DividendCut(0.5), issuer=key.name)
    found = levels(in_market(path(Step.of("1m", events=(cut,)), Step.of("2m", events=(cut,)))), str(key))
    base = EVENT_MARKET.levels[key]
    assert found == [base * 0.5, base * 0.25]


def test_events_of_today_on_a_path_are_those_of_a_scenario_of_today() -> None:
    events = (DEFAULT,)
    today = in_market(Scenario("a", (SECTOR_RISE,), "12m", events=events))
    later = in_market(path(Step.of("12m"), name="a", today=(SECTOR_RISE,), events=events))
    for key, found in today.columns.moved.items():
        assert later.columns.moved[key][1] == found[1]
        assert later.columns.moved[key][-1] == found[1]


def test_company_changes_no_level_of_a_composed_path() -> None:
    one = whole(Include(CRISIS), steps=(Step.of("6m", KO_FALL),))
    other = Scenario("slow", (FALL,), "12m", timing="linear")
    alone, together = compiled(one), compiled(other, one, Scenario("now", (KO_FALL,), "1m"))
    numbers = together.columns.table.columns_of("whole")
    for key, found in alone.columns.moved.items():
        assert together.columns.moved[key][numbers].tolist() == found[1:].tolist()


SHOCKS = some.one_of(
    some.builds(
        lambda name, size: Shock.of("spot", f"{size:+d}%", issuer=name),
        some.sampled_from(["NVDA", "AMD", "KO", "SAP"]),
        some.integers(-60, 40),
    ),
    some.builds(lambda size: Shock.of("zero_rate", f"{size:+d}bp", curve="USD"), some.integers(-90, 90)),
    some.just(Shock.of("spot", "=100", issuer="KO")),
    some.just(Shock.of("spot", "-10%", name="SPY")),
)
LISTS = some.lists(SHOCKS, max_size=2).map(tuple)
COMBINE = some.sampled_from(["override", "worst_of_factor"])
LEAVES = some.builds(
    lambda shocks, timing, combine: Scenario("leaf", shocks, "6m", timing=timing, combine=combine),
    LISTS,
    some.sampled_from(["instant", "linear"]),
    COMBINE,
)


def composed(parts: some.SearchStrategy[Scenario]) -> some.SearchStrategy[Scenario]:
    include = some.lists(some.builds(Include, parts, some.sampled_from([0.5, 1.0, 1.3])), max_size=2)
    steps = some.dictionaries(some.integers(1, 11), LISTS, min_size=1, max_size=3)
    return some.builds(
        lambda shocks, include, steps, combine: path(
            *(Step.of(f"{month}m", *steps[month]) for month in sorted(steps)),
            today=shocks,
            include=tuple(include),
            combine=combine,
        ),
        LISTS,
        include,
        steps,
        COMBINE,
    )


PATHS = composed(some.recursive(LEAVES, composed, max_leaves=3))


@settings(max_examples=40, deadline=None)
@given(PATHS)
def test_any_path_is_still_at_severity_0_and_the_same_inside_another(scenario: Scenario) -> None:
    still, alone = compiled(scenario, severity=0.0), compiled(scenario)
    for key, found in still.columns.moved.items():
        assert set(found.tolist()) == {still.columns.base[key]}
    inside = compiled(path(name="path", include=(Include(replace(scenario, name="inner")),)))
    assert inside.columns.table.slice.tolist() == alone.columns.table.slice.tolist()
    assert {key: found.tolist() for key, found in inside.columns.moved.items()} == {
        key: found.tolist() for key, found in alone.columns.moved.items()
    }
