"""Remarks on surfaces: found where option prices show the arbitrage, silent where they do not."""

from __future__ import annotations

from math import sqrt

import mpmath
import numpy as np
import pytest

from stresstest.market.arbitrage import Surface, arbitrage_notes, butterfly_density
from stresstest.market.draft import SmilePillar

STEEP = SmilePillar("1Y", 1.0, 0.90, -0.80, -0.05)
"""A surface whose call wing has butterflies of negative price."""


def surface(*pillars: SmilePillar, lower: float = -1.0, upper: float = 1.0) -> dict[str, Surface]:
    parameters = np.array([pillar[1:] for pillar in pillars])
    return {"X": Surface(tuple(pillar.tenor for pillar in pillars), parameters, lower, upper)}


def call(pillar: SmilePillar, log_moneyness: mpmath.mpf) -> mpmath.mpf:
    """Return the undiscounted call on a forward of 1 at strike exp(log_moneyness), in 40 digits."""
    x = log_moneyness / mpmath.sqrt(pillar.years)
    deviation = (pillar.vol + x * (pillar.skew + x * pillar.curvature)) * mpmath.sqrt(pillar.years)
    d1 = -log_moneyness / deviation + deviation / 2
    return mpmath.ncdf(d1) - mpmath.exp(log_moneyness) * mpmath.ncdf(d1 - deviation)


@pytest.mark.parametrize(
    "pillar",
    [
        SmilePillar("1M", 1 / 12, 0.20, -0.30, 0.60),
        SmilePillar("1Y", 1.0, 0.25, -0.10, 0.05),
        SmilePillar("1Y", 1.0, 0.30, -0.28, 0.0),
        SmilePillar("3M", 0.25, 0.40, 0.0, -0.35),
        STEEP,
    ],
)
def test_the_density_has_the_sign_of_butterflies_priced_in_forty_digits(pillar: SmilePillar) -> None:
    x = np.linspace(-0.9, 0.9, 37)
    density = butterfly_density(np.array([pillar[1:]]), x[None, :])[0]
    compared = 0
    with mpmath.workdps(40):
        for point, value in zip(x, density, strict=True):
            strike = mpmath.exp(mpmath.mpf(float(point)) * mpmath.sqrt(pillar.years))
            width = strike * mpmath.mpf("1e-8")
            low, middle, high = (call(pillar, mpmath.log(strike + n * width)) for n in (-1, 0, 1))
            butterfly = (low - 2 * middle + high) / width**2
            if abs(value) > 1e-3:
                assert (butterfly > 0) == (value > 0), f"x = {point}: g = {value}, butterfly {butterfly}"
                compared += 1
    assert compared > 20
    assert (density.min() < 0) == (pillar is STEEP)


def test_the_density_is_the_second_derivative_of_the_price() -> None:
    pillar = SmilePillar("1Y", 1.0, 0.25, -0.10, 0.05)
    with mpmath.workdps(40):
        k = mpmath.mpf("-0.3")
        deviation = pillar.vol + k * (pillar.skew + k * pillar.curvature)
        d2 = -k / deviation - deviation / 2
        second = mpmath.diff(lambda strike: call(pillar, mpmath.log(strike)), mpmath.exp(k), 2)
        g = second * mpmath.exp(k) * deviation / mpmath.npdf(d2)
    got = butterfly_density(np.array([pillar[1:]]), np.array([[-0.3]]))[0, 0]
    assert got == pytest.approx(float(g), rel=1e-12)


def test_a_calm_surface_is_not_remarked_on() -> None:
    calm = surface(SmilePillar("3M", 0.25, 0.22, -0.10, 0.05), SmilePillar("1Y", 1.0, 0.20, -0.08, 0.03))
    assert arbitrage_notes(calm) == []
    flat = surface(SmilePillar("1Y", 1.0, 0.30, 0.0, 0.0), lower=0.0, upper=0.0)
    assert arbitrage_notes(flat) == []


def test_a_steep_wing_is_remarked_on() -> None:
    (note,) = arbitrage_notes(surface(STEEP))
    assert note.startswith("implied vols of X: a butterfly of negative price at 1Y near x = ")


def test_total_variance_that_falls_is_remarked_on() -> None:
    near, far = SmilePillar("1M", 1 / 12, 0.80, 0.0, 0.0), SmilePillar("3M", 0.25, 0.40, 0.0, 0.0)
    assert 0.80 / sqrt(3.0) > 0.40
    assert arbitrage_notes(surface(near, far)) == [
        "implied vols of X: total variance falls from the pillar before 3M"
    ]
    assert arbitrage_notes(surface(near, far._replace(vol=0.80 / sqrt(3.0) + 1e-6))) == []
