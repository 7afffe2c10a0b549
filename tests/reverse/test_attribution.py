from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stresstest
from stresstest.arrays import FloatArray
from stresstest.reverse.attribution import average_gradient


class Polynomial:
    """a·x + (b·x)³ + x₀² x₁, with its exact derivative."""

    def __init__(self, a: FloatArray, b: FloatArray) -> None:
        self.a, self.b = a, b

    def __call__(self, moves: FloatArray) -> FloatArray:
        return np.array([self.gradient(move)[0] for move in moves])

    def gradient(self, move: FloatArray) -> tuple[float, FloatArray]:
        slope = self.a + 3.0 * float(self.b @ move) ** 2 * self.b
        slope[0] += 2.0 * move[0] * move[1]
        slope[1] += move[0] ** 2
        value = float(self.a @ move) + float(self.b @ move) ** 3 + float(move[0] ** 2 * move[1])
        return value, slope


@given(st.integers(0, 10_000))
def test_averaged_slopes_times_the_move_add_up(seed: int) -> None:
    random = np.random.default_rng(seed)
    loss = Polynomial(random.normal(size=3), random.normal(size=3))
    move = random.normal(size=3)
    average = average_gradient(loss, move)
    assert float(average @ move) == pytest.approx(loss.gradient(move)[0], rel=1e-9, abs=1e-9)


def test_a_factor_that_moves_nothing_gets_nothing() -> None:
    loss = Polynomial(np.array([1.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0]))
    assert average_gradient(loss, np.ones(3))[2] == 0.0


def test_costs_of_answers_add_up_to_the_loss() -> None:
    found = stresstest.reverse_stress(stresstest.load_portfolio("ai_growth_fund"), 0.25, answers=2).found
    for answer in found.answers:
        assert sum(move.cost for move in answer.moves) == pytest.approx(answer.loss, rel=2e-3)
        assert sum(answer.parts.values()) == pytest.approx(answer.loss, rel=2e-3)
