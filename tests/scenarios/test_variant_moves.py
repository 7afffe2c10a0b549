"""Variants worked out together move as each does compiled by itself, to the last bit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.scenarios.markets import small_market

import stresstest as st
from stresstest.errors import InputError
from stresstest.market.snapshot import MarketSnapshot
from stresstest.quantity import parse_shift
from stresstest.scenarios import member_moves
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.distributions import Discrete, Triangular
from stresstest.scenarios.driver_draws import VARIANTS, with_driver_draws
from stresstest.scenarios.drivers import ChoiceDriver, NumberDriver
from stresstest.scenarios.event import Default, DividendCut, Event
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.member_moves import MemberMoves, stated_moves
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.member_stages import MemberStages, Span
from stresstest.scenarios.mixture import last_day
from stresstest.scenarios.rules import CaseRule, SlopeRule
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.scenario import Include, Propagation, Scenario, Shock
from stresstest.scenarios.selectors import Selector
from stresstest.scenarios.variant_moves import variant_moves

CUT = NumberDriver("cut", 0.5, 0.1, 0.9, "%", distribution=Triangular(0.2, 0.5, 0.8))
CAUSE = ChoiceDriver("cause", "a", ("a", "b"), Discrete({"a": 0.25, "b": 0.75}))
FALL = Scenario(
    "fall",
    (
        Shock.of("spot", SlopeRule("cut", parse_shift("-1%")), issuer="NVDA"),
        Shock.of(
            "spot", CaseRule("cause", {"a": parse_shift("+10%"), "b": parse_shift("-10%")}), issuer="KO"
        ),
        Shock.of("zero_rate", SlopeRule("cut", parse_shift("-2bp")), curve="USD"),
    ),
    "1m",
    drivers=(CUT, CAUSE),
)
CREDIT = Scenario(
    "credit",
    (Shock.of("credit_spread", "+200bp", issuer="KO"), Shock.of("spot", "-25%", region="US")),
    "1m",
)
EVENTS = (
    Event(Selector.of(issuer="AMD"), Default(), 0.9),
    Event(Selector.of(issuer="KO"), DividendCut(0.5), 1.1),
)
TERMS = SampleTerms(100, 11)
RANGE = SeverityRange(0.5, 1.0, 1.3)


def whole(combine: str, *own: Shock, events: tuple[Event, ...] = ()) -> Scenario:
    parts = (Include(FALL, 1.2), Include(replace(CREDIT, shocks=CREDIT.shocks[1:]), 0.7))
    return Scenario("whole", own, "1m", combine=combine, include=parts, events=events)


def members(scenarios: MemberSet, market: MarketSnapshot) -> tuple[list[MemberMoves], int]:
    """Return what every stage states, and how many members were worked out with others."""
    assert scenarios.sample is not None
    span = Span(market.as_of, last_day(scenarios, scenarios.sample, market.as_of))
    drawn = with_driver_draws(scenarios)
    stages = [MemberStages.of(scenario, span) for scenario in drawn]
    prepared = with_event_factors(market, drawn)
    highest = [drawn.severity_of(name).high for name in drawn.names]
    together = variant_moves(drawn.scenarios, stages, highest, FactorDirectory(prepared))
    return stated_moves(drawn, stages, prepared, 1.0, span), len(together)


def one_by_one(
    scenarios: MemberSet, market: MarketSnapshot, monkeypatch: pytest.MonkeyPatch
) -> list[MemberMoves]:
    with monkeypatch.context() as patch:
        patch.setattr(member_moves, "variant_moves", lambda *_: {})
        return members(scenarios, market)[0]


def same(found: list[MemberMoves], expected: list[MemberMoves]) -> None:
    assert [one.name for one in found] == [one.name for one in expected]
    for one, other in zip(found, expected, strict=True):
        assert dict(one.stated) == dict(other.stated), one.name
        assert dict(one.events) == dict(other.events), one.name


@pytest.mark.parametrize(
    "scenario",
    [
        FALL,
        whole("worst_of_factor"),
        whole("override", Shock.of("spot", "-3%", issuer="NVDA")),
        whole("worst_of_factor", events=EVENTS),
        whole("override", Shock.of("zero_rate", "-300bp", floor="1%", curve="USD"), events=EVENTS[:1]),
        replace(whole("worst_of_factor"), include=(Include(whole("worst_of_factor", events=EVENTS), 0.9),)),
    ],
    ids=["alone", "worst", "override", "events", "floor", "nested"],
)
def test_the_moves_of_every_variant_and_stage(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = MemberSet((scenario, CREDIT), severities={scenario.name: RANGE}, sample=TERMS)
    found, together = members(drawn, small_market())
    assert together == VARIANTS - 1
    same(found, one_by_one(drawn, small_market(), monkeypatch))
    first, second = found[0].stated, found[1].stated
    assert first != second or len(found) > VARIANTS + 1


@pytest.mark.parametrize(
    "scenario",
    [
        replace(FALL, propagate=Propagation("stressed")),
        whole("compound"),
        replace(FALL, shocks=(*FALL.shocks, Shock.of("credit_spread", "-60bp", floor="20bp", issuer="KO"))),
    ],
    ids=["propagates", "compounds", "floored"],
)
def test_what_cannot_be_worked_out_together_is_left_to_the_others(scenario: Scenario) -> None:
    drawn = with_driver_draws(MemberSet((scenario,), sample=TERMS))
    span = Span(date(2025, 10, 3), date(2025, 11, 3))
    stages = [MemberStages.of(one, span) for one in drawn]
    assert variant_moves(drawn.scenarios, stages, [1.0] * len(stages), FactorDirectory(small_market())) == {}


def test_a_floor_without_parts_keeps_the_change_that_severity_scales(monkeypatch: pytest.MonkeyPatch) -> None:
    floored = replace(
        FALL, shocks=(*FALL.shocks, Shock.of("credit_spread", "-60bp", floor="20bp", issuer="KO"))
    )
    drawn = MemberSet((floored,), severities={"fall": RANGE}, sample=TERMS)
    same(members(drawn, small_market())[0], one_by_one(drawn, small_market(), monkeypatch))


def test_a_variant_that_leaves_the_domain_is_told_as_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only draws of a large cut take the spread below 0, and only at the highest severity."""
    deep = replace(
        FALL,
        shocks=(*FALL.shocks, Shock.of("implied_vol", SlopeRule("cut", parse_shift("-0.2vol")), issuer="KO")),
    )
    drawn = MemberSet((deep,), severities={"fall": SeverityRange(0.5, 1.0, 1.2)}, sample=TERMS)
    with pytest.raises(InputError) as found:
        members(drawn, small_market())
    with pytest.raises(InputError) as expected:
        one_by_one(drawn, small_market(), monkeypatch)
    assert [str(problem) for problem in found.value.problems] == [
        str(problem) for problem in expected.value.problems
    ]


def test_the_shipped_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every member that holds a driver with a distribution, time_bomb with its default among them."""
    found = st.load_scenarios("ai_burst_12m")
    assert isinstance(found, MemberSet)
    market = st.load_market("2025-10-03")
    quick, together = members(found, market)
    assert together == 3 * (VARIANTS - 1)
    same(quick, one_by_one(found, market, monkeypatch))
