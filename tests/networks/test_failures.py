"""What failing does at once, and the doubt before: orders end, the business is worth what it fetches."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np
import pytest
from tests.networks.random_networks import edge, firm, network, random_network, start, surroundings

from stresstest.networks.failures import CAUSE, with_failures
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import Node
from stresstest.networks.state import State
from stresstest.networks.valuation import business, claims_worth, stakes_worth, values_of

LAB, CLOUD = range(2)
TERMS = {"liquidation": 0.1, "external_recovered": 0.7}


def around() -> Surroundings:
    nodes = [firm("LAB", equity=80.0, debt=20.0), firm("CLOUD", equity=50.0, lets_chips=True, salvage=30.0)]
    edges = [edge("LAB", "CLOUD", "revenue_dependence", per_year=1.0)]
    edges.append(edge("CLOUD", "LAB", "lease", amount=2.0))
    return surroundings(network(nodes, edges))


def fail(firm_: int, state: State | None = None, month: float = 5.0) -> State:
    return doubted(firm_, 1.0, state, month)


def doubted(firm_: int, part: float, state: State | None = None, month: float = 5.0) -> State:
    failing = np.zeros((2, 2))
    failing[1, firm_] = part
    return with_failures(around(), state or start(around(), 2), failing, np.full((2, 2), month), TERMS)


def test_a_failed_customer_orders_nothing_more() -> None:
    found = fail(LAB)
    assert found.order_cuts.tolist() == [[0.0], [1.0]]
    assert found.failed.tolist() == [[0.0, 0.0], [1.0, 0.0]]
    np.testing.assert_array_equal(found.month, [[np.nan, np.nan], [5.0, np.nan]])
    assert fail(CLOUD).order_cuts.tolist() == [[0.0], [0.0]]


def test_the_first_month_stays() -> None:
    assert fail(LAB, fail(LAB, month=5.0), month=7.0).month[1, LAB] == 5.0
    assert fail(LAB, fail(LAB, month=7.0), month=5.0).month[1, LAB] == 5.0


def test_a_business_falls_to_what_it_fetches_whatever_it_has_lost_before() -> None:
    before = start(around(), 2)
    before.losses["direct"][1, LAB] = 60.0
    found = fail(LAB, before)
    assert found.total_loss[1, LAB] == pytest.approx(90.0)
    before.losses["direct"][1, LAB] = 97.0
    assert fail(LAB, before).total_loss[1, LAB] == pytest.approx(97.0)
    assert found.losses[CAUSE][0].tolist() == [0.0, 0.0]


def test_what_plant_fetches_is_fetched_whatever_the_business_had_lost() -> None:
    """Creditors sell what it has: a loss of value as a going concern takes nothing from that."""
    network_ = network([firm("MILL", equity=60.0, debt=40.0, salvage=30.0), firm("OTHER", equity=9.0)], [])
    around_ = surroundings(network_)
    state = start(around_, 3)
    state.losses["direct"][1:, 0] = 60.0
    state = replace(state, losses=state.with_loss("sales", np.array([[0.0, 0.0], [25.0, 0.0], [39.0, 0.0]])))
    np.testing.assert_array_equal(business(around_.balance, state)[:, 0], [100.0, 30.0, 30.0])
    failing = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    found = with_failures(around_, state, failing, failing, TERMS)
    np.testing.assert_array_equal(business(around_.balance, found)[:, 0], [100.0, 30.0, 30.0])
    np.testing.assert_allclose(found.expected[1:, 0], 0.7 * 30.0 / 40.0)


def test_what_is_fetched_goes_to_creditors_and_lifts_no_share() -> None:
    """A mark that a line puts at next to nothing stays there: 10 of salvage are owed to nobody."""
    around_ = surroundings(network([firm("LAB", equity=100.0, salvage=10.0)], []))
    state = start(around_, 2)
    state.losses["direct"][1, 0] = 97.0
    failing = np.array([[0.0], [1.0]])
    assert values_of(around_.balance, state).equity[1, 0] == pytest.approx(3.0)
    found = with_failures(around_, state, failing, failing, TERMS)
    assert values_of(around_.balance, found).equity[1, 0] == pytest.approx(3.0)


@pytest.mark.parametrize("part", [0.0, 0.25, 0.6, 0.999])
def test_doubt_is_the_expectation_over_both_ends(part: float) -> None:
    """Shares of 80 and debts of 20; in failure 10 are fetched, of which creditors get 7."""
    found = doubted(LAB, part)
    values = values_of(around().balance, found)
    assert values.equity[1, LAB] == pytest.approx((1.0 - part) * 80.0)
    assert values.debt[1, LAB] == pytest.approx(1.0 - part * (1.0 - 7.0 / 20.0))
    assert found.failed[1, LAB] == 0.0
    assert found.order_cuts[1, 0] == 0.0
    assert np.isnan(found.month[1, LAB])


def test_doubt_of_what_has_lost_already_takes_its_part_of_what_is_left() -> None:
    before = start(around(), 2)
    before.losses["direct"][1, LAB] = 60.0
    assert values_of(around().balance, doubted(LAB, 0.5, before)).equity[1, LAB] == pytest.approx(10.0)


@pytest.mark.parametrize("seed", range(8))
def test_shares_and_debts_are_what_both_ends_are_worth(seed: int) -> None:
    """No value is made or lost but the costs: shares and debts are (1 − p)·assets + p·what is brought."""
    around_ = surroundings(random_network(seed))
    generator = np.random.default_rng(seed)
    state = start(around_, 40)
    shape = state.paid.shape
    state.losses["direct"][1:] = (around_.balance.equity * generator.uniform(0.0, 0.9, shape))[1:]
    part = generator.uniform(0.0, 0.99, shape)
    part[0] = 0.0
    found = with_failures(around_, state, part, np.full(shape, np.nan), TERMS)
    values, balance = values_of(around_.balance, found), around_.balance
    claims = claims_worth(balance.claims, np.ones(shape))
    owned = claims + stakes_worth(balance.claims, np.broadcast_to(balance.equity, shape))
    living = balance.external - state.losses["direct"] + owned
    fetched = np.array(
        [
            0.1 * worth if isnan(node.salvage) else min(node.salvage, worth)
            for node, worth in zip(around_.network.nodes, balance.external.tolist(), strict=True)
        ]
    )
    brought = np.minimum(0.7 * fetched + owned, balance.owed)
    left = np.maximum(fetched + owned - balance.owed, 0.0)
    # What claims on other doubted firms have lost is the claims' own loss.
    equity = values.equity + claims - claims_worth(balance.claims, values.debt)
    whole = equity + balance.owed * values.debt
    expected = (1.0 - part) * living + part * (brought + left)
    assert np.all(values.equity >= 0.0)
    kept = values.equity > 0.0
    np.testing.assert_allclose(whole[kept], expected[kept], rtol=1e-12)


def test_a_vehicle_ends_with_its_parent_for_its_own_lenders() -> None:
    nodes = [
        firm("CLOUD", equity=60.0, debt=40.0, salvage=20.0),
        Node("SPV", "spv", issuer="SPV", equity=30.0, debt=9.0, parent="CLOUD"),
    ]
    around_ = surroundings(network(nodes, [edge("CLOUD", "SPV", "equity_stake", share=0.9)]))
    failing = np.array([[0.0, 0.0], [0.5, 0.0]])
    found = with_failures(around_, start(around_, 2), failing, np.full((2, 2), np.nan), TERMS)
    values = values_of(around_.balance, found)
    assert values.equity[1, 0] == pytest.approx(30.0)
    assert values.debt[1, 0] == pytest.approx(1.0 - 0.5 * (1.0 - 0.7 * 20.0 / 40.0))


def test_what_chips_fetch_goes_with_their_price() -> None:
    state = replace(start(around(), 2), prices={"H100": np.array([1.0, 0.4]), "H200": np.array([1.0, 0.7])})
    assert fail(CLOUD, state).total_loss[1, CLOUD] == pytest.approx(50.0 - 30.0 * 0.4)
