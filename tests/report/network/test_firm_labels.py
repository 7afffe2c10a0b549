from __future__ import annotations

import itertools

import numpy as np
import pytest
from tests.networks.graphs import random_network
from tests.report.network.drawn import steps

from stresstest.report.network.firm_labels import relabelled
from stresstest.report.network.layout import Box, Layout
from stresstest.report.network.routing import Route


def covered(layout: Layout, routes: tuple[Route, ...]) -> int:
    """Count points of curves within names that stand outside their circles."""
    lines = np.concatenate([route.line for route in routes])

    def inside(box: Box) -> int:
        x, y = lines.T
        return int(((x > box.left) & (x < box.right) & (y > box.bottom) & (y < box.top)).sum())

    return sum(inside(placed.label) for placed in layout.firms if not placed.inside)


@pytest.mark.parametrize("seed", range(4))
def test_fewer_curves_run_through_names_and_none_meet(seed: int) -> None:
    _, layout, routes = steps(random_network(40, 90, seed))
    moved = relabelled(layout, routes, [1.0] * len(routes))
    assert covered(moved, routes) < covered(layout, routes)
    for one, other in itertools.combinations(moved.firms, 2):
        assert not one.label.meets(other.label)
        assert not one.label.meets(other.disc)
        assert not one.disc.meets(other.label)
    assert [placed.disc for placed in moved.firms] == [placed.disc for placed in layout.firms]


def test_without_edges_names_stay_below() -> None:
    _, layout, _ = steps(random_network(9, 12, 1))
    assert relabelled(layout, (), ()) == layout
