from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.fixtures.books import instrument, portfolio

import stresstest as st
from stresstest import api
from stresstest.market.keys import RiskFactorKey
from stresstest.reverse.losses import LossFunction
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

MARKET = st.load_market()
NVDA, QQQ = RiskFactorKey("spot", "NVDA"), RiskFactorKey("spot", "QQQ")
VOL = RiskFactorKey("implied_vol", "NVDA", "3M")
RATE = RiskFactorKey("zero_rate", "USD", "5Y")
PUT = instrument("european_option", underlying="NVDA", right="put", strike=180.0, expiry="2026-01-16")
ROWS = [
    ("nvda", instrument("equity", issuer="NVDA"), 100.0),
    ("qqq", instrument("fund", issuer="QQQ"), 50.0),
    ("put", PUT, 200.0),
]


def loss_of(*keys: RiskFactorKey) -> LossFunction:
    book = api.compile_portfolios(portfolio(ROWS), MARKET)
    return LossFunction(book, keys, 0, np.full(len(keys), 0.3))


def test_a_move_costs_what_the_scenario_that_states_it_costs() -> None:
    loss = loss_of(NVDA, RATE)
    move = np.array([np.log(0.7), 0.01])
    shocks = (
        Shock.of("spot", "-30%", name="NVDA"),
        Shock.of("zero_rate", "+100bp", curve="USD", tenor="5Y"),
    )
    run = st.stress(portfolio(ROWS), ScenarioSet((Scenario("fall", shocks, "12m"),)), MARKET)
    assert float(loss([move])[0]) == pytest.approx(-run.to_numpy()[0, 0], rel=1e-12)
    # The fund follows its constituents: it loses more than the share and the put alone.
    pnl = loss.positions([move]).position_pnl[:, 1]
    assert pnl[1] < 0.0
    assert float(pnl.sum()) == pytest.approx(-float(loss([move])[0]), rel=1e-12)


def test_the_gradient_is_that_of_finite_moves() -> None:
    loss = loss_of(NVDA, VOL)
    move = np.array([-0.2, 0.05])
    at, gradient = loss.gradient(move)
    assert at == pytest.approx(float(loss([move])[0]), rel=1e-14)
    for row in range(2):
        step = 1e-4 * np.eye(2)[row]
        ahead, behind = loss([move + step, move - step])
        assert gradient[row] == pytest.approx(float(ahead - behind) / 2e-4, rel=1e-5)


def test_private_copies_move_as_their_public_factor() -> None:
    own = portfolio([("put", PUT, 200.0)])
    marked = replace(own.positions, price=(9.0,)) if hasattr(own.positions, "price") else own.positions
    book = api.compile_portfolios(replace(own, positions=marked), MARKET)
    loss = LossFunction(book, (NVDA,), 0, np.array([0.3]))
    levels = loss.levels([np.array([-0.5])])
    for key, row in levels.items():
        assert key.public_name == "NVDA"
        assert row[1] / row[0] == pytest.approx(np.exp(-0.5), rel=1e-14)


def test_factors_stop_where_a_scenario_would_be_refused_as_a_slip() -> None:
    loss = loss_of(NVDA, RATE)
    levels = loss.levels([np.array([50.0, 5.0]), np.array([-1.0, -5.0])])
    spot, rate = levels[NVDA], levels[RATE]
    assert spot[1] < 10.0 * spot[0]
    assert spot[2] == pytest.approx(spot[0] * np.exp(-1.0), rel=1e-14)
    assert abs(rate[1] - rate[0]) < 0.20
    assert abs(rate[2] - rate[0]) < 0.20


def test_a_fall_of_a_vol_leaves_its_smile_positive() -> None:
    loss = loss_of(VOL)
    levels = loss.levels([np.array([-3.0])])
    assert levels[VOL][1] > 0.0
    assert np.isfinite(loss([np.array([-3.0])])).all()
