from __future__ import annotations

import math

import numpy as np
import pytest
from tests.networks.graphs import edge, network, node, random_network
from tests.report.network.drawn import steps

from stresstest.report.network.routing import curve


def test_curves_go_from_rim_to_rim() -> None:
    _, layout, routes = steps(random_network(30, 60, seed=4))
    places = {placed.firm.id: placed for placed in layout.firms}
    for route in routes:
        first, second = places[route.edge.first], places[route.edge.second]
        start, end = route.control[0], route.control[2]
        assert math.hypot(start[0] - first.x, start[1] - first.y) == pytest.approx(
            first.radius + 1.0, abs=3.0
        )
        assert math.hypot(end[0] - second.x, end[1] - second.y) == pytest.approx(second.radius + 2.0, abs=3.0)
        assert np.isfinite(route.line).all()


def test_there_and_back_are_two_curves() -> None:
    firms = [node("A", equity=100.0), node("B", equity=100.0)]
    edges = [edge("A>B", "term_loan", 5.0), edge("B>A", "term_loan", 5.0)]
    _, _, (there, back) = steps(network(firms, edges))
    gap = np.hypot(*(there.line[20] - back.line[20]))
    assert gap > 5.0


def test_a_curve_goes_round_a_firm_in_its_way() -> None:
    firms = [node(name, equity=100.0, role="supplier") for name in "ABC"]
    for middle in "ABC":
        ends = [name for name in "ABC" if name != middle]
        view, layout, routes = steps(
            network(
                firms, [edge(">".join(ends), "term_loan", 5.0), edge(f"{ends[0]}>{middle}", "term_loan", 5.0)]
            )
        )
        assert len(view.firms) == 3
        places = {placed.firm.id: placed for placed in layout.firms}
        for route in routes:
            for placed in places.values():
                if placed.firm.id not in (route.edge.first, route.edge.second):
                    gaps = np.hypot(route.line[:, 0] - placed.x, route.line[:, 1] - placed.y)
                    assert gaps.min() > placed.radius


def test_a_curve_is_the_bezier_curve_of_its_points() -> None:
    control = np.array([[0.0, 0.0], [2.0, 4.0], [4.0, 0.0]])
    assert curve(control, np.array([0.0, 0.5, 1.0])).tolist() == [[0.0, 0.0], [2.0, 2.0], [4.0, 0.0]]
