"""Factors that move through links: funds with their names, private copies, what lines state instead."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios.markets import key, small_market, with_levels

from stresstest.errors import InputError
from stresstest.market.snapshot import FactorLink, MarketSnapshot
from stresstest.scenarios.direct import CompiledScenarios, compile_scenarios
from stresstest.scenarios.effects import LineEffect
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

MARKET = small_market()
SPY = 669.21


def compiled(
    *scenarios: tuple[Shock, ...], market: MarketSnapshot = MARKET, severity: float = 1.0
) -> CompiledScenarios:
    named = tuple(Scenario(f"s{number}", shocks, "12m") for number, shocks in enumerate(scenarios, 1))
    return compile_scenarios(ScenarioSet(named), market, severity)


def levels(result: CompiledScenarios, text: str) -> list[float]:
    return result.columns.bind([key(text)]).chunk(0, 0, result.columns.n_columns)[0].tolist()


def effects(result: CompiledScenarios, text: str) -> list[LineEffect]:
    return [effect for effect in result.effects if effect.factor == key(text)]


def test_a_fund_falls_with_its_names() -> None:
    result = compiled((Shock.of("spot", "-50%", issuer=["NVDA", "KO"]),))
    assert levels(result, "spot/SPY") == pytest.approx([SPY, SPY * (1.0 - 0.5 * 0.1)], rel=1e-15)
    (effect,) = effects(result, "spot/SPY")
    assert (effect.reason, effect.line, effect.implied) == ("linked", 0, None)
    assert result.warnings == ()


def test_a_fund_whose_names_do_not_move_stays_where_it_is() -> None:
    result = compiled((Shock.of("spot", "-50%", issuer="SAP"),), (Shock.of("spot", "-50%", issuer="NVDA"),))
    base, calm, fall = levels(result, "spot/SPY")
    assert base == calm == SPY
    assert fall < SPY
    assert [effect.scenario for effect in effects(result, "spot/SPY")] == ["s2"]


def test_a_line_that_names_a_fund_overrides_its_link_in_its_scenario_only() -> None:
    names = Shock.of("spot", "-50%", issuer=["NVDA", "KO"])
    result = compiled((names, Shock.of("spot", "-4%", issuer="SPY")), (names,))
    assert levels(result, "spot/SPY") == pytest.approx([SPY, SPY * 0.96, SPY * 0.95], rel=1e-15)
    stated, linked = effects(result, "spot/SPY")
    assert (stated.reason, stated.line, linked.reason) == ("direct", 2, "linked")
    assert stated.implied == pytest.approx(SPY * 0.95, rel=1e-15)
    assert result.warnings == ()


@pytest.mark.parametrize(
    ("stated", "warned"), [("-3.1%", False), ("-6.9%", False), ("-2.9%", True), ("-7.1%", True)]
)
def test_a_stated_move_over_two_points_off_is_warned_of(stated: str, warned: bool) -> None:
    result = compiled(
        (Shock.of("spot", "-50%", issuer=["NVDA", "KO"]), Shock.of("spot", stated, issuer="SPY"))
    )
    assert bool(result.warnings) is warned
    if warned:
        expected = f"s1: shock 2 moves spot/SPY by {stated}, and what it moves with implies -5%"
        assert [str(warning) for warning in result.warnings] == [expected]


def test_a_fund_stated_alone_is_compared_with_standing_still() -> None:
    result = compiled((Shock.of("spot", "-20%", issuer="SPY"),))
    (effect,) = effects(result, "spot/SPY")
    assert effect.implied == SPY
    assert "implies +0%" in str(result.warnings[0])


def test_links_follow_links() -> None:
    outer = FactorLink(key("spot/FUND"), betas=((key("spot/SPY"), 2.0),))
    market = with_levels(MARKET, {"spot/FUND": 50.0}, outer)
    names = Shock.of("spot", "-50%", issuer=["NVDA", "KO"])
    result = compiled((names,), (names, Shock.of("spot", "-10%", issuer="SPY")), market=market)
    assert levels(result, "spot/FUND") == pytest.approx([50.0, 50.0 * 0.95**2, 50.0 * 0.9**2], rel=1e-14)


def test_a_bond_fund_falls_when_rates_rise() -> None:
    durations = ((key("zero_rate/USD/10Y"), 10.0), (key("zero_rate/USD/5Y"), 5.0))
    market = with_levels(MARKET, {"spot/TLT": 88.0}, FactorLink(key("spot/TLT"), durations=durations))
    result = compiled((Shock.of("zero_rate", "+100bp", curve="USD"),), market=market)
    assert levels(result, "spot/TLT")[1] == pytest.approx(88.0 * 2.718281828459045**-0.15, rel=1e-13)


def test_a_private_copy_follows_the_link_from_its_own_base() -> None:
    market = with_levels(MARKET, {"spot/SPY#fund": 600.0})
    names = Shock.of("spot", "-50%", issuer=["NVDA", "KO"])
    result = compiled((names,), (names, Shock.of("spot", "-4%", issuer="SPY")), market=market)
    assert levels(result, "spot/SPY#fund") == pytest.approx([600.0, 570.0, 576.0], rel=1e-15)
    assert result.warnings == ()


def test_a_link_that_leaves_the_domain_is_told() -> None:
    inverse = FactorLink(key("spot/SQQQ"), weights=((key("spot/NVDA"), -3.0),))
    market = with_levels(MARKET, {"spot/SQQQ": 15.0}, inverse)
    with pytest.raises(InputError) as error:
        compiled(
            (Shock.of("spot", "-10%", issuer="NVDA"),),
            (Shock.of("spot", "+40%", issuer="NVDA"),),
            market=market,
        )
    assert str(error.value) == (
        "error[ST321] scenario 's2' takes spot/SQQQ through its link from 15 to -3; expected a level above 0"
    )


@settings(deadline=None, max_examples=40)
@given(st.floats(0.0, 3.0), st.floats(-0.9, 1.0))
def test_an_unmoved_source_changes_no_bit(severity: float, relative: float) -> None:
    """A fund of names of which one moves equals a fund of that name alone."""
    shock = Shock.of("spot", f"{relative:+.6%}", issuer="NVDA")
    alone = replace(MARKET, links=(FactorLink(key("spot/SPY"), weights=((key("spot/NVDA"), 0.08),)),))
    everything, single = (
        compiled((shock,), severity=severity),
        compiled((shock,), market=alone, severity=severity),
    )
    assert levels(everything, "spot/SPY") == levels(single, "spot/SPY")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["NVDA", "AMD", "KO", "SAP"]), unique=True), st.integers(1, 4))
def test_a_scenario_gives_the_same_bits_in_any_company(names: list[str], n_others: int) -> None:
    shocks = tuple(Shock.of("spot", "-37%", issuer=name) for name in names)
    others = [(Shock.of("spot", f"-{10 * number}%", region="US"),) for number in range(1, n_others + 1)]
    alone, together = compiled(shocks), compiled(*others, shocks)
    assert levels(alone, "spot/SPY")[-1] == levels(together, "spot/SPY")[-1]
