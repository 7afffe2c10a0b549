"""A scenario along an axis has the levels of one compilation a value, whatever it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from tests.fixtures.books import small_market

from stresstest.errors import InputError
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import parse_shift
from stresstest.scenarios.axis_lines import NotAlongError
from stresstest.scenarios.axis_moves import AxisMoves
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.drivers import NumberDriver
from stresstest.scenarios.event import Default, DividendCut, Downgrade, Event, Halt
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.rules import ElasticityRule, SlopeRule, TableRule
from stresstest.scenarios.scenario import Include, Propagation, Scenario, ScenarioSet, Shock, Step
from stresstest.scenarios.selectors import Selector

MARKET = small_market()
SEVERITIES = (0.0, 0.25, 0.5, 0.9999999, 1.0, 1.3, 2.0, 2.5)
CUT = NumberDriver("cut", 0.5, 0.0, 0.8, "%")


def fall(name: str, shift: str, **more: object) -> Scenario:
    shocks = (Shock.of("spot", shift, issuer="ACME"), Shock.of("zero_rate", "-40bp", curve="USD"))
    return Scenario(name, shocks, "12m", **more)  # type: ignore[arg-type]


def event(what: Default | Downgrade | DividendCut | Halt, at: float) -> Event:
    return Event(Selector.of(issuer="ACME" if isinstance(what, DividendCut) else "BOLT"), what, at)


def whole(combine: str, *own: Shock, events: tuple[Event, ...] = ()) -> Scenario:
    parts = (
        Include(fall("one", "-30%"), 1.35),
        Include(fall("two", "+30%"), 0.8),
        Include(Scenario("three", (Shock.of("spot", "-60%", region="US"),), "12m", events=events)),
    )
    return Scenario("whole", own, "12m", combine=combine, include=parts)


def compared(scenario: Scenario, values: Sequence[float], driver: str = "") -> int:
    """Compare all levels at `values` with one compilation each; return how many values are possible."""
    market = with_event_factors(MARKET, ScenarioSet((scenario,)))
    found = AxisMoves(scenario, FactorDirectory(market), driver, 1.0).at(values, frozenset(), only=False)
    for column, x in enumerate(values, 1):
        at = scenario.with_drivers(**{driver: x}) if driver else scenario
        try:
            alone = compile_scenarios(ScenarioSet((at,)), market, 1.0 if driver else x).columns
        except InputError:
            assert not found.possible[column - 1], x
            continue
        assert found.possible[column - 1], x
        for key in found.moved.keys() | alone.moved.keys():
            base = np.full(len(values) + 1, market.levels[key])
            expected = alone.moved.get(key, base)[1 if key in alone.moved else 0]
            assert found.moved.get(key, base)[column] == expected, (key, x)
    return int(found.possible.sum())


@pytest.mark.parametrize(
    ("factor", "shift", "floor", "possible"),
    [
        ("spot", "-60%", None, 8),
        ("spot", "=50", None, 8),
        ("spot", "-30abs", None, 8),
        ("spot", "-30abs", "100", 8),
        ("spot", "-130%", "20", 8),
        ("spot", "+700%", None, 8),
        ("implied_vol", "-60%", None, 6),
        ("implied_vol", "-8vol", "12%", 8),
        ("implied_vol", "=5%", None, 5),
        ("credit_spread", "x2.5", None, 8),
        ("dividend_yield", "-50bp", None, 8),
    ],
)
def test_every_kind_of_shift(factor: str, shift: str, floor: str | None, possible: int) -> None:
    shock = Shock.of(factor, shift, floor=floor, issuer="ACME" if factor != "credit_spread" else "BOLT")
    assert compared(Scenario("one", (shock,), "12m"), SEVERITIES) == possible


def test_exposures_tenors_and_rank() -> None:
    shocks = (
        Shock.of("spot", "-40%", region="US"),
        Shock.of("spot", "-20%", issuer="ACME"),
        Shock.of("zero_rate", {"1Y": "-100bp", "10Y": "-20bp"}, floor="3%", curve="USD"),
    )
    assert compared(Scenario("lines", shocks, "12m"), SEVERITIES) == len(SEVERITIES)


@pytest.mark.parametrize("combine", ["override", "worst_of_factor", "compound"])
def test_parts_are_combined(combine: str) -> None:
    own = Shock.of("spot", "-30%", issuer="BOLT")
    assert compared(whole(combine, own), SEVERITIES) == len(SEVERITIES)


def test_parts_that_clash_are_impossible_but_at_no_severity() -> None:
    assert compared(whole("error"), SEVERITIES) == 1


def test_of_two_moves_of_one_size_the_fall_counts() -> None:
    up, down = (
        Scenario(name, (Shock.of("zero_rate", shift, curve="USD"),), "12m")
        for name, shift in (("up", "+60bp"), ("down", "-60bp"))
    )
    both = Scenario("both", (), "12m", combine="worst_of_factor", include=(Include(up), Include(down)))
    assert compared(both, SEVERITIES) == len(SEVERITIES)


@pytest.mark.parametrize("combine", ["override", "worst_of_factor", "compound"])
@pytest.mark.parametrize("what", [Default({"senior_unsecured": 0.3}), DividendCut(0.5), Halt()])
def test_events_happen_at_their_severity(combine: str, what: Default | DividendCut | Halt) -> None:
    scenario = whole(combine, Shock.of("spot", "-10%", issuer="BOLT"), events=(event(what, 0.9),))
    assert compared(scenario, SEVERITIES) == len(SEVERITIES)


@pytest.mark.parametrize(
    "rule",
    [
        SlopeRule("cut", parse_shift("-1.2%")),
        ElasticityRule("cut", -0.7),
        TableRule.of(
            "cut", {"0%": parse_shift("0%"), "30%": parse_shift("-10%"), "80%": parse_shift("-60%")}
        ),
    ],
)
def test_a_driver_is_an_axis(rule: SlopeRule | ElasticityRule | TableRule) -> None:
    shocks = (Shock.of("spot", rule, region="US"), Shock.of("zero_rate", "-20bp", curve="USD"))
    inner = Scenario("inner", shocks, "12m", drivers=(CUT,))
    outer = Scenario("outer", (), "12m", include=(Include(inner, 0.7),))
    values = (0.0, 0.1, 0.3, 0.55, 0.8)
    assert compared(inner, values, "cut") == 5
    assert compared(outer, values, "cut") == 5
    assert (
        not AxisMoves(inner, FactorDirectory(MARKET), "cut", 1.0)
        .at([0.9], frozenset(), only=False)
        .possible[0]
    )


def test_only_what_a_book_reads_is_looked_at_where_that_is_asked_for() -> None:
    index = RiskFactorKey("spot", "INDEX")
    along = AxisMoves(fall("fall", "-30%"), FactorDirectory(MARKET), "", 1.0)
    found = along.at(SEVERITIES, frozenset({index}), only=True)
    every = along.at(SEVERITIES, frozenset({index}), only=False)
    assert all(key.kind == "spot" for key in found.moved)
    assert found.moved[index].tolist() == every.moved[index].tolist()
    assert len(set(found.decided)) == 1


@pytest.mark.parametrize(
    "scenario",
    [
        fall("path", "-10%", timing="path", steps=(Step.of("3m", Shock.of("spot", "-1%", issuer="ACME")),)),
        fall("propagated", "-10%", propagate=Propagation("calm")),
        replace(fall("par", "-10%"), shocks=(Shock.of("par_yield", "-10bp", curve="USD"),)),
        Scenario("unknown", (Shock.of("spot", "-5%", issuer="ACNE"),), "12m"),
        Scenario("twice", (Shock.of("spot", "-5%", issuer="ACME"),) * 2, "12m", combine="compound"),
        Scenario("tenors", (Shock.of("spot", {"1Y": "-5%"}, issuer="ACME"),), "12m"),
    ],
    ids=lambda scenario: scenario.name,
)
def test_what_is_no_function_of_the_axis_is_compiled_value_by_value(scenario: Scenario) -> None:
    with pytest.raises(NotAlongError):
        AxisMoves(scenario, FactorDirectory(MARKET), "", 1.0)
