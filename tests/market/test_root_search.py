"""The safeguarded Newton search."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.market.root_search import NoRootError, decreasing_root


@given(root=st.floats(-3.0, 3.0), start=st.floats(-4.0, 4.0), steepness=st.floats(0.01, 50.0))
def test_finds_the_root_from_any_start(root: float, start: float, steepness: float) -> None:
    def function(x: float) -> tuple[float, float]:
        # Nearly flat far away: plain Newton leaps out of the bounds from there.
        return math.atan(steepness * (root - x)), -steepness / (1.0 + (steepness * (root - x)) ** 2)

    assert decreasing_root(function, start, (-5.0, 5.0)) == pytest.approx(root, abs=1e-12)


def test_takes_few_steps_on_a_smooth_function() -> None:
    calls = []

    def function(x: float) -> tuple[float, float]:
        calls.append(x)
        return math.exp(-10.0 * x) - 0.6, -10.0 * math.exp(-10.0 * x)

    assert decreasing_root(function, 0.0, (-1.0, 1.0)) == pytest.approx(-math.log(0.6) / 10.0, abs=1e-16)
    assert len(calls) <= 5


@pytest.mark.parametrize("value", [1.0, -1.0, math.nan])
def test_refuses_a_function_without_a_root(value: float) -> None:
    with pytest.raises(NoRootError, match="no root between -1 and 2"):
        decreasing_root(lambda x: (value, -1e-3 * (1.0 + x * 0.0)), 0.0, (-1.0, 2.0))
