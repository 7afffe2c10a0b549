"""Standard deviations of flat vols and smiles."""

from __future__ import annotations

import math

import pytest

from stresstest.kernels.volatility import clamped, flat_std_dev, mixed_std_dev, smile_vol


def test_flat() -> None:
    assert flat_std_dev(0.2, 0.5) == 0.1
    assert flat_std_dev(0.0, 0.5) == 0.0
    assert math.isnan(flat_std_dev(-1e-9, 0.5))
    assert math.isnan(flat_std_dev(-1e-9, 0.0))
    assert math.isnan(flat_std_dev(math.nan, 0.5))


@pytest.mark.parametrize(("x", "expected"), [(-3.0, -2.0), (-2.0, -2.0), (0.3, 0.3), (1.5, 1.5), (9.0, 1.5)])
def test_clamped(x: float, expected: float) -> None:
    assert clamped(x, -2.0, 1.5) == expected
    assert math.isnan(clamped(math.nan, -2.0, 1.5))


def test_smile_vol() -> None:
    assert smile_vol(0.0, 0.3, -0.1, 0.2) == 0.3
    assert smile_vol(-0.5, 0.3, -0.1, 0.2) == pytest.approx(0.3 + 0.05 + 0.05, rel=1e-15)


def test_variance_is_linear_between_pillars() -> None:
    near_years, far_years, years = 0.25, 1.0, 0.5
    share = (years - near_years) / (far_years - near_years)
    got = mixed_std_dev(0.4, 0.3, (1.0 - share) * near_years, share * far_years)
    variance = 0.4**2 * near_years + share * (0.3**2 * far_years - 0.4**2 * near_years)
    assert got == pytest.approx(math.sqrt(variance), rel=1e-15)


def test_one_pillar_alone() -> None:
    assert mixed_std_dev(0.3, 0.3, 0.49, 0.0) == pytest.approx(0.21, rel=1e-15)
    assert mixed_std_dev(0.0, 0.0, 0.49, 0.0) == 0.0


@pytest.mark.parametrize(("near", "far"), [(-0.1, 0.3), (0.3, -0.1), (math.nan, 0.3), (0.3, math.nan)])
def test_an_impossible_vol_is_not_a_number(near: float, far: float) -> None:
    assert math.isnan(mixed_std_dev(near, far, 0.25, 0.25))
