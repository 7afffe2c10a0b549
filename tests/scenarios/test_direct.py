from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios.markets import LEVELS, key, large_market, small_market

from stresstest.errors import InputError, Problem
from stresstest.scenarios.direct import CompiledScenarios, compile_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

MARKET = small_market()


def scenario(*shocks: Shock, name: str = "test", **fields: object) -> Scenario:
    return Scenario(name, shocks, "12m", **fields)  # type: ignore[arg-type]


def compiled(*shocks: Shock, severity: float = 1.0, **fields: object) -> CompiledScenarios:
    return compile_scenarios(ScenarioSet((scenario(*shocks, **fields),)), MARKET, severity)


def level(result: CompiledScenarios, text: str, column: int = 1) -> float:
    return float(result.columns.bind([key(text)]).chunk(0, column, column + 1)[0, 0])


def problems(*shocks: Shock, severity: float = 1.0, **fields: object) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        compiled(*shocks, severity=severity, **fields)
    return error.value.problems


def test_columns_are_the_base_and_one_for_each_scenario() -> None:
    crash = scenario(Shock.of("spot", "-60%", theme="ai_accelerators"), name="crash", probability=0.05)
    rates = scenario(Shock.of("zero_rate", "+150bp", curve="USD"), name="rates")
    result = compile_scenarios(ScenarioSet((crash, rates)), MARKET)
    columns = result.columns
    assert columns.table.scenario == ("base", "crash", "rates")
    assert columns.table.stage == ("base", "direct", "direct")
    assert columns.table.probability[1] == 0.05
    assert np.isnan(columns.table.probability[2])
    rows = columns.bind([key("spot/NVDA"), key("zero_rate/USD/5Y"), key("spot/SAP")]).chunk(0, 0, 3)
    assert rows.tolist() == [
        [187.62, 187.62 * 0.4, 187.62],
        [0.0372, 0.0372, 0.0372 + 0.015],
        [231.0, 231.0, 231.0],
    ]
    assert dict(columns.base) == {key(text): value for text, value in LEVELS.items()}


def test_a_theme_exposure_scales_like_a_severity() -> None:
    half = compiled(Shock.of("spot", "-60%", theme="ai_accelerators"))
    assert level(half, "spot/AMD") == pytest.approx(164.67 * 0.4**0.5, rel=1e-14)
    twice = compiled(Shock.of("spot", "-60%", theme="ai_accelerators"), severity=2.0)
    assert level(twice, "spot/AMD") == 164.67 * 0.4
    spread = compiled(Shock.of("credit_spread", "+200bp", theme="ai_accelerators"))
    assert level(spread, "credit_spread/AMD") == 0.008 + 0.5 * 0.02


def test_a_tenor_table_is_read_at_the_tenor_of_each_factor() -> None:
    result = compiled(Shock.of("zero_rate", {"1Y": "-80bp", "5Y": "-40bp"}, currency=["USD", "EUR"]))
    moved = {str(k): row[1] - row[0] for k, row in result.columns.moved.items()}
    assert moved == pytest.approx(
        {
            "zero_rate/USD/1M": -0.008,
            "zero_rate/USD/1Y": -0.008,
            "zero_rate/USD/5Y": -0.004,
            "zero_rate/USD/10Y": -0.004,
            "zero_rate/EUR/1Y": -0.008,
            "zero_rate/EUR/10Y": -0.004,
        },
        rel=1e-12,
    )


RANKED = (
    Shock.of("spot", "-11%", currency="USD"),
    Shock.of("spot", "-12%", region="US"),
    Shock.of("spot", "-13%", sector="information_technology"),
    Shock.of("spot", "-14%", rating="AA"),
    Shock.of("spot", "-15%", survivor_tier="perhaps"),
    Shock.of("spot", "-16%", industry="semiconductors"),
    Shock.of("spot", "-17%", theme="ai_accelerators"),
    Shock.of("spot", "-18%", theme="ai_accelerators", region="US"),
    Shock.of("spot", "-19%", issuer="NVDA"),
    Shock.of("spot", "-20%", issuer="NVDA", region="US"),
)


@pytest.mark.parametrize("n_lines", range(1, len(RANKED) + 1))
def test_the_most_specific_line_wins(n_lines: int) -> None:
    result = compiled(*RANKED[:n_lines])
    assert level(result, "spot/NVDA") == 187.62 * (1.0 - (10 + n_lines) / 100)
    reasons = [effect.reason for effect in result.effects if effect.factor == key("spot/NVDA")]
    assert reasons == [f"overruled by shock {n_lines}"] * (n_lines - 1) + ["direct"]


@settings(deadline=None, max_examples=50)
@given(st.permutations(RANKED), st.sampled_from([0.3, 1.0, 1.7]))
def test_the_order_of_lines_shows_in_no_bit(lines: list[Shock], severity: float) -> None:
    expected, got = compiled(*RANKED, severity=severity), compiled(*lines, severity=severity)
    assert {k: row.tobytes() for k, row in got.columns.moved.items()} == {
        k: row.tobytes() for k, row in expected.columns.moved.items()
    }


EQUAL = (
    Shock.of("spot", "-10%", theme="ai_accelerators"),
    Shock.of("spot", "-23%", industry="semiconductors"),
    Shock.of("spot", "+7%", industry=["semiconductors", "software"]),
    Shock.of("spot", "-31%", industry=["software", "semiconductors", "consumer_staples"]),
)


@settings(deadline=None, max_examples=50)
@given(st.permutations(EQUAL[1:]), st.sampled_from(["compound", "worst_of_factor"]))
def test_the_order_of_combined_lines_shows_in_no_bit(lines: list[Shock], combine: str) -> None:
    expected, got = compiled(*EQUAL[1:], combine=combine), compiled(*lines, combine=combine)
    assert {k: row.tobytes() for k, row in got.columns.moved.items()} == {
        k: row.tobytes() for k, row in expected.columns.moved.items()
    }


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(RANKED), min_size=1, unique=True))
def test_no_severity_moves_nothing(lines: list[Shock]) -> None:
    result = compiled(*lines, Shock.of("zero_rate", "+50bp", curve="USD"), severity=0.0)
    assert result.columns.moved == {}
    everything = result.columns.bind(list(result.columns.base)).chunk(0, 0, 2)
    assert everything[:, 0].tobytes() == everything[:, 1].tobytes()


def test_a_scenario_may_do_nothing() -> None:
    result = compiled()
    assert result.columns.moved == {}
    assert result.effects == ()


@pytest.mark.parametrize(
    ("combine", "ratio", "reasons"),
    [
        ("override", 1.07, ["overruled by shock 2", "direct"]),
        ("compound", 0.77 * 1.07, ["combined with shock 2", "combined with shock 1"]),
        ("worst_of_factor", 0.77, ["direct", "overruled by shock 1"]),
    ],
)
def test_lines_of_equal_rank_combine_as_stated(combine: str, ratio: float, reasons: list[str]) -> None:
    result = compiled(*EQUAL[1:3], combine=combine)
    assert level(result, "spot/NVDA") == pytest.approx(187.62 * ratio, rel=1e-15)
    effects = [effect for effect in result.effects if effect.factor == key("spot/NVDA")]
    assert [effect.reason for effect in effects] == reasons
    assert any("worst_of_factor" in str(warning) for warning in result.warnings) is (
        combine == "worst_of_factor"
    )


def test_combining_leaves_less_specific_lines_out() -> None:
    result = compiled(*EQUAL, combine="compound")
    assert level(result, "spot/NVDA") == pytest.approx(187.62 * 0.9, rel=1e-15)
    assert level(result, "spot/SAP") == pytest.approx(231.0 * 1.07 * 0.69, rel=1e-15)


def test_absolute_shifts_add() -> None:
    lines = (
        Shock.of("credit_spread", "+100bp", rating="A"),
        Shock.of("credit_spread", "+50bp", rating=["A", "B"]),
    )
    result = compiled(*lines, combine="compound", severity=2.0)
    assert level(result, "credit_spread/KO") == pytest.approx(0.007 + 0.03, rel=1e-15)
    prices = (
        Shock.of("spot", "+5abs", industry="software"),
        Shock.of("spot", "-3abs", sector="information_technology", industry="software"),
    )
    assert level(compiled(*prices[:1], prices[0], combine="compound"), "spot/SAP") == pytest.approx(241.0)


def test_the_largest_move_counts_whatever_its_sign() -> None:
    lines = (Shock.of("zero_rate", "-60bp", currency="EUR"), Shock.of("zero_rate", "+90bp", currency=["EUR"]))
    assert level(compiled(*lines, combine="worst_of_factor"), "zero_rate/EUR/1Y") == 0.0195 + 0.009
    tied = (Shock.of("zero_rate", "+60bp", currency="EUR"), Shock.of("zero_rate", "-60bp", currency="EUR"))
    assert level(compiled(*tied, combine="worst_of_factor"), "zero_rate/EUR/1Y") == 0.0195 - 0.006


def test_effects_tell_from_where_to_where() -> None:
    result = compiled(Shock.of("spot", "-20%", region="US"), Shock.of("spot", "-50%", issuer="NVDA"))
    first = result.effects[0]
    assert (first.scenario, first.line, str(first.factor)) == ("test", 1, "spot/NVDA")
    assert (first.base, first.level, first.reason) == (187.62, 93.81, "overruled by shock 2")
    assert [effect.line for effect in result.effects] == [1, 2, 1, 1, 0]
    linked = result.effects[-1]
    assert (str(linked.factor), linked.reason) == ("spot/SPY", "linked")


def test_a_floor_is_counted_and_told() -> None:
    result = compiled(Shock.of("zero_rate", "-400bp", floor="0.1%", currency=["USD", "EUR"]))
    floored = [str(effect.factor) for effect in result.effects if effect.floored]
    assert floored == [f"zero_rate/USD/{tenor}" for tenor in ("1Y", "5Y")] + [
        "zero_rate/EUR/1Y",
        "zero_rate/EUR/10Y",
    ]
    assert level(result, "zero_rate/EUR/10Y") == 0.001
    assert [str(warning) for warning in result.warnings] == ["test: floor 0.1% stops 4 factors of shock 1"]


def test_optional_lines_that_reach_nothing_are_listed() -> None:
    lines = (
        Shock.of("spot", "-20%", theme="ai_cloud", optional=True),
        Shock.of("power_price", "+25%", name="PJM", optional=True),
        Shock.of("spot", "-20%", theme="staples", region="Europe", optional=True),
    )
    result = compiled(*lines)
    assert [(line.line, line.text) for line in result.unmatched] == [
        (1, "spot of theme ai_cloud"),
        (2, "power_price of name PJM"),
        (3, "spot of theme staples, region Europe"),
    ]


@pytest.mark.parametrize("severity", [-0.1, float("nan"), float("inf"), 150.0])
def test_a_severity_without_sense_is_refused(severity: float) -> None:
    (problem,) = problems(severity=severity)
    assert problem.code == "ST319"
    assert problem.suggestion == ("150%" if severity == 150.0 else "")


def test_a_probability_goes_into_the_table() -> None:
    result = compiled(probability=0.25)
    assert result.columns.table.probability[1] == 0.25


def test_only_selected_factors_are_touched() -> None:
    """Three thousand factors, one line: what is not selected costs no more than its place in the index."""
    market = large_market()
    assert len(market.levels) == 3000
    lines = (
        Shock.of("spot", "-20%", sector="sector_3"),
        Shock.of("implied_vol", {"1M": "+20vol", "1Y": "+5vol"}, rating="BBB"),
    )
    result = compile_scenarios(ScenarioSet((scenario(*lines),)), market)
    spots = sum(number % 11 == 3 for number in range(250))
    assert len(result.effects) == len(result.columns.moved) == spots + 750


def test_private_scenarios_of_one_set_do_not_touch_each_other() -> None:
    one = scenario(Shock.of("spot", "-20%", region="US"), name="one")
    two = scenario(Shock.of("spot", "-30%", issuer="SAP"), name="two")
    alone = compile_scenarios(ScenarioSet((two,)), MARKET)
    both = compile_scenarios(ScenarioSet((one, two)), MARKET)
    assert level(alone, "spot/SAP", 1) == level(both, "spot/SAP", 2)
    assert level(both, "spot/SAP", 1) == LEVELS["spot/SAP"]
    assert level(both, "spot/NVDA", 2) == LEVELS["spot/NVDA"]


def test_the_names_of_a_set_are_unique() -> None:
    with pytest.raises(InputError, match=r"ST302.*second scenario 'a'"):
        ScenarioSet((scenario(name="a"), replace(scenario(name="a"), horizon="1d")))
    kept = ScenarioSet((scenario(name="calm"), scenario(name="storm")))
    assert kept["storm"].name == "storm"
    assert len(kept) == 2
    with pytest.raises(KeyError, match="did you mean 'storm'"):
        kept["strom"]
