"""Normal distribution against 40-digit arithmetic."""

from __future__ import annotations

import math
from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest

from stresstest.kernels.normal import CENTRE, mills_ratio, normal_cdf, normal_pdf


def test_cdf_is_within_4e_16_and_relative_1e_9_in_the_lower_wing() -> None:
    with mp.workdps(40):
        for x in np.random.default_rng(4).uniform(-37.0, 9.0, 4000).tolist():
            exact = mp.ncdf(mp.mpf(x))
            error = abs(mp.mpf(normal_cdf(x)) - exact)
            assert error < 4e-16, x
            assert error < 1.1e-9 * exact, x


def test_mills_ratio_has_relative_error_below_1e_9_to_the_far_wing() -> None:
    with mp.workdps(40):
        for x in [0.0, *np.geomspace(1e-8, 2e4, 500).tolist()]:
            exact = mp.sqrt(mp.pi / 2) * mp.exp(mp.mpf(x) ** 2 / 2) * mp.erfc(mp.mpf(x) / mp.sqrt(2))
            assert abs(mp.mpf(mills_ratio(1.0 / (x + CENTRE))) / exact - 1) < 1.1e-9, x


def test_pdf() -> None:
    assert normal_pdf(0.0) == 0.3989422804014327
    assert normal_pdf(-1.5) == normal_pdf(1.5) == pytest.approx(0.12951759566589174, rel=1e-15)


def test_symmetry_and_ends() -> None:
    for x in np.linspace(0.0, 8.0, 200).tolist():
        assert normal_cdf(x) + normal_cdf(-x) == pytest.approx(1.0, abs=3e-16)
    assert normal_cdf(math.inf) == 1.0
    assert normal_cdf(-math.inf) == 0.0
    assert normal_cdf(0.0) == pytest.approx(0.5, abs=2e-16)
    assert math.isnan(normal_cdf(math.nan))


def test_rises() -> None:
    values = [normal_cdf(x) for x in np.linspace(-37.0, 8.0, 5000).tolist()]
    assert all(b >= a for a, b in pairwise(values))
