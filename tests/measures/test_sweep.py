from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.fixtures.books import BOND, instrument, portfolio, small_market

import stresstest as st
from stresstest import api
from stresstest.api import Swept
from stresstest.errors import InputError
from stresstest.measures.sweep import Axis, Sweeper
from stresstest.portfolio.model import Limit, Portfolio
from stresstest.quantity import parse_shift
from stresstest.scenarios.drivers import ChoiceDriver, NumberDriver
from stresstest.scenarios.rules import CaseRule, SlopeRule, TableRule
from stresstest.scenarios.scenario import Include, Scenario, ScenarioSet, Shock

MARKET = small_market()
ACME = instrument("equity", issuer="ACME")
SHARES = portfolio([("acme", ACME, 100.0)])
CUT = NumberDriver("cut", 0.5, 0.0, 0.8, "%")
TABLE = TableRule.of("cut", {"0%": parse_shift("0%"), "30%": parse_shift("-10%"), "80%": parse_shift("-60%")})
TABLED = Scenario("tabled", (Shock.of("spot", TABLE, issuer="ACME"),), "12m", drivers=(CUT,))
FALL = Scenario("fall", (Shock.of("spot", "-50%", issuer="ACME"),), "12m")


def limited(most: float, scenario: str = "any") -> Portfolio:
    return replace(SHARES, limits=(Limit(scenario, most, "base", "stop"),))


def swept(held: Portfolio, scenario: Scenario, *over: object, steps: int = 20) -> Swept:
    return st.sweep(held, scenario, MARKET, over=over or ("severity", 0.0, 2.0), steps=steps)  # type: ignore[arg-type]


def test_the_curve_is_that_of_single_runs() -> None:
    found = swept(SHARES, FALL)
    assert found.x.tolist() == pytest.approx([0.1 * step for step in range(21)], abs=1e-15)
    for x, pnl in zip(found.x.tolist(), found.pnl[0].tolist(), strict=True):
        single = st.stress(SHARES, ScenarioSet((FALL,)), MARKET, severity=x)
        assert single.to_numpy()[0, 0] == pnl
        assert pnl == pytest.approx(12_000.0 * (0.5**x - 1.0), abs=1e-9)
    assert found.pnl[0][0] == 0.0
    assert found.turning_points == ()
    assert (found.result.portfolios, found.result.base_values, found.result.currencies) == (
        ("book",),
        (12_000.0,),
        ("USD",),
    )


def test_a_table_bends_the_curve_at_its_points() -> None:
    found = swept(SHARES, TABLED, "cut", 0.0, 0.8)
    (turn,) = found.turning_points
    assert turn.kink.x == 0.3
    assert turn.kink.slope_before == pytest.approx(-4_000.0, rel=1e-4)
    assert turn.kink.slope_after == pytest.approx(-12_000.0, rel=1e-4)
    assert turn.causes == ("a point of the table of shock 1",)


def test_a_driver_of_an_included_scenario_and_of_a_case_is_swept() -> None:
    cause = ChoiceDriver("cause", "failure", ("choice", "failure"))
    rule = CaseRule("cause", {"choice": parse_shift("+5%"), "failure": TABLE})
    inner = Scenario("inner", (Shock.of("spot", rule, issuer="ACME"),), "12m", drivers=(CUT, cause))
    outer = Scenario("outer", (), "12m", include=(Include(inner, 0.5),))
    found = swept(SHARES, outer, "cut", 0.0, 0.8)
    assert found.pnl[0][-1] == pytest.approx(12_000.0 * (0.4**0.5 - 1.0), rel=1e-12)
    assert [turn.kink.x for turn in found.turning_points] == [0.3]


def test_a_floor_bends_the_curve_where_it_begins_to_hold() -> None:
    bond = portfolio([("bond", instrument("fixed_bond", **BOND), 1_000.0)])
    shock = Shock.of("zero_rate", "-200bp", floor="3%", curve="USD")
    found = swept(bond, Scenario("cut", (shock,), "12m"))
    # 5Y stands at 3.7 % and 1Y at 3.6 %: they reach 3 % at severities of 35 and 30 %; 10Y is not read.
    assert [round(turn.kink.x, 4) for turn in found.turning_points] == [0.35]
    assert "from here the floor of shock 1 on zero_rate/USD/5Y holds" in found.turning_points[0].causes


def test_where_one_line_gives_way_to_another_the_curve_bends() -> None:
    part = Scenario("part", (Shock.of("spot", "-30%", issuer="ACME"),), "12m")
    own = Shock.of("spot", SlopeRule("cut", parse_shift("-1%")), issuer="ACME")
    both = Scenario(
        "both", (own,), "12m", combine="worst_of_factor", include=(Include(part),), drivers=(CUT,)
    )
    (turn,) = swept(SHARES, both, "cut", 0.0, 0.8).turning_points
    assert turn.kink.x == pytest.approx(0.3, abs=1e-5)
    assert "from here shock 1 on spot/ACME is overruled by shock 2" in turn.causes


def test_a_breach_is_found_exactly() -> None:
    (breach,) = swept(limited(0.3), FALL).breaches
    assert breach.x == pytest.approx(math.log(0.7) / math.log(0.5), abs=1e-7)
    assert breach.enters
    assert breach.loss > 0.3
    assert breach.loss == pytest.approx(0.3, abs=1e-6)


def test_a_breach_can_end() -> None:
    rule = TableRule.of(
        "cut", {"0%": parse_shift("-40%"), "40%": parse_shift("0%"), "80%": parse_shift("-40%")}
    )
    valley = Scenario("valley", (Shock.of("spot", rule, issuer="ACME"),), "12m", drivers=(CUT,))
    found = swept(limited(0.2), valley, "cut", 0.0, 0.8)
    assert [(round(item.x, 6), item.enters) for item in found.breaches] == [(0.2, False), (0.6, True)]


def test_a_limit_of_another_scenario_does_not_count() -> None:
    assert swept(limited(0.3, "other"), FALL).breaches == ()
    assert len(swept(limited(0.3, "fall"), FALL).breaches) == 1


def test_where_the_scenario_is_impossible_the_curve_ends_and_says_why() -> None:
    fall = Scenario("fall", (Shock.of("implied_vol", "-19vol", issuer="ACME"),), "12m")
    option = portfolio([("put", instrument("european_option", **_OPTION), 1.0)])
    found = swept(option, fall)
    assert found.result.impossible[0].x == pytest.approx(1.6)
    assert "implied_vol/ACME" in found.result.impossible[0].problem
    assert all(math.isnan(value) for value in found.pnl[0][16:])
    assert not any(math.isnan(value) for value in found.pnl[0][:16])


def test_a_scenario_that_is_wrong_everywhere_is_refused() -> None:
    wrong = Scenario("wrong", (Shock.of("spot", "-5%", issuer="ACNE"),), "12m")
    with pytest.raises(InputError, match=r"ST310.*ACNE"):
        swept(SHARES, wrong)


@pytest.mark.parametrize(("low", "high", "steps"), [(0.0, 2.0, 7), (0.0, 2.0, 1001), (1.0, 1.0, 20)])
def test_what_makes_no_grid_is_refused(low: float, high: float, steps: int) -> None:
    with pytest.raises(InputError, match="ST410"):
        swept(SHARES, FALL, "severity", low, high, steps=steps)


_OPTION = {
    "underlying": "ACME",
    "right": "put",
    "strike": 110.0,
    "expiry": MARKET.as_of.replace(year=2026),
    "multiplier": 100.0,
}


@pytest.mark.parametrize("over", [("severity", 0.0, 2.0), ("capex_cut", 0.1, 0.8)])
def test_points_together_are_those_of_single_runs_of_the_largest_scenario(
    over: tuple[str, float, float],
) -> None:
    portfolios = st.load_portfolios("ai_growth_fund")
    (scenario,) = st.load_scenarios("time_bomb")
    market = st.load_market("2025-10-03")
    book = api.compile_portfolios(portfolios, market, ScenarioSet((scenario,)))
    axis = Axis(*over)
    values = [axis.low + part * (axis.high - axis.low) for part in (0.0, 0.3, 0.5, 0.77, 1.0)]
    together, between = (
        Sweeper(book, scenario, axis).points(values, between=between) for between in (False, True)
    )
    for x, point, other in zip(values, together, between, strict=True):
        severity = x if axis.name == "severity" else 1.0
        at = scenario if axis.name == "severity" else scenario.with_drivers(capex_cut=x)
        single = st.stress(portfolios, ScenarioSet((at,)), market, severity=severity).to_numpy()[0, 0]
        assert float(point.pnl[0]) == pytest.approx(single, rel=1e-12)
        assert float(other.pnl[0]) == float(point.pnl[0])
