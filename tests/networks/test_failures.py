"""What failing does at once: orders end, and the business is worth what it fetches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.networks.random_networks import edge, firm, network, start, surroundings

from stresstest.networks.failures import CAUSE, with_failures
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.state import State

LAB, CLOUD = range(2)


def around() -> Surroundings:
    nodes = [firm("LAB", equity=80.0, debt=20.0), firm("CLOUD", equity=50.0, lets_chips=True, salvage=30.0)]
    edges = [edge("LAB", "CLOUD", "revenue_dependence", per_year=1.0)]
    edges.append(edge("CLOUD", "LAB", "lease", amount=2.0))
    return surroundings(network(nodes, edges))


def fail(firm_: int, state: State | None = None, month: float = 5.0) -> State:
    failing = np.zeros((2, 2), dtype=np.bool_)
    failing[1, firm_] = True
    return with_failures(around(), state or start(around(), 2), failing, np.full((2, 2), month), 0.1)


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


def test_what_chips_fetch_goes_with_their_price() -> None:
    state = replace(start(around(), 2), prices={"H100": np.array([1.0, 0.4]), "H200": np.array([1.0, 0.7])})
    assert fail(CLOUD, state).total_loss[1, CLOUD] == pytest.approx(50.0 - 30.0 * 0.4)
