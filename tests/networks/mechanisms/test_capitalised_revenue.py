"""Orders lost: Leontief's inverse, operating leverage and the multiple, against numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.networks.random_networks import chosen, edge, firm, network, start, surroundings

from stresstest.networks.cascade import run_cascade
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.mechanisms.capitalised_revenue import EARNINGS, MULTIPLE, revenue_falls
from stresstest.networks.state import State
from stresstest.networks.valuation import values_of


def chain() -> Surroundings:
    """A buys 40 of B's 100, B buys 25 of C's 50."""
    nodes = [firm("A", equity=900.0, capex=80.0), firm("B", equity=500.0, revenue=100.0)]
    nodes.append(firm("C", equity=200.0, revenue=50.0))
    edges = [edge("A", "B", "revenue_dependence", per_year=40.0)]
    edges.append(edge("B", "C", "purchase_commitment", amount=90.0, per_year=25.0, status="contract"))
    return surroundings(network(nodes, edges))


def run(around: Surroundings, state: State, **settings: float) -> State:
    return run_cascade(around, state, chosen("capitalised_revenue", **settings)).state


def test_a_cut_travels_to_suppliers_of_suppliers() -> None:
    around = chain()
    state = start(around, 2)
    state.purchases_cut[1, 0] = 0.5
    found = run(around, state)
    np.testing.assert_allclose(found.revenue_fall[1], [0.0, 0.2, 0.1], rtol=1e-14)
    # Leverage 1.5 and half a per cent of multiple: 0.70 · 0.90 and 0.85 · 0.95.
    np.testing.assert_allclose(found.reported[EARNINGS][1], [1.0, 0.70, 0.85], rtol=1e-14)
    np.testing.assert_allclose(found.reported[MULTIPLE][1], [1.0, 0.90, 0.95], rtol=1e-14)
    equity = values_of(around.balance, found).equity
    np.testing.assert_allclose(equity[1], [900.0, 500.0 * 0.63, 200.0 * 0.8075], rtol=1e-14)
    assert np.all(equity[0] == around.balance.equity)


def test_suppliers_that_keep_their_orders_stop_it() -> None:
    around = chain()
    state = start(around, 2)
    state.purchases_cut[1, 0] = 0.5
    found = run(around, state, pass_through=0.0)
    np.testing.assert_allclose(found.revenue_fall[1], [0.0, 0.2, 0.0], rtol=1e-14)


def test_circles_are_summed_as_by_leontiefs_inverse() -> None:
    shares = np.array([[0.0, 0.3, 0.1], [0.2, 0.0, 0.4], [0.5, 0.1, 0.0]])
    nodes = [firm(name, equity=100.0, revenue=10.0, capex=10.0) for name in "ABC"]
    edges = [
        edge(
            "ABC"[customer], "ABC"[supplier], "revenue_dependence", per_year=10.0 * shares[supplier, customer]
        )
        for supplier in range(3)
        for customer in range(3)
        if shares[supplier, customer] > 0.0
    ]
    around = surroundings(network(nodes, edges))
    state = start(around, 2)
    state.revenue_fall[1, 0] = 0.1
    fall, _ = revenue_falls(around, state, 1.0)
    # The stated fall of A holds; B and C solve x = S x with x_A known.
    inner = np.linalg.solve(np.eye(2) - shares[1:, 1:], shares[1:, 0] * 0.1)
    np.testing.assert_allclose(fall[1], [0.1, *inner], rtol=1e-12)


def test_what_is_passed_on_of_revenue_goes_with_revenue_not_with_spending() -> None:
    nodes = [firm("LAB", equity=100.0, revenue=10.0, capex=5.0), firm("BACKER", equity=100.0, revenue=20.0)]
    around = surroundings(network(nodes, [edge("LAB", "BACKER", "revenue_share", share=0.2)]))
    state = start(around, 3)
    state.purchases_cut[1, 0] = 1.0
    state.revenue_fall[2, 0] = 0.5
    fall = run(around, state).revenue_fall[:, 1]
    np.testing.assert_allclose(fall, [0.0, 0.0, 0.5 * 0.2 * 10.0 / 20.0], rtol=1e-14)


def test_what_the_direct_shock_has_taken_is_not_lost_again() -> None:
    around = chain()
    state = start(around, 2)
    state.losses["direct"][1, 1] = 250.0
    state.purchases_cut[1, 0] = 0.5
    lost = run(around, state).losses["capitalised_revenue"][1, 1]
    assert lost == pytest.approx(250.0 * (1.0 - 0.63), rel=1e-14)


def test_cash_is_not_lost_with_orders() -> None:
    around = chain()
    nodes = tuple(replace(node, cash=120.0) if node.id == "B" else node for node in around.network.nodes)
    around = replace(around, network=replace(around.network, nodes=nodes))
    state = start(around, 2)
    state.revenue_fall[1, 1] = 1.0
    assert run(around, state).losses["capitalised_revenue"][1, 1] == pytest.approx(500.0 - 120.0)


def test_a_vehicle_with_pledged_chips_has_no_multiple() -> None:
    around = chain()
    pledged = edge("A", "B", "collateral", amount=10.0, asset="H100", quantity=10.0)
    around = replace(around, network=replace(around.network, edges=(*around.network.edges, pledged)))
    state = start(around, 2)
    state.purchases_cut[1, 0] = 0.5
    assert run(around, state).losses["capitalised_revenue"][1, 1] == 0.0


def test_a_larger_cut_loses_no_less() -> None:
    around = chain()
    state = start(around, 41)
    state.purchases_cut[:, 0] = np.linspace(0.0, 1.0, 41)
    lost = run(around, state).losses["capitalised_revenue"]
    assert np.all(np.diff(lost, axis=0) >= 0.0)
    assert np.all(lost[0] == 0.0)
    assert np.all(lost[-1, 1:] > 0.0)
