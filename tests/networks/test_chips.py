"""Pledged chips and the vehicles that own them; what happens to them is in the tests of the spiral."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.networks.random_networks import edge, firm, network, start, surroundings

from stresstest.networks.chips import Pledge, Vehicle, backstop_of_year, pledges
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import Edge
from stresstest.networks.registry import all_mechanisms

SETTINGS = {one.name: one.default for one in all_mechanisms()["collateral_spiral"].settings}


def around(*edges: Edge, **vehicle: float) -> Surroundings:
    nodes = [
        firm("LENDER", equity=90.0),
        firm("OTHER", equity=90.0),
        firm("SPV", equity=30.0, debt=40.0, **vehicle),
    ]
    return surroundings(network(nodes, list(edges)))


def pledge(lender: str, asset: str, quantity: float, amount: float, **more: float) -> Edge:
    return edge(lender, "SPV", "collateral", asset=asset, quantity=quantity, amount=amount, **more)


def test_pledges_of_one_generation_are_of_the_same_chips() -> None:
    found = pledges(
        around(
            pledge("LENDER", "H100", 100.0, 50.0, age_years=2.0),
            pledge("OTHER", "H100", 60.0, 30.0, age_years=1.0),
            pledge("OTHER", "B200", 10.0, 20.0),
        )
    )
    assert found == [Pledge(2, "H100", 100.0, 50.0, 2.0), Pledge(2, "B200", 10.0, 20.0, 0.0)]


def test_old_chips_lose_more_of_their_life_while_they_wait() -> None:
    sur = around(pledge("LENDER", "H100", 100.0, 50.0, age_years=4.0))
    discounts = {"H100": np.array([0.4])}
    young = around(pledge("LENDER", "H100", 100.0, 50.0))
    fetched = [
        float(Vehicle(one, start(one, 1), SETTINGS, pledges(one)).fetched(discounts)[0])
        for one in (young, sur)
    ]
    # Three months on average, of six years and of two.
    assert fetched == pytest.approx([50.0 * 0.6 * (1.0 - 0.25 / 6.0), 50.0 * 0.6 * (1.0 - 0.25 / 2.0)])


def test_a_vehicle_that_owes_no_service_is_covered() -> None:
    sur = around(pledge("LENDER", "H100", 100.0, 50.0), revenue=10.0)
    vehicle = Vehicle(sur, start(sur, 2), SETTINGS, pledges(sur))
    assert vehicle.cover_today() == np.inf
    assert np.all(vehicle.part_sold(vehicle.cover()) == 0.0)


def test_a_cover_that_is_thin_today_is_no_breach() -> None:
    sur = around(pledge("LENDER", "H100", 100.0, 50.0), revenue=10.0, debt_service=9.0)
    vehicle = Vehicle(sur, start(sur, 1), SETTINGS, pledges(sur))
    assert vehicle.cover_today() == pytest.approx(10.0 * 0.75 / 9.0)
    assert vehicle.part_sold(vehicle.cover()).tolist() == [0.0]


def test_a_backstop_is_spread_over_its_years() -> None:
    behind = edge("OTHER", "SPV", "capacity_backstop", amount=20.0, end=date(2029, 10, 2))
    without_end = edge("LENDER", "SPV", "capacity_backstop", amount=30.0)
    assert backstop_of_year(around(behind, without_end), 2) == pytest.approx(20.0 / 4.0 + 30.0 / 15.0)
    assert backstop_of_year(around(behind), 1) == 0.0
