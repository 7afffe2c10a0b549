"""Events and later dates in sampled sets: each draw is its member at its severity, on the last day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.fixtures.modelled_markets import with_model
from tests.scenarios.markets import key, small_market, with_levels
from tests.scenarios.test_eventful import MARKET as EVENT_MARKET

import stresstest as st
from stresstest.arrays import frozen, frozen_int
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.event import Default, DividendCut, Downgrade, Event, Halt
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.member_stages import MemberStages, Span, stages_drawn
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.sampling import SampledColumns, sample_scenarios
from stresstest.scenarios.scenario import Include, Propagation, Scenario, ScenarioSet, Shock, Step
from stresstest.scenarios.selectors import Selector

SPAN = Span(date(2025, 10, 3), date(2026, 10, 3))
TERMS = SampleTerms(400, 11)
LINES = (
    Shock.of("spot", "-60%", issuer="BOLT"),
    Shock.of("credit_spread", "+150bp", issuer="BOLT"),
    Shock.of("zero_rate", "-90bp", curve="USD"),
)
FLOORED = Shock.of("zero_rate", "-90bp", floor="1.5%", curve="EUR")


def event(what: Default | Downgrade | DividendCut | Halt, at: float, issuer: str = "BOLT") -> Event:
    return Event(Selector.of(issuer=issuer), what, at)


DEFAULT = event(Default({"senior_unsecured": 0.35}), 1.2)
DOWNGRADE = event(Downgrade(3), 0.7)
FAILS = Scenario("fails", LINES, "12m", events=(DOWNGRADE, DEFAULT))
RANGE = SeverityRange(0.2, 1.0, 2.0)


def drawn(
    scenario: Scenario, terms: SampleTerms = TERMS, market: MarketSnapshot = EVENT_MARKET
) -> tuple[SampledColumns, MarketSnapshot]:
    members = MemberSet((scenario,), severities={scenario.name: RANGE}, sample=terms)
    seen = with_event_factors(market, members)
    return sample_scenarios(members, seen), seen


def assert_each_draw_is_compiled(scenario: Scenario, truncated: Scenario, n_draws: int = 25) -> None:
    """Compare draws without random parts with `truncated` at their severities, on its last date."""
    columns, seen = drawn(scenario)
    keys = list(seen.levels)
    found = columns.bind(keys).chunk(0, 0, columns.n_columns)
    for draw in range(n_draws):
        severity = float(columns.mixture.severity[draw])
        compiled = compile_scenarios(ScenarioSet((truncated,)), seen, severity).columns
        expected = [float(compiled.moved[k][-1]) if k in compiled.moved else seen.levels[k] for k in keys]
        np.testing.assert_allclose(found[:, draw + 1], expected, rtol=2e-14, atol=1e-16)


def test_each_draw_has_the_events_that_its_severity_reaches() -> None:
    floored = replace(FAILS, shocks=(*LINES, FLOORED))
    assert_each_draw_is_compiled(floored, floored)
    columns, seen = drawn(FAILS)
    severity = columns.mixture.severity
    names = [key("spot/BOLT"), key("default_state/BOLT"), key("recovery_rate/BOLT/senior_unsecured")]
    spot, state, recovery = columns.bind(names).chunk(0, 0, columns.n_columns)[:, 1:]
    fails = severity >= 1.2
    assert 20 < fails.sum() < 380
    assert set(spot[fails].tolist()) == {0.0}
    assert np.all(spot[~fails] > 0.0)
    assert state.tolist() == fails.astype(float).tolist()
    assert set(recovery[fails].tolist()) == {0.35}
    assert seen.levels[names[0]] > 0.0


def test_a_halt_and_a_dividend_cut_happen_in_draws_too() -> None:
    dividends = next(k for k in EVENT_MARKET.levels if k.kind == "dividend_yield")
    cut = event(DividendCut(0.5), 0.9, dividends.name)
    raised = Shock.of("dividend_yield", "+50bp", name=dividends.name)
    scenario = Scenario("stops", (*LINES, raised), "12m", events=(event(Halt(), 1.0), cut))
    columns, seen = drawn(scenario)
    spot, dividend = columns.bind([key("spot/BOLT"), dividends]).chunk(0, 0, columns.n_columns)[:, 1:]
    severity = columns.mixture.severity
    assert set(spot[severity >= 1.0].tolist()) == {seen.levels[key("spot/BOLT")]}
    assert np.all(spot[severity < 1.0] < seen.levels[key("spot/BOLT")])
    lines = seen.levels[dividends] + severity * 0.005
    np.testing.assert_allclose(dividend, np.where(severity >= 0.9, 0.5 * lines, lines), rtol=1e-14)


def test_parts_have_their_own_severities() -> None:
    whole = Scenario("whole", (), "12m", include=(Include(FAILS, 0.8),))
    assert MemberStages.of(whole, SPAN).severities == pytest.approx((0.7 / 0.8, 1.2 / 0.8))
    assert_each_draw_is_compiled(whole, whole)


def test_a_path_is_drawn_as_it_stands_at_the_sample_s_horizon() -> None:
    steps = (
        Step.of("2m", *LINES),
        Step.of("5m", Shock.of("spot", "+20%", issuer="BOLT"), events=(DOWNGRADE,)),
        Step.of("9m", events=(DEFAULT,)),
    )
    path = Scenario("path", (), "9m", timing="path", steps=steps)
    columns, _ = drawn(path, replace(TERMS, horizon="6m"))
    assert MemberStages.of(path, replace(SPAN, last=date(2026, 4, 3))).severities == (0.7,)
    assert set(columns.table.scenario) == {"base", "path"}
    cut_short = replace(path, steps=steps[:2], horizon="6m")
    assert_each_draw_is_compiled(replace(path, steps=steps[:2], horizon="6m"), cut_short)
    assert_each_draw_is_compiled(path, path)
    short = columns.bind([key("spot/BOLT"), key("default_state/BOLT")]).chunk(0, 0, 401)
    assert np.all(short[0] > 0.0)
    assert set(short[1].tolist()) == {0.0}


def test_a_linear_member_has_come_as_far_as_the_horizon() -> None:
    linear = Scenario("slow", LINES, "12m", timing="linear", events=(DOWNGRADE,))
    stages = MemberStages.of(linear, replace(SPAN, last=date(2026, 4, 20)))
    assert stages.severities == (0.7 / 0.5,)
    columns, seen = drawn(linear, replace(TERMS, horizon="6m"))
    half = compile_scenarios(ScenarioSet((Scenario("a", LINES[:1], "6m"),)), seen, 0.5).columns
    spot = columns.bind([key("spot/BOLT")]).chunk(0, 0, 401)[0, 1:]
    base = seen.levels[key("spot/BOLT")]
    change = np.log(half.moved[key("spot/BOLT")][1] / base)
    np.testing.assert_allclose(spot, base * np.exp(change * columns.mixture.severity), rtol=1e-13)
    assert_each_draw_is_compiled(linear, linear)


def test_a_path_that_begins_after_the_horizon_is_refused_at_its_member() -> None:
    path = Scenario("late", (), "9m", timing="path", steps=(Step.of("9m", *LINES),))
    with pytest.raises(st.InputError) as error:
        drawn(path, replace(TERMS, horizon="3m"))
    assert [problem.format() for problem in error.value.problems] == [
        "error[ST342] member 'late', whose first step is on 2026-07-03; "
        "expected a step by 2026-01-03, or a longer sample.horizon: draws show how members stand then"
    ]


def test_a_member_without_events_is_its_only_stage() -> None:
    plain = Scenario("plain", LINES, "12m")
    assert MemberStages.of(plain, SPAN) == MemberStages((), plain, ())
    stages = [MemberStages.of(one, SPAN) for one in (plain, FAILS, plain)]
    member = frozen_int([0, 1, 1, 1, 1, 2, 3])
    severity = frozen([9.0, 0.1, 0.7, 1.19, 1.2, 0.7, 1.0])
    assert stages_drawn(stages, member, severity).tolist() == [0, 1, 2, 2, 3, 4, 5]


def modelled() -> MarketSnapshot:
    bucket = {"credit_spread/US_BBB": 0.02}
    base = with_levels(small_market(), bucket)
    index = replace(base.issuers["US_B"], id="US_BBB", attributes={"rating": "BBB"})
    return with_model(replace(base, issuers={**base.issuers, "US_BBB": index}))


def test_without_a_regime_a_member_s_own_propagation_is_drawn() -> None:
    market = modelled()
    lines = (Shock.of("spot", "-30%", issuer="NVDA"),)
    own = Scenario("own", lines, "1m", propagate=Propagation("stressed"))
    late = event(Downgrade(8), 0.9, "AMD")
    for scenario in (own, replace(own, events=(late,))):
        columns, seen = drawn(scenario, TERMS, market)
        keys = [k for k in seen.levels if k.kind != "implied_vol"]
        found = columns.bind(keys).chunk(0, 0, columns.n_columns)
        for draw in range(12):
            severity = float(columns.mixture.severity[draw])
            compiled = compile_scenarios(ScenarioSet((scenario,)), seen, severity).columns
            assert len(compiled.moved) > 8
            expected = [float(compiled.moved[k][-1]) if k in compiled.moved else seen.levels[k] for k in keys]
            np.testing.assert_allclose(found[:, draw + 1], expected, rtol=1e-12)


def test_what_events_let_expect_of_others_does_not_grow_with_severity() -> None:
    market = modelled()
    line = Shock.of("zero_rate", "-50bp", curve="USD", tenor="1Y")
    scenario = Scenario("cut", (line,), "1m", events=(event(Downgrade(8), 0.5, "AMD"),))
    columns, _ = drawn(scenario, replace(TERMS, regime="stressed"), market)
    quiet, on = columns.mixture.members
    assert quiet.offset == {}
    assert set(on.offset) == set(on.expected)
    without = drawn(replace(scenario, events=()), replace(TERMS, regime="stressed"), market)[0]
    assert quiet.expected == without.mixture.members[0].expected
    assert on.events[key("credit_spread/AMD")].shift > 0.0
    assert any(change != 0.0 for change in on.offset.values())


def test_a_column_does_not_depend_on_its_chunk_with_events_and_a_model() -> None:
    market = modelled()
    scenario = Scenario("fails", LINES_OF_AMD, "1m", events=(event(Default(), 1.0, "AMD"),))
    terms = replace(TERMS, columns=2_500, regime="stressed", degrees_of_freedom=5, varies="all")
    columns, seen = drawn(scenario, terms, market)
    bound = columns.bind(list(seen.levels))
    whole = bound.chunk(0, 0, columns.n_columns)
    for low, high in ((0, 1), (1, 700), (1_023, 1_026), (2_499, 2_501)):
        assert bound.chunk(0, low, high).tobytes() == np.ascontiguousarray(whole[:, low:high]).tobytes()
    fails = columns.mixture.severity >= 1.0
    spot = columns.bind([key("spot/AMD")]).chunk(0, 0, columns.n_columns)[0, 1:]
    assert set(spot[fails].tolist()) == {0.0}
    assert np.all(spot[~fails] > 0.0)


LINES_OF_AMD = (Shock.of("spot", "-20%", issuer="NVDA"),)
