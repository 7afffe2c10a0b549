from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from stresstest.arrays import FloatArray
from stresstest.measures.kinks import Kink, find_kinks

GRID = [2.0 * step / 40 for step in range(41)]


def found(function: Callable[[float], float], *hints: float) -> list[Kink]:
    def curve(values: Sequence[float]) -> FloatArray:
        return np.array([function(value) for value in values])

    return find_kinks(curve, GRID, hints)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: 0.0 * x,
        lambda x: -3.0 * x,
        lambda x: math.exp(-x) - 1.0,
        lambda x: -x * x * x,
        lambda x: 0.4**x - 1.0,
        lambda x: -math.log1p(x),
        lambda x: -1e9 * (1.0 - 0.3**x) + 1e6 * math.sin(x),
    ],
)
def test_a_smooth_curve_has_none(function: Callable[[float], float]) -> None:
    assert found(function) == []


@pytest.mark.parametrize("at", [0.0713, 0.31, 0.5, 0.777, 1.25, 1.93])
def test_a_bend_is_found_where_it_is(at: float) -> None:
    (kink,) = found(lambda x: -1e6 * (0.4**x) - 5e5 * max(x - at, 0.0))
    assert kink.x == pytest.approx(at, abs=2e-5)
    assert not kink.is_cliff
    assert kink.slope_after - kink.slope_before == pytest.approx(-5e5, rel=1e-3)


@pytest.mark.parametrize("at", [0.13, 0.52, 1.0, 1.77])
def test_a_jump_is_found_where_it_is(at: float) -> None:
    (cliff,) = found(lambda x: -1e6 * x - (2e5 if x >= at else 0.0))
    assert cliff.x == pytest.approx(at, abs=2e-5)
    assert cliff.is_cliff
    assert cliff.jump == pytest.approx(-2e5, rel=1e-3)
    assert cliff.slope_before == pytest.approx(cliff.slope_after, rel=1e-3)


def test_several_are_found_in_order() -> None:
    kinks = found(lambda x: -x - max(x - 0.4, 0.0) + 2.0 * max(x - 1.1, 0.0) - (0.5 if x > 1.6 else 0.0))
    assert [round(kink.x, 3) for kink in kinks] == [0.4, 1.1, 1.6]
    assert [kink.is_cliff for kink in kinks] == [False, False, True]


def test_a_hint_shows_where_a_small_bend_hides_in_a_strong_curve() -> None:
    def function(x: float) -> float:
        return -math.exp(3.0 * x) - 10.0 * max(x - 1.013, 0.0)

    assert found(function) == []
    (kink,) = found(function, 1.013)
    assert kink.x == pytest.approx(1.013, abs=2e-5)


def test_where_the_scenario_is_impossible_nothing_is_found() -> None:
    kinks = found(lambda x: math.nan if x > 1.2 else -x - max(x - 0.5, 0.0))
    assert [round(kink.x, 3) for kink in kinks] == [0.5]
    assert found(lambda x: math.nan * x) == []
