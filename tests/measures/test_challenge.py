from __future__ import annotations

from dataclasses import replace

import pytest

from stresstest.api import compile_portfolios, load_market, load_portfolio, load_scenarios, stress
from stresstest.measures.challenge import challenges
from stresstest.scenarios.challenger import challenger_of
from stresstest.scenarios.scenario import Propagation, ScenarioSet


def test_a_challenger_propagates_in_the_networks_place() -> None:
    (scenario,) = load_scenarios("concentration_unwind")
    challenger = challenger_of(scenario, "calm")
    assert (challenger.network, challenger.propagate) == (None, Propagation("calm"))
    assert challenger.shocks is scenario.shocks
    own = replace(scenario, propagate=Propagation("stressed"))
    assert challenger_of(own, "calm").propagate == Propagation("stressed")


def test_the_three_columns_are_three_runs_by_hand() -> None:
    market, held = load_market(), [load_portfolio("gpu_lender"), load_portfolio("pension_fund")]
    scenarios = load_scenarios("openai_funding_stop")
    (scenario,) = scenarios
    plain = tuple(load_scenarios("soft_landing"))
    book = compile_portfolios(held, market, scenarios)
    found = challenges(book, (scenario, *plain), [0.9, 1.0])
    assert [(one.portfolio, one.scenario) for one in found] == [
        ("gpu_lender", scenario.name),
        ("pension_fund", scenario.name),
    ]
    several = (
        scenario,
        replace(scenario, name="lines", network=None),
        replace(scenario, name="challenger", network=None, propagate=Propagation("stressed")),
    )
    run = stress(held, ScenarioSet(several), market, severity=0.9)
    for row, one in enumerate(found):
        pnl = run.pnl.iloc[row].tolist()
        assert [one.pnl, one.lines_pnl, one.challenger_pnl] == pytest.approx(pnl, rel=1e-12)
        assert one.difference == one.pnl - one.challenger_pnl
        assert one.challenger_pnl != one.lines_pnl


def test_a_market_without_the_regime_gives_a_reason_and_no_number() -> None:
    scenarios = load_scenarios("hidden_leverage")
    book = compile_portfolios(load_portfolio("gpu_lender"), load_market(), scenarios)
    (found,) = challenges(book, scenarios, [1.0], "quiet")
    assert "quiet" in found.reason
    assert found.challenger_pnl != found.challenger_pnl
