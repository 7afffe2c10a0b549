"""Rows by rule: curves, spreads, vols and currencies of the shipped market."""

from __future__ import annotations

import pytest

from stresstest.market.estimation.definitions import DEFINITIONS, EQUITY_FACTORS
from stresstest.market.estimation.rules import (
    CREDIT_GRADES,
    LARGEST_RATIO,
    fx_rules,
    rate_rules,
    rate_weights,
    spread_rules,
    vol_rules,
)
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot

KEY = RiskFactorKey.parse


@pytest.fixture(scope="module")
def market() -> MarketSnapshot:
    return load_market("2025-10-03")


@pytest.mark.parametrize("years", [0.08, 0.25, 0.7, 1.0, 2.0, 3.3, 10.0, 17.0, 25.0, 30.0])
def test_a_rate_lies_between_the_three_yields(years: float) -> None:
    weights = rate_weights(years)
    assert min(weights) >= 0.0
    assert sum(weights) == pytest.approx(1.0 if years >= 2.0 else weights[0])
    assert weights[0] <= 1.0


def test_a_parallel_shift_moves_all_rates_from_two_years_alike(market: MarketSnapshot) -> None:
    rules = {rule.key: rule.exposures for rule in rate_rules(market)}
    nodes = [market.curves[curve].keys() for curve in ("USD", "USD_SOFR")]
    assert set(rules) == {*nodes[0], *nodes[1]}
    # Level 1 with slope and curvature 0 is a parallel shift; slope alone opens 2 to 30 years by 1.
    for tenor in ("2Y", "5Y", "10Y", "20Y", "30Y"):
        assert rules[KEY(f"zero_rate/USD/{tenor}")]["rates_level"] == pytest.approx(1.0)
    slope = {t: rules[KEY(f"zero_rate/USD/{t}")]["rates_slope"] for t in ("2Y", "30Y")}
    assert slope["30Y"] - slope["2Y"] == pytest.approx(1.0)
    curvature = {t: rules[KEY(f"zero_rate/USD/{t}")]["rates_curvature"] for t in ("2Y", "10Y", "30Y")}
    assert 2.0 * curvature["10Y"] - curvature["2Y"] - curvature["30Y"] == pytest.approx(1.0)


def test_spreads_are_graded(market: MarketSnapshot) -> None:
    rules = {rule.key.name: rule.exposures for rule in spread_rules(market, {})}
    high_yield = [rules[f"US_{rating}"]["credit_high_yield"] for rating in ("BB", "B", "CCC")]
    assert high_yield[1] / high_yield[0] == pytest.approx(1.8, rel=0.01)
    assert high_yield[2] / high_yield[0] == pytest.approx(4.5, rel=0.01)
    index = 0.54 * high_yield[0] + 0.345 * high_yield[1] + 0.115 * high_yield[2]
    assert index == pytest.approx(1.0, rel=0.01)
    grades = [rules[f"US_{rating}"]["credit_investment_grade"] for rating in ("AAA", "AA", "A", "BBB")]
    assert grades == sorted(grades)
    weights = (0.01, 0.08, 0.44, 0.47)
    assert sum(w * g for w, g in zip(weights, grades, strict=True)) == pytest.approx(1.0, rel=0.02)


def test_an_issuers_spread_follows_its_rating_and_its_share(market: MarketSnapshot) -> None:
    equity = {"CRWV": {"market": 2.0, "ai_cloud": 1.0, "gold": 0.3}}
    (rule,) = [rule for rule in spread_rules(market, equity) if rule.key.name == "CRWV"]
    level = market.levels[KEY("credit_spread/CRWV")]
    index = market.levels[KEY("credit_spread/US_B")]
    assert rule.exposures["credit_high_yield"] == pytest.approx(
        CREDIT_GRADES["B"] * min(level / index, LARGEST_RATIO)
    )
    # Its share falls by a log unit through AI clouds: the spread widens by half of itself.
    assert rule.exposures["ai_cloud"] == pytest.approx(-0.5 * level)
    assert "market" not in rule.exposures
    assert "gold" not in rule.exposures


def test_vols_fall_off_with_the_root_of_time(market: MarketSnapshot) -> None:
    rules = {rule.key: rule.exposures for rule in vol_rules(market, {"NVDA": {"ai": 1.5, "market": 2.0}})}
    short, long = KEY("implied_vol/SPY/1M"), KEY("implied_vol/SPY/12M")
    relative = [rules[key]["volatility"] / market.levels[key] for key in (short, long)]
    assert relative[0] / relative[1] == pytest.approx(12.0**0.5)
    name = rules[KEY("implied_vol/NVDA/1M")]
    assert name["volatility"] / market.levels[KEY("implied_vol/NVDA/1M")] < relative[0]
    assert name["ai"] < 0.0
    assert "market" not in name


def test_currencies_follow_the_dollar(market: MarketSnapshot) -> None:
    rules = {rule.key.name: rule.exposures["dollar"] for rule in fx_rules(market)}
    assert rules["EURUSD"] < 0.0 < rules["USDJPY"]


def test_factors_are_taken_out_of_later_ones_only() -> None:
    names = [definition.name for definition in DEFINITIONS]
    assert len(set(names)) == len(names)
    for place, definition in enumerate(DEFINITIONS):
        assert set(definition.against) <= set(names[:place])
        assert bool(definition.members) != bool(definition.weights)
    assert set(EQUITY_FACTORS) <= set(names)
