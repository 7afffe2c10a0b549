"""Cascades: what must hold of them whatever the network, who leaves when, and what does not come to rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
import pytest
from tests.networks.random_networks import (
    chosen,
    edge,
    firm,
    network,
    permuted,
    random_network,
    shocked,
    start,
    surroundings,
)

from stresstest.networks import cascade
from stresstest.networks.cascade import MOST_ROUNDS, Chosen, Outcome, run_cascade
from stresstest.networks.mechanism import Mechanism, Surroundings, Timescale
from stresstest.networks.oscillation import oscillation
from stresstest.networks.reading import load_network
from stresstest.networks.state import State
from stresstest.networks.valuation import business, claims_worth, stakes_worth, values_of

SHIPPED = ("ai_circular_financing", "telecom_vendor_financing_2000")


def arrays(state: State) -> dict[str, np.ndarray]:
    """Return every array of a state by name."""
    found = {}
    for item in fields(State):
        value = getattr(state, item.name)
        if isinstance(value, Mapping):
            found |= {f"{item.name}/{name}": array for name, array in value.items()}
        elif not isinstance(value, bool):
            found[item.name] = value
    return found


def assert_same_bits(part: State, whole: State, columns: list[int]) -> None:
    one, other = arrays(part), arrays(whole)
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name][columns], err_msg=name)


def around(name: str) -> Surroundings:
    return surroundings(load_network(name).on(load_network(name).as_of))


@pytest.fixture(scope="module")
def shipped() -> tuple[Surroundings, State, Outcome]:
    sur = around("ai_circular_financing")
    state = shocked(sur, 60, 1)
    return sur, state, run_cascade(sur, state, chosen())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_network_without_a_shock_does_not_move_at_all(name: str) -> None:
    sur = around(name)
    state = start(sur, 3)
    outcome = run_cascade(sur, state, chosen())
    np.testing.assert_array_equal(outcome.state.distance(state, np.ones(len(sur.network.nodes))), 0.0)
    np.testing.assert_array_equal(outcome.residual, 0.0)
    worth = values_of(sur.balance, outcome.state)
    np.testing.assert_allclose(worth.equity, np.tile(sur.balance.equity, (3, 1)), rtol=1e-12)
    np.testing.assert_array_equal(worth.debt, 1.0)


@pytest.mark.parametrize("seed", range(6))
def test_a_random_network_without_a_shock_moves_nowhere_else_than_in_column_0(seed: int) -> None:
    sur = surroundings(random_network(seed))
    outcome = run_cascade(sur, start(sur, 4), chosen())
    for name, array in arrays(outcome.state).items():
        np.testing.assert_array_equal(array, np.broadcast_to(array[:1], array.shape), err_msg=name)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_gains_and_nobody_owes_more_than_all(seed: int) -> None:
    sur = surroundings(random_network(seed))
    state = shocked(sur, 40, seed)
    outcome = run_cascade(sur, state, chosen())
    first, last = values_of(sur.balance, start(sur, 40)), values_of(sur.balance, outcome.state)
    assert outcome.converged.all()
    assert np.all(last.equity >= 0.0)
    assert np.all(last.equity <= first.equity * (1.0 + 1e-12))
    assert np.all((last.debt >= 0.0) & (last.debt <= 1.0))
    assert np.all(last.equity < 0.999 * first.equity, axis=1).any() or np.any(last.debt < 1.0)
    for name in ("purchases_cut", "order_cuts", "revenue_fall", "funding", "failed", "paid", "expected"):
        array = getattr(outcome.state, name)
        assert np.all((array >= 0.0) & (array <= 1.0)), name
    assert np.all(outcome.state.total_loss >= 0.0)


@pytest.mark.parametrize("seed", range(6))
def test_equity_and_debt_are_assets_after_costs_of_default(seed: int) -> None:
    sur = surroundings(random_network(seed))
    state = start(sur, 30)
    size = np.random.default_rng(seed).uniform(0.5, 1.0, (29, len(sur.network.nodes)))
    state.losses["direct"][1:] = size * sur.balance.external
    costs = {"external_recovered": 0.6, "claims_recovered": 0.8}
    outcome = run_cascade(sur, state, chosen("clearing", "cross_holdings", **costs))
    worth, claims = values_of(sur.balance, outcome.state), sur.balance.claims
    outside = business(sur.balance, outcome.state)
    inside = claims_worth(claims, worth.debt) + stakes_worth(claims, worth.equity)
    broke = worth.debt < 1.0
    assert 0.05 < broke.mean() < 0.95
    assets = np.where(broke, 0.6 * outside + 0.8 * inside, outside + inside)
    np.testing.assert_allclose(worth.equity + worth.debt * sur.balance.owed, assets, rtol=1e-11)
    np.testing.assert_array_equal(worth.equity[broke], 0.0)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_firms_does_not_matter(seed: int) -> None:
    of = random_network(seed)
    order = np.random.default_rng(seed).permutation(len(of.nodes)).tolist()
    one, other = surroundings(of), surroundings(permuted(of, order))
    state = shocked(one, 25, seed)
    by_firm = {
        name: array[:, order]
        for name, array in arrays(state).items()
        if array.ndim == 2 and name not in ("order_cuts", "losses/direct")
    }
    turned = replace(state, **by_firm, losses={"direct": state.losses["direct"][:, order]})
    expected = values_of(one.balance, run_cascade(one, state, chosen()).state)
    found = values_of(other.balance, run_cascade(other, turned, chosen()).state)
    np.testing.assert_allclose(found.equity, expected.equity[:, order], rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(found.debt, expected.debt[:, order], rtol=1e-10, atol=1e-12)


def test_a_column_has_the_same_bits_in_any_company(
    shipped: tuple[Surroundings, State, Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    sur, state, outcome = shipped
    picks = np.random.default_rng(4).permutation(np.arange(1, 60))
    for columns in ([0, 5], [0, *range(20, 31)], [0, *picks[:17].tolist()]):
        part = run_cascade(sur, state.columns(np.array(columns)), chosen())
        assert_same_bits(part.state, outcome.state, columns)
        np.testing.assert_array_equal(part.residual, outcome.residual[columns])
        for timescale, rounds in part.column_rounds.items():
            np.testing.assert_array_equal(rounds, outcome.column_rounds[timescale][columns])
    monkeypatch.setattr(cascade, "BLOCK_COLUMNS", 13)
    blocks = run_cascade(sur, state, chosen(), keep_stages=False)
    assert blocks.stages == ()
    assert_same_bits(blocks.state, outcome.state, list(range(60)))
    assert blocks.rounds == outcome.rounds
    assert blocks.start is state
    np.testing.assert_array_equal(blocks.converged, outcome.converged)


def test_stages_lead_from_the_start_to_the_end(shipped: tuple[Surroundings, State, Outcome]) -> None:
    sur, _, outcome = shipped
    assert_same_bits(outcome.stages[-1].state, outcome.state, list(range(60)))
    names = [stage.name for stage in outcome.stages]
    assert len(set(names)) == len(names)
    assert max(outcome.rounds.values()) > 2
    scale = np.ones(len(sur.network.nodes))
    before = outcome.start
    for stage in outcome.stages:
        marked = stage.state.stakes_marked != before.stakes_marked
        assert marked or np.any(stage.state.distance(before, scale) > 0.0), stage.name
        before = stage.state


def test_marking_stakes_makes_what_ran_before_run_again() -> None:
    """H owns half of F alone; F's equity goes, and with its stake H cannot pay: clearing ran first."""
    of = network(
        [firm("H", equity=10.0, debt=50.0), firm("F", equity=100.0, debt=10.0)],
        [edge("H", "F", "equity_stake", share=0.5)],
    )
    sur = surroundings(of)
    state = start(sur, 2)
    state.losses["direct"][1] = [0.0, 100.0]
    outcome = run_cascade(sur, state, chosen("clearing", "cross_holdings", external_recovered=1.0))
    np.testing.assert_allclose(outcome.state.paid, [[1.0, 1.0], [0.2, 1.0]], rtol=1e-14)
    assert [stage.name for stage in outcome.stages] == ["network/cross_holdings/1", "network/clearing/2"]


# What does not come to rest.


def flips(columns: Mapping[int, list[int]]) -> Mechanism:
    """Return a mechanism that turns the failure of some firms on and off where their capex is cut."""

    def run(sur: Surroundings, state: State, settings: Mapping[str, float]) -> State:
        failed = state.failed.copy()
        for mark, firms in columns.items():
            rows = np.flatnonzero(state.funding[:, 0] == mark)
            failed[np.ix_(rows, firms)] = 1.0 - failed[np.ix_(rows, firms)]
        return replace(state, failed=failed)

    return Mechanism("flips", "", Timescale.MONTHS, (), run, "")


def circle() -> Surroundings:
    nodes = [firm(name, equity=10.0, revenue=5.0) for name in ("A", "B", "C", "D")]
    edges = [
        edge("A", "B", "equity_commitment", amount=1.0),
        edge("B", "C", "revenue_dependence", per_year=1.0),
        edge("A", "C", "equity_stake", share=0.1),
        edge("D", "A", "equity_stake", share=0.1),
    ]
    return surroundings(network(nodes, edges))


def test_a_column_that_does_not_come_to_rest_says_so_with_its_circle_and_the_others_are_done() -> None:
    sur = circle()
    state = start(sur, 5)
    state.funding[2, 0] = 0.25
    steps = [*chosen("capitalised_revenue"), Chosen(flips({0.25: [0, 1, 2]}), {})]
    state.purchases_cut[1:, 1] = 0.3
    outcome = run_cascade(sur, state, steps)
    np.testing.assert_array_equal(outcome.converged, [True, True, False, True, True])
    assert outcome.residual[2] == 1.0
    assert outcome.column_rounds[Timescale.MONTHS][2] == MOST_ROUNDS
    assert outcome.column_rounds[Timescale.MONTHS][3] < 5
    np.testing.assert_array_equal(np.flatnonzero(outcome.unsettled[2]), [0, 1, 2])
    assert not outcome.unsettled[[0, 1, 3, 4]].any()
    found = oscillation(sur.network, outcome, 2)
    # A promises money to B, B buys from C, and A owns a part of C.
    assert found.circle == ("A", "B", "C")
    assert str(found) == "A → B → C → A"
    assert oscillation(sur.network, outcome, 1).firms == ()
    alone = run_cascade(sur, state.columns(np.array([0, 3])), steps)
    assert_same_bits(alone.state, outcome.state, [0, 3])


def test_a_column_that_becomes_nan_has_not_come_to_rest() -> None:
    sur = circle()
    state = start(sur, 3)
    state.losses["direct"][1, 1] = np.nan
    outcome = run_cascade(sur, state, chosen())
    np.testing.assert_array_equal(outcome.converged, [True, False, True])
    assert "B" in oscillation(sur.network, outcome, 1).firms
