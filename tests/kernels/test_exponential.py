"""e^x against 40-digit arithmetic and at the edges of double precision."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest

from stresstest.kernels.exponential import LARGEST, SMALLEST, exp


def units_off(value: float, exact: mp.mpf) -> float:
    return float(abs(mp.mpf(value) - exact) / math.ulp(float(exact)))


@pytest.mark.parametrize("largest", [1e-6, 0.4, 5.0, 708.0])
def test_error_is_below_1_1_units_in_the_last_place(largest: float) -> None:
    with mp.workdps(40):
        for x in np.random.default_rng(1).uniform(-largest, largest, 2000).tolist():
            assert units_off(exp(x), mp.exp(mp.mpf(x))) < 1.1, x


def test_subnormal_results_are_rounded_gradually() -> None:
    with mp.workdps(40):
        for x in np.linspace(-745.1, -708.0, 500).tolist():
            assert units_off(exp(x), mp.exp(mp.mpf(x))) < 1.1, x


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0.0, 1.0),
        (-0.0, 1.0),
        (5e-324, 1.0),
        (1e-17, 1.0),
        (math.inf, math.inf),
        (-math.inf, 0.0),
        (710.0, math.inf),
        (1e308, math.inf),
        (-746.0, 0.0),
        (-1e308, 0.0),
    ],
)
def test_edges(x: float, expected: float) -> None:
    assert exp(x) == expected


def test_largest_and_smallest() -> None:
    assert math.isfinite(exp(LARGEST))
    assert exp(LARGEST) > 1.797e308
    assert exp(math.nextafter(LARGEST, math.inf)) == math.inf
    assert exp(math.nextafter(SMALLEST, -math.inf)) == 0.0
    assert exp(SMALLEST + 0.1) == 5e-324


def test_not_a_number_stays() -> None:
    assert math.isnan(exp(math.nan))
    assert math.isnan(exp(-math.nan))


def test_is_monotone_where_the_reduction_steps() -> None:
    for k in range(-1000, 1000):
        x = (k + 0.5) * math.log(2.0)
        if abs(x) < 700.0:
            near = [exp(math.nextafter(x, -math.inf)), exp(x), exp(math.nextafter(x, math.inf))]
            assert near[2] >= near[0] * (1.0 - 3e-16), k
