from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.measures.borders import Border, close_in, find_borders

WIDTH = 1e-9


def closed(gauges: Sequence[Callable[[float], float]], grid: Sequence[float]) -> tuple[list[Border], int]:
    """Return the borders of gauges on a grid, closed in upon, and the number of rounds."""
    values = np.array([[gauge(x) for x in grid] for gauge in gauges])
    borders, rounds = find_borders(grid, values), 0

    def evaluate(wanted: Sequence[float], asked: Sequence[Border]) -> list[float]:
        nonlocal rounds
        rounds += 1
        return [gauges[border.gauge](x) for x, border in zip(wanted, asked, strict=True)]

    close_in(borders, evaluate, WIDTH)
    return borders, rounds


GRID = [0.1 * step for step in range(21)]


@given(st.floats(0.001, 1.999), st.floats(0.1, 50.0), st.booleans())
def test_smooth_gauges_and_jumps_are_found_to_the_width(root: float, steepness: float, jumps: bool) -> None:
    def smooth(x: float) -> float:
        return math.expm1(steepness * (x - root) / 10.0)

    def jump(x: float) -> float:
        return 1.0 if x > root else -7.0

    (border,), rounds = closed([jump if jumps else smooth], GRID)
    assert border.begins
    assert border.low[0] <= root + WIDTH
    assert root - WIDTH <= border.high[0] <= root + 2.0 * WIDTH
    assert rounds <= (40 if jumps else 20)


def test_many_borders_share_their_rounds_and_each_knows_its_direction() -> None:
    gauges = [lambda x, root=root: math.cos(3.0 * x) * (x - root) for root in (0.31, 0.97, 1.73)]
    borders, rounds = closed(gauges, GRID)
    roots = sorted({*(0.31, 0.97, 1.73), math.pi / 6, math.pi / 2})
    assert {round(border.high[0], 6) for border in borders} == {round(root, 6) for root in roots}
    assert rounds < 20
    for border in borders:
        assert border.begins == (gauges[border.gauge](border.high[0]) > 0.0)


def test_next_to_what_is_not_known_nothing_flips() -> None:
    gauges = np.array([[-1.0, float("nan"), 1.0, 2.0], [0.0, 0.0, 1.0, 1.0]])
    (border,) = find_borders([0.0, 1.0, 2.0, 3.0], gauges)
    assert (border.gauge, border.low, border.high) == (1, (1.0, 0.0), (2.0, 1.0))


@pytest.mark.parametrize("before", [-math.inf, -1e300])
def test_a_gauge_without_a_finite_chord_is_halved(before: float) -> None:
    (border,), _ = closed([lambda x: 1.0 if x > 0.777 else before], GRID)
    assert border.high[0] == pytest.approx(0.777, abs=2.0 * WIDTH)
