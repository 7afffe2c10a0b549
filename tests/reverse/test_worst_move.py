"""The worst move within a distance: closed forms, hills, and what is enough."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from stresstest.arrays import FloatArray, frozen
from stresstest.market.keys import RiskFactorKey
from stresstest.reverse.moves import MoveSpace
from stresstest.reverse.ways import all_ways
from stresstest.reverse.worst_move import worst_move

KEYS = [RiskFactorKey("spot", name) for name in ("A", "B", "C")]
COVARIANCE = np.array([[11.871, 9.742, 1.125], [9.742, 14.723, 0.717], [1.125, 0.717, 0.219]])


class Known:
    """A loss with a formula."""

    def __init__(
        self, value: Callable[[FloatArray], float], slope: Callable[[FloatArray], FloatArray]
    ) -> None:
        self.value, self.slope, self.asked = value, slope, 0

    def __call__(self, moves: FloatArray) -> FloatArray:
        self.asked += 1
        return np.array([self.value(move) for move in moves])

    def gradient(self, move: FloatArray) -> tuple[float, FloatArray]:
        return self.value(move), self.slope(move)


def linear(weights: FloatArray) -> Known:
    return Known(lambda x: float(weights @ x), lambda _: weights)


def space(size: int = 3) -> MoveSpace:
    """Return factors of a known covariance: eigenvectors as systematic ones, a little of their own."""
    values, vectors = np.linalg.eigh(COVARIANCE[:size, :size])
    least = 1e-3 * float(values[0])
    names = tuple(f"component {number + 1}" for number in range(size))
    own, rest = np.full(size, np.sqrt(least)), np.diag(values - least)
    return MoveSpace(tuple(KEYS[:size]), names, frozen(vectors), frozen(rest), frozen(own), names, 1.0)


@given(
    some.lists(some.floats(-3.0, 3.0), min_size=3, max_size=3).filter(lambda row: max(map(abs, row)) > 0.1),
    some.floats(0.1, 10.0),
)
def test_a_linear_loss_is_worst_at_the_closed_form(weights: list[float], radius: float) -> None:
    gradient = np.array(weights)
    moves = space()
    found = worst_move(linear(gradient), moves, radius, all_ways(moves))
    assert found.loss == pytest.approx(radius * np.sqrt(gradient @ COVARIANCE @ gradient), rel=1e-9)
    move = moves.move(found.coordinates)
    wanted = radius * COVARIANCE @ gradient / np.sqrt(gradient @ COVARIANCE @ gradient)
    np.testing.assert_allclose(move, wanted, rtol=1e-6, atol=1e-6 * np.abs(wanted).max())


@pytest.mark.parametrize("seed", range(6))
def test_a_bent_loss_of_two_factors_is_worst_where_a_grid_says(seed: int) -> None:
    drawn = np.random.default_rng(seed)
    slope, bend = drawn.normal(size=2), drawn.normal(size=(2, 2))
    bend = 0.2 * (bend + bend.T)
    moves, radius = space(2), 1.5
    loss = Known(lambda x: float(slope @ x + x @ bend @ x), lambda x: slope + 2.0 * bend @ x)
    found = worst_move(loss, moves, radius, all_ways(moves))
    root = np.linalg.cholesky(COVARIANCE[:2, :2])
    angle, part = np.meshgrid(np.linspace(0.0, 2.0 * np.pi, 4001), np.linspace(0.0, radius, 61))
    points = root @ np.array([(part * np.cos(angle)).ravel(), (part * np.sin(angle)).ravel()])
    grid = slope @ points + (points * (bend @ points)).sum(axis=0)
    assert found.loss >= grid.max() - 1e-9
    assert found.loss <= grid.max() + 1e-4 * max(1.0, abs(grid.max()))


def test_the_higher_of_two_hills_is_found_though_the_gradient_points_to_the_other() -> None:
    moves = space(2)
    loss = Known(
        lambda x: float(0.2 * x[0] + (x[0] ** 2 if x[0] < 0.0 else 0.1 * x[0] ** 2)),
        lambda x: np.array([0.2 + (2.0 if x[0] < 0.0 else 0.2) * x[0], 0.0]),
    )
    found = worst_move(loss, moves, 2.0, all_ways(moves))
    assert moves.move(found.coordinates)[0] < 0.0
    reach = 2.0 * np.sqrt(COVARIANCE[0, 0])
    assert found.loss == pytest.approx(reach**2 - 0.2 * reach, rel=1e-9)


def test_no_move_is_outside_and_enough_is_enough() -> None:
    moves = space()
    loss = linear(np.ones(3))
    found = worst_move(loss, moves, 2.0, all_ways(moves), enough=0.5)
    assert found.loss > 0.5
    assert float(np.sqrt(found.coordinates @ found.coordinates)) <= 2.0 + 1e-12
    few = loss.asked
    worst_move(loss, moves, 2.0, all_ways(moves))
    assert loss.asked - few > few


def test_within_no_distance_nothing_moves() -> None:
    found = worst_move(linear(np.ones(3)), space(), 0.0, all_ways(space()))
    assert found.loss == 0.0
    assert not found.coordinates.any()
