"""Tilted probabilities, moments and entropies against correctly rounded sums."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.relative_entropy import entropy, fill_moments, relative_entropy, tilt

N_VIEWS, N_COLUMNS = 3, 400


@pytest.fixture
def sample() -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(8)
    prior = rng.uniform(0.1, 1.0, N_COLUMNS)
    return frozen(prior / prior.sum()), frozen(rng.normal(size=(N_VIEWS, N_COLUMNS)))


@pytest.mark.parametrize("size", [0.0, 0.3, 40.0, 900.0])
def test_tilt(sample: tuple[FloatArray, FloatArray], size: float) -> None:
    prior, views = sample
    multipliers, out = frozen(size * np.array([1.0, -0.5, 0.25])), np.empty(N_COLUMNS)
    log_sum = tilt(prior, views, multipliers, out)
    exponent = views.T @ multipliers
    weight = [q * math.exp(x - exponent.max()) for q, x in zip(prior, exponent, strict=True)]
    np.testing.assert_allclose(out, np.array(weight) / math.fsum(weight), rtol=1e-12, atol=1e-300)
    assert log_sum == pytest.approx(exponent.max() + math.log(math.fsum(weight)), rel=1e-13, abs=1e-13)
    assert math.fsum(out) == pytest.approx(1.0, rel=1e-14)


def test_moments(sample: tuple[FloatArray, FloatArray]) -> None:
    prior, views = sample
    mean, covariance = np.empty(N_VIEWS), np.empty((N_VIEWS, N_VIEWS))
    fill_moments(prior, views, mean, covariance)
    np.testing.assert_allclose(mean, views @ prior, rtol=1e-13)
    np.testing.assert_allclose(covariance, np.cov(views, aweights=prior, bias=True), rtol=1e-12)
    assert covariance.tobytes() == covariance.T.copy().tobytes()


def test_moments_are_the_derivatives_of_the_log_sum(sample: tuple[FloatArray, FloatArray]) -> None:
    prior, views = sample
    at, step, out = np.array([0.2, -0.1, 0.4]), 1e-5, np.empty(N_COLUMNS)
    mean, covariance = np.empty(N_VIEWS), np.empty((N_VIEWS, N_VIEWS))
    tilt(prior, views, frozen(at), out)
    fill_moments(frozen(out), views, mean, covariance)
    for i in range(N_VIEWS):
        unit = step * np.eye(N_VIEWS)[i]
        up, down = (tilt(prior, views, frozen(at + sign * unit), out) for sign in (1.0, -1.0))
        assert (up - down) / (2 * step) == pytest.approx(mean[i], abs=1e-9)
        middle = tilt(prior, views, frozen(at), out)
        assert (up - 2 * middle + down) / step**2 == pytest.approx(covariance[i, i], abs=1e-4)


def test_entropies(sample: tuple[FloatArray, FloatArray]) -> None:
    prior, _ = sample
    assert entropy(prior) == pytest.approx(-math.fsum(p * math.log(p) for p in prior), rel=1e-13)
    assert entropy(frozen([1.0, 0.0])) == 0.0
    assert entropy(frozen(np.full(8, 0.125))) == pytest.approx(math.log(8), rel=1e-15)
    assert relative_entropy(prior, prior) == 0.0
    assert relative_entropy(frozen([1.0, 0.0]), frozen([0.5, 0.5])) == pytest.approx(math.log(2), rel=1e-15)
    assert relative_entropy(frozen([0.5, 0.5, 0.0]), frozen([0.25, 0.75, 0.0])) > 0.0
