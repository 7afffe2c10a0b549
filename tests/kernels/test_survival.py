"""Moments of discounted survival and both legs of an interval against high-precision integrals."""

from __future__ import annotations

import math

import mpmath
import pytest

from stresstest.kernels.survival import (
    PREMIUM_DAYS_RATIO,
    Interval,
    accrual_leg,
    default_leg,
    moments,
    survival,
)

SIZES = (0.0, 1e-300, 1e-12, 1e-6, 1e-4, 0.01, 0.1, 0.2499999999, 0.25, 0.2500001, 0.5, 1.0)
EXPONENTS = [*SIZES, *(-size for size in SIZES), 3.0, 10.0, 40.0, 700.0]


def exact(x: float, power: int) -> mpmath.mpf:
    with mpmath.workdps(40):
        return mpmath.hyp1f1(power + 1, power + 2, -mpmath.mpf(x)) / (power + 1)


@pytest.mark.parametrize("x", EXPONENTS)
def test_moments_are_the_integrals(x: float) -> None:
    start = 0.93
    found = moments(start, start * math.exp(-x), x)
    errors = [abs(float(found[n] / start - exact(x, n))) for n in range(3)]
    scale = max(1.0, math.exp(-x))
    assert errors[0] <= 2e-15 * scale
    assert errors[1] <= 1e-14 * scale
    assert errors[2] <= 1e-13 * scale


def test_moments_join_where_the_method_changes() -> None:
    below, above = math.nextafter(0.25, 0.0), 0.25
    first, second = (moments(1.0, math.exp(-x), x) for x in (below, above))
    assert list(first) == pytest.approx(list(second), rel=5e-14)


HAZARDS = (0.0, 1e-9, 0.01, 0.3, 5.0, -0.02)
INTERVALS = (Interval(0.0, 0.25, 0.03), Interval(2.2, 0.2493, 0.5 / 365.0), Interval(0.4, 1 / 365.0, 0.2))
FORWARD = 0.035


def legs_of(hazard: float, interval: Interval):
    start, length, _ = interval
    before, after = (math.exp(-(FORWARD + hazard) * years) for years in (start, start + length))
    parts = moments(before, after, (FORWARD + hazard) * length)
    return default_leg(hazard, interval, parts), accrual_leg(hazard, interval, parts)


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("hazard", HAZARDS)
def test_legs_are_integrals_over_the_time_of_default(hazard: float, interval: Interval) -> None:
    start, length, accrued = interval

    def density(t: mpmath.mpf) -> mpmath.mpf:
        return mpmath.exp(-FORWARD * t) * hazard * mpmath.exp(-hazard * t)

    loss, accrual = legs_of(hazard, interval)
    expected = mpmath.quad(density, [start, start + length])
    late = mpmath.quad(lambda t: (t - start + accrued) * density(t), [start, start + length])
    assert loss.value == pytest.approx(float(expected), rel=1e-13, abs=1e-18)
    assert accrual.value == pytest.approx(float(PREMIUM_DAYS_RATIO * late), rel=1e-13, abs=1e-18)


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("hazard", HAZARDS)
def test_slopes_are_derivatives_in_the_hazard_rate(hazard: float, interval: Interval) -> None:
    bump = 1e-5
    up, down = legs_of(hazard + bump, interval), legs_of(hazard - bump, interval)
    for leg, higher, lower in zip(legs_of(hazard, interval), up, down, strict=True):
        numeric = (higher.value - lower.value) / (2.0 * bump)
        assert leg.slope == pytest.approx(numeric, rel=1e-6, abs=1e-10)


def test_survival_is_one_at_the_start_and_falls() -> None:
    assert survival(0.3, 0.0) == 1.0
    assert survival(0.3, 2.0) == pytest.approx(math.exp(-0.6), rel=1e-15)
