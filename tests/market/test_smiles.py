"""Implied-vol surfaces: the lowest volatility of a pillar, and bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.market.market_folders import small_market

from stresstest.market.keys import RiskFactorKey
from stresstest.market.smiles import SmileBounds, SmilePillar, bounds_problem, lowest_vol

numbers = st.floats(-3.0, 3.0)


@given(st.tuples(numbers, numbers, numbers), st.floats(-3.0, 0.0), st.floats(0.0, 3.0))
def test_the_lowest_vol_is_the_lowest_on_a_fine_grid(
    parameters: tuple[float, float, float], lower: float, upper: float
) -> None:
    vol, skew, curvature = parameters
    bounds = SmileBounds(lower, upper, "moneyness")
    lowest, where = lowest_vol(SmilePillar("1Y", 1.0, vol, skew, curvature), bounds)
    x = np.linspace(lower, upper, 2001)
    on_grid = (vol + skew * x + curvature * x * x).min()
    step = (upper - lower) / 2000
    assert lower <= where <= upper
    assert lowest <= on_grid + 1e-12
    assert lowest >= on_grid - abs(curvature) * step * step - 1e-12


@pytest.mark.parametrize(
    ("lower", "upper", "stickiness", "good"),
    [
        (-1.0, 1.0, "moneyness", True),
        (0.0, 0.0, "strike", True),
        (0.1, 1.0, "moneyness", False),
        (-1.0, -0.5, "moneyness", False),
        (float("-inf"), 1.0, "moneyness", False),
        (float("nan"), 1.0, "moneyness", False),
        (-1.0, 1.0, "delta", False),
    ],
)
def test_bounds_enclose_the_forward(lower: float, upper: float, stickiness: str, good: bool) -> None:
    assert (bounds_problem(SmileBounds(lower, upper, stickiness)) is None) == good


def test_each_pillar_has_its_three_levels() -> None:
    market = small_market()
    for smile in market.smiles.values():
        assert set(smile.keys()) <= set(market.levels)
    assert list(map(str, market.smiles["INDX"].keys())) == [
        "implied_vol/INDX/1Y",
        "vol_skew/INDX/1Y",
        "vol_curvature/INDX/1Y",
    ]
    assert market.levels[RiskFactorKey("vol_skew", "ACME", "1Y")] == 0.0
