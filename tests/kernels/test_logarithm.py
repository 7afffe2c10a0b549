"""ln x against 40-digit arithmetic and at the edges of double precision."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest

from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log

SIZES = {
    "near 1": lambda rng: 1.0 + rng.normal(0.0, 1e-3, 2000),
    "around 1": lambda rng: rng.uniform(0.4, 2.5, 2000),
    "prices": lambda rng: rng.uniform(0.01, 1e6, 2000),
    "everything": lambda rng: 2.0 ** rng.uniform(-1021.0, 1023.0, 2000),
    "subnormal": lambda rng: rng.uniform(0.0, 2e-308, 2000),
}


@pytest.mark.parametrize("size", SIZES)
def test_error_is_below_one_unit_in_the_last_place(size: str) -> None:
    with mp.workdps(40):
        for x in SIZES[size](np.random.default_rng(2)).tolist():
            exact = mp.log(mp.mpf(x))
            assert abs(mp.mpf(log(x)) - exact) < math.ulp(float(exact)), x


@pytest.mark.parametrize(
    ("x", "expected"), [(1.0, 0.0), (0.0, -math.inf), (-0.0, -math.inf), (math.inf, math.inf)]
)
def test_edges(x: float, expected: float) -> None:
    assert log(x) == expected


@pytest.mark.parametrize("x", [-1.0, -5e-324, -math.inf, math.nan, -math.nan])
def test_no_logarithm_is_not_a_number(x: float) -> None:
    assert math.isnan(log(x))


def test_powers_of_two_are_multiples_of_ln_2() -> None:
    for k in range(-1074, 1024):
        assert log(math.ldexp(1.0, k)) == pytest.approx(k * math.log(2.0), rel=2e-16), k


def test_exponential_undoes_it() -> None:
    for x in np.random.default_rng(3).uniform(0.01, 1000.0, 1000).tolist():
        assert exp(log(x)) == pytest.approx(x, rel=2e-15)
