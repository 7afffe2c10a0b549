"""What holds of every mechanism on any network: no shock moves nothing, a deeper one loses no less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.networks.random_networks import chosen, random_network, shocked, start, surroundings

from stresstest.networks.cascade import run_cascade
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import SELLERS
from stresstest.networks.registry import all_mechanisms
from stresstest.networks.state import State
from stresstest.networks.valuation import values_of

SEEDS = range(6)


def sellers_only(seed: int) -> Surroundings:
    """Return a random network without institutions that buy: their purchases may help others."""
    network = random_network(seed)
    buyers = {node.id for node in network.nodes if node.behaviour and node.behaviour not in SELLERS}
    edges = tuple(edge for edge in network.edges if edge.first not in buyers)
    return surroundings(replace(network, edges=edges))


def ray(around: Surroundings, seed: int, sizes: np.ndarray) -> State:
    """Return one shock of every kind at rising sizes, the first of which is nothing."""
    whole, state = shocked(around, 2, seed), start(around, len(sizes))
    size = sizes[:, None]
    state.purchases_cut[:] = size * whole.purchases_cut[1]
    state.revenue_fall[:] = size * whole.revenue_fall[1]
    state.funding[:] = 1.0 - size * (1.0 - whole.funding[1])
    state.losses["direct"][:] = size * whole.losses["direct"][1]
    for asset, price in state.prices.items():
        price[:] = 1.0 - sizes * (1.0 - whole.prices[asset][1])
    return state


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", all_mechanisms())
def test_a_deeper_shock_loses_no_less(name: str, seed: int) -> None:
    around = sellers_only(seed)
    outcome = run_cascade(around, ray(around, seed + 100, np.linspace(0.0, 1.0, 25)), chosen(name))
    assert np.all(outcome.converged)
    values = values_of(around.balance, outcome.state)
    scale = np.maximum(around.balance.equity, 1.0)
    assert np.all(np.diff(values.equity, axis=0) <= 1e-9 * scale)
    assert np.all(np.diff(values.debt, axis=0) <= 1e-12)
    assert np.all(np.diff(outcome.state.failed, axis=0) >= 0.0)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", all_mechanisms())
def test_no_shock_moves_nothing(name: str, seed: int) -> None:
    around = surroundings(random_network(seed))
    outcome = run_cascade(around, start(around, 3), chosen(name))
    values = values_of(around.balance, outcome.state)
    np.testing.assert_allclose(values.equity, np.tile(around.balance.equity, (3, 1)), rtol=1e-12)
    np.testing.assert_allclose(values.debt, 1.0, rtol=0.0, atol=1e-14)
    assert not np.any(outcome.state.failed)
    assert np.all(outcome.state.total_loss <= 1e-12 * np.maximum(around.balance.external, 1.0))


@pytest.mark.parametrize("seed", SEEDS)
def test_all_together_are_monotone_and_limited(seed: int) -> None:
    """Liability is limited, no debt is worth more than its face, and a deeper shock loses no less."""
    around = sellers_only(seed)
    outcome = run_cascade(around, ray(around, seed + 200, np.linspace(0.0, 1.0, 41)), chosen())
    assert np.all(outcome.converged)
    values, scale = values_of(around.balance, outcome.state), np.maximum(around.balance.equity, 1.0)
    assert np.all(values.equity >= 0.0)
    assert np.all((values.debt >= 0.0) & (values.debt <= 1.0))
    assert np.all(np.diff(values.equity, axis=0) <= 1e-9 * scale)
    assert np.all(np.diff(values.debt, axis=0) <= 1e-12)
    assert np.all(np.diff(outcome.state.doubt, axis=0) >= -1e-12)
