"""A kept book gives the bits of a run under every move and trade, in whatever order they come."""

from __future__ import annotations

import numpy as np
import pytest
from tests.explore.conftest import PORTFOLIOS

import stresstest as st
from stresstest.explore.live import LiveBook
from stresstest.explore.moves import Move
from stresstest.scenarios.scenario import ScenarioSet


def same(found, expected):
    assert [held.name for held in found.portfolios] == [held.name for held in expected.portfolios]
    assert np.array_equal(found.total, expected.total)
    for one, other in zip(found.portfolios, expected.portfolios, strict=True):
        assert np.array_equal(one.value, other.value)
        assert np.array_equal(one.position_value, other.position_value, equal_nan=True)
        assert one.failures == other.failures


MOVES = [
    ("ai_capex_collapse", {}, 1.0),
    ("ai_capex_collapse", {"capex_cut": "65%"}, 1.0),
    ("ai_capex_collapse_network", {"capex_cut": "65%"}, 0.8),
    ("slow_grind", {}, 1.1),
    ("ai_capex_collapse", {"capex_cut": "10%"}, 0.0),
    ("ai_capex_collapse", {}, 1.0),
]


@pytest.mark.parametrize("names", [PORTFOLIOS, PORTFOLIOS[1:]])
def test_moves_one_after_the_other_give_the_bits_of_runs(live, portfolios, scenarios, market, names):
    chosen = [one for one in portfolios if one.name in names]
    for name, drivers, severity in MOVES:
        scenario = scenarios[name].with_drivers(**drivers)
        found = live.stress(Move(scenario, tuple(drivers.items()), severity), names)
        expected = st.stress(chosen, ScenarioSet((scenario,)), market, severity=severity)
        same(found.result, expected.result)


def test_portfolios_that_act_in_a_network_act_as_in_a_run(market):
    portfolios = [st.load_portfolio(name) for name in ("ai_growth_fund", "ai_long_short")]
    scenarios = ScenarioSet(tuple(st.load_scenarios("hidden_leverage")))
    live = LiveBook.of(portfolios, scenarios, market)
    for names in (("ai_growth_fund", "ai_long_short"), ("ai_long_short",), ("ai_growth_fund",)):
        chosen = [one for one in portfolios if one.name in names]
        found = live.stress(Move(scenarios["hidden_leverage"]), names)
        same(found.result, st.stress(chosen, scenarios, market).result)


def test_between_is_called_and_ends_the_work(live, scenarios):
    class EndedError(Exception):
        pass

    def end():
        raise EndedError

    with pytest.raises(EndedError):
        live.stress(Move(scenarios["slow_grind"], severity=0.123), PORTFOLIOS, end)


def test_two_scenarios_at_one_severity_do_not_share_values(live, scenarios):
    one = live.stress(Move(scenarios["ai_capex_collapse"]), PORTFOLIOS).result.total[-1]
    other = live.stress(Move(scenarios["ai_capex_collapse_network"]), PORTFOLIOS).result.total[-1]
    assert one != other
