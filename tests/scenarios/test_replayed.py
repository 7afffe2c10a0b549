"""Windows of a user's own history on today's factors."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.scenarios.markets import LEVELS, key, small_market, with_levels

from stresstest.errors import InputError
from stresstest.scenarios.direct import CompiledScenarios, compile_scenarios
from stresstest.scenarios.effects import LINKED, REPLAYED
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.replay import Replay
from stresstest.scenarios.scenario import ScenarioSet

MARKET = small_market()

PRICES = """\
date,NVDA,AMD,SPY,GONE,TNX,HY
2020-02-18,99,50,330,7,1.55,350
2020-02-19,100,50,340,8,1.50,360
2020-03-20,60,,250,2,0.80,1000
2020-03-23,50,40,240,1,0.75,1100
"""

REPLAY = """\
version: 1
name: again
horizon: 1m
replay:
  prices: prices.csv
  from: 2020-02-19
  to: 2020-03-23
"""

SERIES = """\
  series:
    TNX: {factor: zero_rate/USD/10Y, unit: "%"}
    HY: {factor: credit_spread/US_B, unit: bp}
"""

PROXIES = """\
  proxies:
    - {select: {sector: information_technology}, series: GONE, beta: 0.5}
    - {select: {region: [US, Europe]}, series: SPY}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prices.csv").write_text(PRICES)
    return tmp_path


def loaded(folder: Path, text: str) -> ScenarioSet:
    file = folder / "again.yaml"
    file.write_text(text)
    return load_scenarios([file])


def replayed(folder: Path, text: str, severity: float = 1.0) -> CompiledScenarios:
    return compile_scenarios(loaded(folder, text), MARKET, severity)


def ratio(result: CompiledScenarios, text: str) -> float:
    """Return the level of a factor in the scenario ÷ its level today."""
    return float(result.columns.bind([key(text)]).chunk(0, 1, 2)[0, 0]) / LEVELS[text]


def messages(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as error:
        replayed(folder, text)
    return [problem.format().split(": ", 1)[1] for problem in error.value.problems]


def test_a_share_takes_the_return_of_its_own_history(folder: Path) -> None:
    result = replayed(folder, REPLAY)
    assert ratio(result, "spot/NVDA") == pytest.approx(0.5, rel=1e-14)
    assert ratio(result, "spot/AMD") == pytest.approx(0.8, rel=1e-14)
    assert ratio(result, "spot/KO") == 1.0
    assert ratio(result, "zero_rate/USD/10Y") == 1.0


def test_a_fund_follows_its_constituents_of_today_not_its_own_history(folder: Path) -> None:
    result = replayed(folder, REPLAY)
    assert ratio(result, "spot/SPY") == pytest.approx(1.0 - 0.08 * 0.5 - 0.01 * 0.2, rel=1e-14)
    reasons = {effect.factor: effect.reason for effect in result.effects}
    assert reasons[key("spot/SPY")] == LINKED
    assert reasons[key("spot/NVDA")] == REPLAYED


def test_rates_and_spreads_take_the_change_of_given_series(folder: Path) -> None:
    result = replayed(folder, REPLAY + SERIES)
    rate, spread = LEVELS["zero_rate/USD/10Y"], LEVELS["credit_spread/US_B"]
    assert ratio(result, "zero_rate/USD/10Y") * rate - rate == pytest.approx(-0.0075, rel=1e-12)
    assert ratio(result, "credit_spread/US_B") * spread - spread == pytest.approx(0.074, rel=1e-12)
    flat = ratio(result, "zero_rate/USD/1M") * LEVELS["zero_rate/USD/1M"] - LEVELS["zero_rate/USD/1M"]
    assert flat == pytest.approx(-0.0075, rel=1e-12)


def test_proxies_stand_in_in_their_order_and_are_listed(folder: Path) -> None:
    result = replayed(folder, REPLAY + PROXIES)
    assert ratio(result, "spot/SAP") == pytest.approx(math.sqrt(1 / 8), rel=1e-14)
    assert ratio(result, "spot/KO") == pytest.approx(240 / 340, rel=1e-14)
    assert ratio(result, "spot/NVDA") == pytest.approx(0.5, rel=1e-14)
    listed = [warning.message for warning in result.warnings]
    assert "moved by proxy GONE (beta 0.5): SAP" in listed
    assert "moved by proxy SPY: KO" in listed
    unproxied = [warning.message for warning in replayed(folder, REPLAY).warnings]
    assert "without history or proxy, unmoved: KO, SAP" in unproxied


def test_a_line_of_the_scenario_replaces_what_it_reaches(folder: Path) -> None:
    line = "shocks:\n  - {select: {theme: ai_accelerators}, factor: spot, shift: -10%}\n"
    result = replayed(folder, REPLAY + line)
    assert ratio(result, "spot/NVDA") == pytest.approx(0.9)
    reasons = [effect.reason for effect in result.effects if effect.factor == key("spot/NVDA")]
    assert reasons == ["overruled by shock 1 (again.yaml:9)", "direct"]


def test_severity_scales_in_the_change_space(folder: Path) -> None:
    half = replayed(folder, REPLAY + SERIES, severity=0.5)
    assert ratio(half, "spot/NVDA") == pytest.approx(0.5**0.5, rel=1e-14)
    rate = LEVELS["zero_rate/USD/10Y"]
    assert ratio(half, "zero_rate/USD/10Y") * rate - rate == pytest.approx(-0.00375, rel=1e-12)
    assert not replayed(folder, REPLAY + SERIES, severity=0.0).columns.moved


def test_private_copies_follow(folder: Path) -> None:
    market = with_levels(MARKET, {"spot/NVDA#mine": 200.0})
    result = compile_scenarios(loaded(folder, REPLAY), market)
    row = result.columns.moved[key("spot/NVDA#mine")]
    assert row.tolist() == [200.0, pytest.approx(100.0)]


def test_a_close_may_be_a_week_old_and_no_older(folder: Path) -> None:
    (replay,) = [scenario.replay for scenario in loaded(folder, REPLAY)]
    assert isinstance(replay, Replay)
    assert replay.log_moves()["AMD"] == pytest.approx(math.log(0.8))
    late = Replay(replay.history, date(2020, 2, 26), date(2020, 3, 23))
    assert late.log_moves()["NVDA"] == pytest.approx(math.log(0.5))
    assert not Replay(replay.history, date(2020, 2, 27), date(2020, 3, 23)).log_moves()
    assert np.isnan(replay.history.log_prices[2, 1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("2020-03-23", "2020-01-23"), "ST453] a replay from 2020-02-19 to 2020-01-23; expected a later end"),
        (("2020-03-23", "2021-03-23"), "ST452] replay to 2021-03-23; expected a date from 2020-02-18 to"),
        (("prices.csv", "price.csv"), "ST100] no such file"),
        (("TNX:", "TNY:"), "ST452] series 'TNY'; expected a name of"),
        (("zero_rate/USD/10Y", "rate/USD/10Y"), "ST202"),
        (("zero_rate/USD/10Y", "spot/XAU"), "ST453] unit % of spot/XAU; expected no unit"),
        (('unit: "%"', "unit: percent"), "ST154] text 'percent'"),
        (("series: GONE", "series: LOST"), "ST452] series 'LOST'"),
        (("beta: 0.5", "beta: half"), "ST152"),
        (("sector: information_technology", "sectr: tech"), "did you mean 'sector'?"),
    ],
)
def test_a_replay_that_does_not_fit_together_is_refused(
    folder: Path, change: tuple[str, str], message: str
) -> None:
    text = (REPLAY + SERIES + PROXIES).replace(*change)
    assert any(message in text for text in messages(folder, text)), messages(folder, text)


def test_a_replay_that_moves_nothing_is_refused(folder: Path) -> None:
    (folder / "prices.csv").write_text("date,GONE\n2020-02-19,1\n2020-03-23,2\n")
    assert "which moves nothing in market small" in messages(folder, REPLAY)[0]
