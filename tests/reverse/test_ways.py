"""Directions that searches start from: unit lengths, mean moves, and single drivers both ways."""

from __future__ import annotations

import numpy as np
import pytest
from tests.reverse.test_worst_move import COVARIANCE, space

from stresstest.reverse.ways import all_ways, spread_ways, ways_about


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


def test_spread_ways_lie_evenly_on_the_sphere_of_moves_of_one_distance() -> None:
    moves = space()
    ways = spread_ways(moves, 4_000)
    np.testing.assert_allclose((ways**2).sum(axis=1), 1.0)
    reached = moves.move(ways)
    assert [moves.distance(move) for move in reached[:50]] == pytest.approx([1.0] * 50)
    # The mean of x xᵀ over a sphere of n dimensions is its covariance ÷ n.
    np.testing.assert_allclose(reached.T @ reached / len(reached) * 3.0, COVARIANCE, rtol=0.05, atol=0.05)
    np.testing.assert_array_equal(ways, spread_ways(moves, 4_000))


def test_spread_ways_leave_out_what_is_held() -> None:
    held = space().holding([space().drivers[0]])
    ways = spread_ways(held, 50)
    assert ways.shape == (100, all_ways(held).shape[1])
    np.testing.assert_allclose((ways**2).sum(axis=1), 1.0)


def test_ways_about_a_move_are_close_to_it() -> None:
    moves = space()
    towards = 3.0 * all_ways(moves)[0]
    near = ways_about(towards, spread_ways(moves, 128))
    cosines = near @ towards / 3.0
    assert near.shape[0] == 256
    assert float(cosines.min()) > 0.6
    assert float(np.median(cosines[-64:])) > 0.9998


def test_moves_are_weighed_by_the_inverse_of_their_covariance() -> None:
    some = np.random.default_rng(3).normal(size=(3, 5))
    np.testing.assert_allclose(space().weighed(some), np.linalg.solve(COVARIANCE, some), rtol=1e-9)
