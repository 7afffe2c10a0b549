"""Scalar functions of loans against GPUs."""

from __future__ import annotations

import math

import pytest

from stresstest.kernels.collateral import Deal, kept_revenue, lesser, positive

DEAL = Deal(-math.inf, 0.7, 0.6, 0.25, 0.7, 0.0, math.inf, 1.0)


def test_what_is_no_number_passes_through() -> None:
    assert math.isnan(positive(math.nan))
    assert math.isnan(lesser(math.nan, 1.0))
    assert math.isnan(lesser(1.0, math.nan))


def test_bounds() -> None:
    assert (positive(-1.0), positive(2.0)) == (0.0, 2.0)
    assert (lesser(1.0, 2.0), lesser(2.0, 1.0)) == (1.0, 1.0)


def test_another_operator_keeps_a_share_and_lets_the_rest() -> None:
    assert kept_revenue(DEAL, 10.0, 5.0) == pytest.approx(0.6 * 10.0 + 0.4 * 0.7 * 5.0)
