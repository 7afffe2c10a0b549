"""Break-points inside contracts, each against what a fine grid of single runs, or the terms, say."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as hypothesis
from tests.fixtures.books import OPTION, instrument, portfolio, small_market

import stresstest as st
from stresstest.api import Swept
from stresstest.measures.break_points.contracts import MOST_OF_A_KIND
from stresstest.portfolio.model import Instrument, Portfolio
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

MARKET = small_market()
FALL = Scenario("fall", (Shock.of("spot", "-50%", issuer="ACME"),), "12m")
RANGE = 2.0


def held(*contracts: Instrument) -> Portfolio:
    return portfolio([(f"p{place}", item, 10.0) for place, item in enumerate(contracts)])


def swept(book: Portfolio, scenario: Scenario = FALL) -> Swept:
    return st.sweep(book, scenario, MARKET, over=("severity", 0.0, RANGE), steps=20)


def unit_value(contract: Instrument, severity: float, scenario: Scenario = FALL) -> float:
    """Return the value of one unit in a run of its own."""
    result = st.stress(
        portfolio([("one", contract, 1.0)]), ScenarioSet((scenario,)), MARKET, severity=severity
    )
    return float(result.result.portfolios[0].position_value[0, -1])


def severity_of(spot: float) -> float:
    """Return the severity at which ACME stands at `spot`: 120·½^s."""
    return math.log(spot / 120.0) / math.log(0.5)


@settings(max_examples=15, deadline=None)
@given(hypothesis.floats(35.0, 118.0), hypothesis.sampled_from(["put", "call"]))
def test_a_strike_is_crossed_where_the_spot_meets_it(strike: float, right: str) -> None:
    option = instrument("european_option", **{**OPTION, "strike": strike, "right": right})
    found = swept(held(option))
    (point,) = found.break_points
    assert point.x == pytest.approx(severity_of(strike), abs=1e-6 * RANGE)
    assert point.what == ("comes into the money" if right == "put" else "falls out of the money")
    assert (point.kind, point.positions, point.bends) == ("strike", ("p0",), False)
    assert point.subject == f"ACME {strike:g} {right}"
    assert point.loss == pytest.approx(
        10.0 * (unit_value(option, 0.0) - unit_value(option, point.x)), rel=1e-9
    )


@pytest.mark.parametrize("knock", ["down_out", "down_in"])
def test_a_barrier_is_touched_where_the_value_becomes_that_of_a_touched_option(knock: str) -> None:
    terms = {**OPTION, "barrier": 90.0, "knock": knock}
    option, touched = (
        instrument("barrier_option", **terms),
        instrument("barrier_option", **terms, knocked=True),
    )
    found = swept(held(option))
    point = found.first("barrier")
    assert point is not None
    assert point.x == pytest.approx(severity_of(90.0), abs=1e-6 * RANGE)
    assert point.what == f"touches its barrier and is knocked {knock.removeprefix('down_')}"
    above, below = (1e-6, -1e-6)
    assert unit_value(option, point.x + above) == pytest.approx(
        unit_value(touched, point.x + above), abs=1e-9
    )
    assert unit_value(option, point.x + below) != unit_value(touched, point.x + below)
    kinks = [turn for turn in found.turning_points if abs(turn.kink.x - point.x) < 1e-6]
    assert kinks
    assert "p0 (barrier 90 of ACME) touches its barrier" in kinks[0].causes[0]


def test_an_american_put_is_exercised_where_it_is_worth_its_exercise() -> None:
    option = instrument("american_option", **OPTION)
    point = swept(held(option)).first("exercise")
    assert point is not None

    def exercised(severity: float) -> bool:
        exercise = 100.0 * max(110.0 - 120.0 * 0.5**severity, 0.0)
        return exercise > 0.0 and unit_value(option, severity) <= exercise * (1.0 + 1e-12)

    fine = [0.001 * step for step in range(int(1000 * RANGE) + 1)]
    first = next(x for x in fine if x > point.x - 0.01 and exercised(x))
    assert first - 0.001 <= point.x <= first
    assert exercised(point.x)
    assert not exercised(point.x - 1e-6 * RANGE)


def test_a_swaption_and_a_callable_bond_flip_where_rates_say() -> None:
    rise = Scenario("rise", (Shock.of("zero_rate", "+300bp", curve="USD"),), "12m")
    bond = instrument(
        "callable_bond",
        issuer="BOLT",
        coupon="8%",
        maturity=date(2032, 10, 3),
        frequency=2,
        day_count="30/360",
        calls=[{"date": date(2027, 10, 3), "price": 100.0}],
        rate_vol="95bp",
    )
    shock = replace(rise, shocks=(*rise.shocks, Shock.of("credit_spread", "+200bp", issuer="BOLT")))
    found = swept(
        held(bond), Scenario("fall", (Shock.of("zero_rate", "-300bp", floor="-5%", curve="USD"),), "12m")
    )
    point = found.first("call")
    assert point is not None
    assert point.what == "has its next call in the money"

    def forward_excess(severity: float) -> float:
        """Value of the same bond without its call, less that of one repaid on the call's day."""
        terms = {"issuer": "BOLT", "coupon": "8%", "frequency": 2, "day_count": "30/360"}
        scenario = Scenario("fall", (Shock.of("zero_rate", "-300bp", floor="-5%", curve="USD"),), "12m")
        long, short = (
            unit_value(instrument("fixed_bond", **terms, maturity=date(year, 10, 3)), severity, scenario)
            for year in (2032, 2027)
        )
        return long - short

    assert forward_excess(point.x + 1e-6) > 0.0 > forward_excess(point.x - 1e-6)
    assert swept(held(bond), shock).first("call") is None


def test_options_of_little_effect_are_counted_and_many_are_cut() -> None:
    options = [
        instrument("european_option", **{**OPTION, "strike": 40.0 + 0.5 * number}) for number in range(100)
    ]
    tiny = instrument("european_option", **{**OPTION, "strike": 95.123, "multiplier": 1e-6})
    found = swept(held(*options, tiny))
    assert len(found.break_points) == MOST_OF_A_KIND
    (rest,) = found.unlisted
    assert (rest.kind, rest.what, rest.count) == ("strike", "comes into the money", 101 - MOST_OF_A_KIND)
    assert all("p100" not in point.positions for point in found.break_points)
    assert found.break_points[0].x == pytest.approx(severity_of(89.5), abs=1e-6)
    assert [point.x for point in found.break_points] == sorted(point.x for point in found.break_points)


def test_positions_in_one_contract_flip_together() -> None:
    option = instrument("european_option", **OPTION)
    both = portfolio([("long", option, 3.0), ("short", option, -1.0)])
    (point,) = swept(both).break_points
    assert point.positions == ("long", "short")
