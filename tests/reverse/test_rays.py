from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from stresstest.arrays import FloatArray
from stresstest.reverse.rays import on_target


def cubic(moves: Sequence[FloatArray] | FloatArray) -> FloatArray:
    return np.array([float(move[0]) ** 3 for move in moves])


def step(moves: Sequence[FloatArray] | FloatArray) -> FloatArray:
    return np.array([10.0 if float(move[0]) > 0.5 else 0.0 for move in moves])


@pytest.mark.parametrize("start", [0.7, 3.0, 8.0])
def test_the_multiple_that_costs_the_target(start: float) -> None:
    part, at = on_target(cubic, np.array([start]), 8.0, 1e-9)
    assert part * start == pytest.approx(2.0, abs=1e-9)
    assert at == pytest.approx(8.0, abs=1e-9)


def test_a_target_beyond_the_ray_leaves_the_move() -> None:
    assert on_target(cubic, np.array([0.1]), 8.0, 1e-9) == (1.0, pytest.approx(1e-3))


def test_a_jump_past_the_target_is_found_but_not_met() -> None:
    part, at = on_target(step, np.array([1.0]), 5.0, 1e-9)
    assert part == pytest.approx(0.5, abs=1e-9)
    assert at in {0.0, 10.0}
