"""What became of a network's firms, in numbers and words, against the state that gives them."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from tests.fixtures.scenario_networks import use_of
from tests.scenarios.markets import key, small_market

from stresstest.measures.network_losses import firm_words, network_losses
from stresstest.scenarios.network_factors import with_network_factors
from stresstest.scenarios.network_moves import NetworkMoves, network_moves
from stresstest.scenarios.scenario import Scenario

STOP = Scenario("stop", (), "12m", network=use_of())
MARKET = with_network_factors(small_market(), [STOP])


def moves(scenario: Scenario = STOP, **levels: float) -> NetworkMoves:
    stated = {
        key(text.replace("__", "/")): np.array([MARKET.levels[key(text.replace("__", "/"))], level])
        for text, level in levels.items()
    }
    found = network_moves(scenario, MARKET, stated, 2)
    assert found is not None
    return found


def test_a_network_without_a_shock_tells_of_nobody() -> None:
    losses = network_losses("calm", moves())
    assert losses.firms == ()
    assert losses.converged
    assert firm_words(moves()) == frozenset()


def test_a_lab_without_new_money_fails_in_the_month_in_which_its_cash_ends() -> None:
    # 5 of cash against 20 a year, of which the management stops 15 %: 5 / (17 / 12) months.
    losses = network_losses("stop", moves(funding__LAB=0.0))
    (lab,) = [firm for firm in losses.firms if firm.firm == "LAB"]
    assert lab.failed_month == pytest.approx(5.0 / (0.85 * 20.0 / 12.0), rel=1e-9)
    assert lab.equity_before == 200.0
    assert -1.0 <= lab.equity_change < -0.5
    assert "LAB runs out of money" in firm_words(moves(funding__LAB=0.0))


def test_the_probability_that_its_money_ends_is_told_of_a_firm_that_may_fail() -> None:
    # A tenth of 15 that lack of 20 burnt, of which 15 % can be saved: 1.5 less of 3 until the end; overruns
    # have a deviation of half of what is burnt.
    normal = NormalDist()
    doubt, before = (2.0 * normal.cdf(-left / (20.0 * 0.5)) for left in (1.5, 3.0))
    (lab,) = [item for item in network_losses("less", moves(funding__LAB=0.9)).firms if item.firm == "LAB"]
    assert lab.failed_month is None
    assert lab.doubt == pytest.approx((doubt - before) / (1.0 - before), rel=1e-9)
    failed = network_losses("stop", moves(funding__LAB=0.0)).firms
    assert {item.firm: item.doubt for item in failed}["LAB"] == 1.0


def test_firms_come_by_the_money_that_they_lose() -> None:
    losses = network_losses("cut", moves(capex__AMD=0.0, funding__LAB=0.0))
    lost = [firm.equity_before * firm.equity_change for firm in losses.firms]
    assert lost == sorted(lost)
    assert losses.firms[0].firm == "NVDA"


def test_the_mechanisms_come_in_the_order_in_which_they_ran() -> None:
    losses = network_losses("stop", moves(replace(STOP, network=use_of("clearing", "capitalised_revenue"))))
    assert losses.mechanisms == ("capitalised_revenue", "clearing")
    assert set(losses.rounds) == {"months", "maturity"}
    assert losses.run_risks == ()
