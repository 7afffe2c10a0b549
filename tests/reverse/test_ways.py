"""Directions that searches start from: unit lengths, mean moves, and single drivers both ways."""

from __future__ import annotations

import numpy as np
from tests.reverse.test_worst_move import COVARIANCE, space

from stresstest.reverse.ways import all_ways


def test_ways_are_as_long_as_one_and_take_their_factor_with_them() -> None:
    moves = space()
    ups = all_ways(moves)[:3]
    np.testing.assert_allclose((all_ways(moves) ** 2).sum(axis=1), 1.0)
    for place, row in enumerate(ups):
        wanted = COVARIANCE[place] / np.sqrt(COVARIANCE[place, place])
        np.testing.assert_allclose(moves.move(row), wanted, rtol=1e-9)


def test_single_drivers_are_among_them_both_ways() -> None:
    moves = space()
    ways, size = all_ways(moves), all_ways(moves).shape[1]
    drivers = ways[-2 * size :]
    np.testing.assert_array_equal(drivers, np.concatenate([np.eye(size), -np.eye(size)]))
