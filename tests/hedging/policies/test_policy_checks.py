"""Policies against the market and the scenarios: what is not there is named at its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.hedging.small_policies import policy, with_rule

from stresstest.cli.files.policies import library_scenarios
from stresstest.errors import InputError
from stresstest.hedging.policies.policy import Policy
from stresstest.hedging.policies.policy_checks import KnownScenarios, policy_problems, require_fit
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.io.resources import names
from stresstest.market.loading import load_market
from stresstest.scenarios.loading import load_scenarios

MARKET = load_market("2025-10-03")
KNOWN = KnownScenarios({"time_bomb": "12m", "boom_continues": "12m", "sudden_gap": "1d"}, ("ai_burst_12m",))


def messages(read: Policy) -> list[str]:
    return [problem.format() for problem in policy_problems(read, MARKET, KNOWN)]


def test_a_policy_that_fits_has_no_problem() -> None:
    assert messages(policy()) == []


@pytest.mark.parametrize("name", [name for name, _ in names("hedges")])
def test_shipped_policies_fit_the_library(name: str) -> None:
    assert list(policy_problems(load_policy(name), MARKET, library_scenarios())) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("min_participation: 45%, scenario: boom", "<text>:9:60: error[ST479] scenario 'boom'"),
        ("max_loss: 9%, scenario: sudden_gap", "scenario 'sudden_gap' over 1d in a policy over 12m"),
        ("max_loss: 9%, scenario: any", ""),
        ("max_loss: 9%, scenario: time_bomb+sudden_gap", ""),
        ("keep_with: 50%, scenario: worst, with: [sudden_gap]", ""),
        ("keep_with: 50%, scenario: worst, with: [sudden_gab]", "did you mean 'sudden_gap'?"),
        ("max_weight: 8%, by: sector, except: {tech: 9%}", "<text>:9:62: error[ST479] sector 'tech'"),
        ("max_weight: 8%, by: cluster, regime: normal", "regime 'normal'; expected one of calm"),
        ("max_weight: 8%, by: issuer, regime: normal", ""),
        ("max_weight: 8%, select: {asset_class: bonds}", "asset_class 'bonds'; expected one of"),
        ("max_exposure: 8%, theme: ai", "theme 'ai'; expected one of ai_accelerators"),
        ("min_score: 8, score: moat_scor", "did you mean 'moat_score'?"),
        ("min_score: 8, score: sector", "score 'sector', which holds text"),
        ("max_tracking_error: 8%, benchmark: {SPX: 100%}", "benchmark issuer 'SPX'"),
    ],
)
def test_each_name_that_nothing_has_is_told(text: str, expected: str) -> None:
    found = messages(with_rule(text))
    assert len(found) == bool(expected)
    assert all(expected in message for message in found)


def test_objectives_and_costs_are_checked_too() -> None:
    read = policy(
        "rules:",
        "costs:\n  half_spread:\n    - {select: {kind: etf}, half_spread: 3bp, class: judgement, reason: x}\n"
        "rules:",
    )
    assert "<text>:10:7: error[ST479] kind 'etf'" in messages(read)[0]
    assert "scenario 'time_bom'" in messages(policy("[time_bomb]", "[time_bom]"))[0]
    tail = policy(
        "{minimise: worst_loss, scenarios: [time_bomb], weight: 2}", "{minimise: expected_loss, set: s}"
    )
    assert "set 's'" in messages(tail)[0]


def test_a_market_without_a_model_cannot_measure_tracking() -> None:
    bare = replace(MARKET, factor_model_source=None)
    read = with_rule("max_tracking_error: 8%, benchmark: {SPY: 100%}")
    (problem,) = policy_problems(read, bare, KNOWN)
    assert problem.expected == "a market with a factor model"


def test_a_plan_is_refused_where_a_name_means_nothing() -> None:
    scenarios = load_scenarios(["boom_continues"])
    require_fit(policy(), MARKET, scenarios)
    with pytest.raises(InputError) as caught:
        require_fit(with_rule("max_exposure: 8%, theme: ai"), MARKET, scenarios)
    assert [problem.code for problem in caught.value.problems] == ["ST479"]
    with pytest.raises(InputError, match="scenario 'time_bom'"):
        require_fit(policy("[time_bomb]", "[time_bom]"), MARKET, scenarios)
