"""Drawn vols leave their smile positive, whatever is drawn, and are left alone where nothing pulls them."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stresstest.arrays import frozen, frozen_int
from stresstest.kernels.drawn_smiles import (
    LEAST_VOL,
    DrawnSmiles,
    FollowingSmile,
    bend_followers,
    bent_level,
    fill_depths,
)
from stresstest.kernels.volatility import clamped, smile_depth, smile_vol

SKEWS = st.floats(-0.5, 0.5)
CURVATURES = st.floats(-0.2, 0.5)
LOWERS, UPPERS = st.floats(-3.0, 0.0), st.floats(0.0, 3.0)
SHAPES = st.tuples(SKEWS, CURVATURES, LOWERS, UPPERS)
GRID = np.linspace(-3.0, 3.0, 241)


def lowest(level: float, skew: float, curvature: float, lower: float, upper: float) -> float:
    """Return the lowest vol that an option could be priced at, over a grid of moneyness and the vertex."""
    points = [*GRID, *([-skew / (2.0 * curvature)] if curvature > 1e-12 else [])]
    return min(smile_vol(clamped(x, lower, upper), level, skew, curvature) for x in points)


@given(SKEWS, CURVATURES, LOWERS, UPPERS)
def test_the_depth_is_how_far_the_smile_lies_below_its_level(
    skew: float, curvature: float, lower: float, upper: float
) -> None:
    depth = smile_depth(skew, curvature, lower, upper)
    assert depth >= 0.0
    found = lowest(0.0, skew, curvature, lower, upper)
    assert math.isclose(depth, max(-found, 0.0), rel_tol=1e-9, abs_tol=1e-12)


@given(st.floats(1e-3, 1.0), st.floats(-20.0, 5.0), SHAPES)
def test_no_change_turns_a_smile_negative(
    above: float, change: float, shape: tuple[float, float, float, float]
) -> None:
    """The lowest vol stays above a tenth of a point, or half of where it began: not at 0 by rounding."""
    depth = smile_depth(*shape)
    level = bent_level(depth + above, change, depth)
    least = min(LEAST_VOL, 0.5 * above) if depth > 0.0 else 0.0
    assert lowest(level, *shape) >= least - 1e-15
    assert level > 0.0 or depth == 0.0
    assert level >= depth + above + change - 1e-12


@given(st.floats(0.01, 1.0), st.floats(0.0, 0.5))
def test_a_rise_is_exact_and_a_small_fall_nearly_so(above: float, depth: float) -> None:
    level = depth + above
    assert bent_level(level, 0.0, depth) == level
    assert bent_level(level, 0.07, depth) == level + 0.07
    step = -1e-6 * above
    assert math.isclose(bent_level(level, step, depth) - level, step, rel_tol=1e-4)


def test_what_is_not_positive_does_not_fall_further() -> None:
    assert bent_level(0.0, -0.1, 0.0) == 0.0
    assert bent_level(0.1, -0.1, 0.2) == 0.1
    assert bent_level(0.1, 0.3, 0.2) == 0.4


def test_depths_come_from_the_skews_that_are_drawn() -> None:
    smiles = DrawnSmiles(
        lower=frozen([0.0, -2.0, -2.0]),
        upper=frozen([0.0, 0.5, 0.5]),
        skew=frozen([0.0, -0.1, -0.1]),
        curvature=frozen([0.0, 0.02, 0.02]),
        skew_row=frozen_int([-1, 0, -1]),
        curvature_row=frozen_int([-1, -1, -1]),
    )
    levels, out = np.array([[-0.1, -0.3, 0.1], [0.0] * 3, [0.0] * 3]), np.empty(3)
    fill_depths(smiles, 1, levels, out)
    assert out.tolist() == [smile_depth(skew, 0.02, -2.0, 0.5) for skew in (-0.1, -0.3, 0.1)]
    fill_depths(smiles, 2, levels, out)
    assert out.tolist() == [smile_depth(-0.1, 0.02, -2.0, 0.5)] * 3
    fill_depths(smiles, 0, levels, out)
    assert out.tolist() == [0.0] * 3


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8), SKEWS)
def test_a_vol_that_follows_another_is_bent_only_where_its_smile_needs_it(
    levels: list[float], skew: float
) -> None:
    curvature, lower, upper = 0.05, -1.0, 1.0
    depth = smile_depth(skew, curvature, lower, upper)
    base = depth + 0.2
    found, width = np.array(levels), len(levels)
    rows = frozen(np.full(width, skew)), frozen(np.full(width, curvature))
    bend_followers(FollowingSmile(base, skew, curvature, lower, upper), *rows, found)
    for before, after in zip(levels, found.tolist(), strict=True):
        if before >= depth + 0.1 + 1e-12:
            assert after == before
        assert after >= before
        assert lowest(after, skew, curvature, lower, upper) >= (LEAST_VOL if depth else 0.0) - 1e-15
