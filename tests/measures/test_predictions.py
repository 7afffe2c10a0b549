"""Scenarios scored against what happened: small hand-made cases, then the shipped episodes."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.factor_models import random_model
from tests.scenarios.markets import small_market

from stresstest.api import load_market, load_scenarios
from stresstest.arrays import frozen
from stresstest.errors import InputError
from stresstest.io.tables import read_table
from stresstest.market.estimation.history import PriceHistory
from stresstest.market.keys import RiskFactorKey
from stresstest.measures.predictions import CardOptions, group_of, scorecard
from stresstest.measures.realised import read_realised
from stresstest.measures.scorecard import score
from stresstest.scenarios.scenario import Scenario, Shock

GOLDEN = Path(__file__).parents[1] / "golden"
MARKET = small_market()
SCENARIO = Scenario(
    "fall",
    (
        Shock.of("spot", "-40%", issuer="NVDA"),
        Shock.of("spot", "-10%", industry="semiconductors"),
        Shock.of("spot", "+2%", sector="consumer_staples"),
    ),
    "1d",
)
REALISED = {"NVDA": -0.3, "AMD": -0.2, "KO": 0.01, "SPY": -0.05, "GONE": -1.0}


def test_names_are_predicted_as_the_scenario_moves_them():
    card = scorecard(SCENARIO, REALISED, MARKET, CardOptions())
    found = {item.name: item for item in card.names}
    assert found["NVDA"].predicted == pytest.approx(-0.4)
    assert found["AMD"].predicted == pytest.approx(-0.1)
    assert found["SPY"].predicted == pytest.approx(-0.08 * 0.4 - 0.01 * 0.1 + 0.02 * 0.02)
    assert [item.name for item in card.names if item.stated] == ["NVDA"]
    assert card.unpriced == ("GONE",)
    assert card.left_out is None
    assert card.unstated.n_names == 3


def test_a_group_is_the_theme_of_fewest_names_among_those_of_largest_exposure():
    market = replace(
        MARKET,
        issuers={
            "A": replace(MARKET.issuers["NVDA"], id="A", themes={"wide": 1.0, "narrow": 1.0}),
            "B": replace(MARKET.issuers["NVDA"], id="B", themes={"wide": 1.0, "narrow": 0.2}),
            "C": replace(MARKET.issuers["KO"], id="C", themes={}),
        },
    )
    groups = [group_of(market, market.issuers[name], "theme") for name in "ABC"]
    assert groups == ["narrow", "wide", "consumer_staples"]
    assert group_of(market, market.issuers["A"], "sector") == "information_technology"


def test_a_name_left_out_is_predicted_from_the_other_groups_alone():
    keys = tuple(RiskFactorKey("spot", name) for name in ("NVDA", "AMD", "KO"))
    market = replace(MARKET, factor_model_source=lambda: random_model(3, 2, keys=keys))
    card = scorecard(SCENARIO, REALISED, market, CardOptions(regime=next(iter(market.factor_model.regimes))))
    left_out = {item.name: item.left_out for item in card.names}
    assert left_out["SPY"] is None
    louder = replace(SCENARIO, shocks=(Shock.of("spot", "-80%", issuer="NVDA"), *SCENARIO.shocks[1:]))
    again = scorecard(louder, REALISED, market, CardOptions(regime=next(iter(market.factor_model.regimes))))
    louder_out = {item.name: item.left_out for item in again.names}
    assert louder_out["AMD"] == left_out["AMD"]
    assert louder_out["KO"] != left_out["KO"]


def history(betas, days=520, seed=3):
    """Return prices in which each name moves by its betas on NVDA and QQQ and nothing else."""
    returns = np.random.default_rng(seed).normal(0.0, 0.01, (days, 2))
    columns = [returns[:, 0], returns[:, 1], *(returns @ np.array(pair) for pair in betas.values())]
    first = date(2023, 1, 2)
    return PriceHistory(
        "made",
        tuple(first + timedelta(days=day) for day in range(days)),
        ("NVDA", "QQQ", *betas),
        frozen(np.cumsum(np.stack(columns, axis=1), axis=0)),
    )


def test_the_baseline_is_a_regression_on_what_came_before():
    realised = {**REALISED, "QQQ": -0.03}
    prices = history({"AMD": (0.5, 1.2), "KO": (-0.1, 0.4)})
    card = scorecard(SCENARIO, realised, MARKET, CardOptions(history=prices))
    found = {item.name: item.baseline for item in card.names}
    expected = math.exp(0.5 * math.log(0.7) + 1.2 * math.log(0.97)) - 1.0
    assert found["AMD"] == pytest.approx(expected, rel=1e-9)
    assert found["NVDA"] is None
    assert card.note == "regression on NVDA and QQQ"
    early = scorecard(SCENARIO, realised, MARKET, CardOptions(history=prices, before=date(2023, 1, 20)))
    assert all(item.baseline is None for item in early.names)


def test_too_few_names_in_common_are_refused():
    with pytest.raises(InputError, match="ST461"):
        scorecard(SCENARIO, {"NVDA": -0.1, "GONE": 0.0}, MARKET, CardOptions())


def test_an_unknown_regime_is_refused():
    keys = tuple(RiskFactorKey("spot", name) for name in ("NVDA", "AMD", "KO"))
    market = replace(MARKET, factor_model_source=lambda: random_model(3, 2, keys=keys))
    with pytest.raises(InputError, match="ST326"):
        scorecard(SCENARIO, REALISED, market, CardOptions(regime="wild"))


@cache
def shipped(scenario, episode, day):
    """Return the card of a shipped scenario on the shipped market as if on `day`, every spot at 100."""
    market = load_market()
    levels = {key: 100.0 if key.kind == "spot" else level for key, level in market.levels.items()}
    market = replace(market, as_of=day, levels=levels)
    realised = read_realised(GOLDEN / f"{episode}.csv")
    return scorecard(load_scenarios(scenario)[scenario], realised, market, CardOptions())


def baseline(episode, names):
    """Return the restated baseline and the realised move of `names` that have one."""
    table = read_table(GOLDEN / f"{episode}.csv")
    rows = zip(table.texts("issuer"), table.texts("return"), table.texts("baseline"), strict=True)
    return {
        name: (float(plain.rstrip("%")) / 100, float(move.rstrip("%")) / 100)
        for name, move, plain in rows
        if plain and name in names
    }


def test_the_day_of_the_cost_shock_is_predicted_better_than_by_betas():
    card = shipped("deepseek_cost_shock", "deepseek_day", date(2025, 1, 24))
    everything = score((item.predicted, item.realised) for item in card.names)
    assert everything.n_names >= 150
    assert everything.directions >= 0.9
    assert everything.median_error < 0.001
    left_out = {item.name: item.left_out for item in card.names if item.left_out is not None}
    plain = baseline("deepseek_day", left_out)
    assert len(plain) >= 40
    ours = score((left_out[name], realised) for name, (_, realised) in plain.items())
    theirs = score(plain.values())
    assert theirs.directions > 0.8
    assert 1.0 - ours.mean_error / theirs.mean_error > 0.1
    assert ours.rank_correlation > theirs.rank_correlation


def test_the_dotcom_years_are_predicted_by_role():
    card = shipped("dotcom_replay", "dotcom_2000_2002", date(2025, 10, 3))
    assert card.stated is None
    assert card.unstated.n_names >= 60
    assert card.unstated.directions > 0.7
    assert card.unstated.median_error < 0.25
    assert card.unstated.rank_correlation > 0.7
