from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from tests.networks.graphs import edge, network, node, random_network
from tests.report.network.drawn import steps

from stresstest.report.network.layout import WIDEST, Box
from stresstest.report.network.layout import _crossings as crossings
from stresstest.report.network.layout import _passed as passed
from stresstest.report.network.palette import ROLES

CASES = [(1, 0), (2, 2), (15, 30), (46, 90), (200, 600)]


def sample(n_firms: int, n_edges: int) -> object:
    return random_network(n_firms, n_edges, seed=n_firms) if n_edges else network([node("A", equity=5.0)])


@pytest.mark.parametrize(("n_firms", "n_edges"), CASES)
def test_no_two_firms_or_names_overlap_and_all_are_on_the_page(n_firms: int, n_edges: int) -> None:
    _, layout, _ = steps(sample(n_firms, n_edges))
    page = Box(0.0, 0.0, layout.width, layout.height)
    for one in layout.firms:
        assert one.disc.within(page)
        assert one.label.within(page)
    for one, other in itertools.combinations(layout.firms, 2):
        assert math.hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius
        assert not one.label.meets(other.label)
        assert not one.label.meets(other.disc)
    assert layout.width <= WIDEST


def test_each_firm_stands_in_the_band_of_its_role() -> None:
    _, layout, _ = steps(random_network(46, 90, seed=46))
    bands = {band.role: band for band in layout.bands}
    assert [band.role for band in layout.bands] == [role for role in ROLES if role in bands]
    for placed in layout.firms:
        assert bands[placed.firm.role].bottom < placed.y < bands[placed.firm.role].top


def test_area_goes_with_value() -> None:
    firms = [node("A", equity=400.0), node("B", equity=100.0), node("C", equity=1e-6)]
    _, layout, _ = steps(network(firms))
    radius = {placed.firm.id: placed.radius for placed in layout.firms}
    assert radius["A"] == pytest.approx(2.0 * radius["B"])
    assert radius["C"] > 2.0, "the smallest can still be seen"


def test_order_of_the_file_does_not_matter_to_the_cost_of_a_chain() -> None:
    # Two rows of two: straight down is clearer than crossed.
    firms = [node("A", role="spender"), node("B", role="spender"), node("X"), node("Y")]
    edges = [edge("A>Y", "lease", per_year=5.0), edge("B>X", "lease", per_year=5.0)]
    for order in itertools.permutations(firms):
        _, layout, _ = steps(network(order, edges))
        x = {placed.firm.id: placed.x for placed in layout.firms}
        assert (x["A"] < x["B"]) == (x["Y"] < x["X"])


def test_crossings_and_firms_in_the_way_are_counted() -> None:
    start = np.array([[0.0, 0.0], [0.0, 10.0], [20.0, 0.0]])
    end = np.array([[10.0, 10.0], [10.0, 0.0], [30.0, 0.0]])
    assert crossings(start, end, np.array([1.0, 3.0, 9.0])) == 1.0
    points = np.array([[0.0, 0.0], [10.0, 0.0], [20.0, 3.0], [30.0, 0.0], [15.0, 50.0]])
    ends = np.array([[0, 3], [1, 0]])
    inside = passed(points[ends[:, 0]], points[ends[:, 1]], points, np.full(5, 4.0), ends)
    assert inside.tolist() == [2.0, 0.0]
