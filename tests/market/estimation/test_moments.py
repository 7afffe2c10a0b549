"""Shrunk and repaired covariances against sums written out, the truth, and matrices that are none."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracle.shrinkage import correlation_and_variance, intensity

from stresstest.market.estimation.moments import (
    FLOOR,
    Moments,
    covariance_estimate,
    filled,
    repaired,
    sample_moments,
    shrinkage_intensity,
)
from stresstest.market.estimation.windows import overlap_efficiency

K = 6


def returns(n_rows: int, seed: int = 1) -> np.ndarray:
    generator = np.random.default_rng(seed)
    common = generator.normal(size=(n_rows, 1))
    scale = np.array([0.01, 0.02, 0.001, 0.05, 0.03, 0.01])
    return (generator.normal(size=(n_rows, K)) + 0.8 * common) * scale


def test_moments_are_those_of_the_oracle() -> None:
    sample = returns(300)
    found = sample_moments(sample)
    correlation, variance = correlation_and_variance(sample, overlap_efficiency(5))
    np.testing.assert_allclose(found.deviation, sample.std(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.correlation, correlation, rtol=1e-11)
    off = ~np.eye(K, dtype=bool)
    np.testing.assert_allclose(found.variance[off], variance[off], rtol=1e-10)
    assert shrinkage_intensity(found.correlation, found.variance) == pytest.approx(
        intensity(correlation, variance), rel=1e-11
    )


def test_covariance_is_the_shrunk_one_scaled_to_a_year() -> None:
    found = sample_moments(returns(300))
    estimate = covariance_estimate(found)
    deviation = found.deviation * np.sqrt(252 / 5)
    np.testing.assert_allclose(np.sqrt(np.diag(estimate.covariance)), deviation, rtol=1e-12)
    correlation = estimate.covariance / np.outer(deviation, deviation)
    expected = (1.0 - estimate.shrinkage) * found.correlation
    off = ~np.eye(K, dtype=bool)
    np.testing.assert_allclose(correlation[off], expected[off], rtol=1e-11)
    assert estimate.smallest_eigenvalue == pytest.approx(np.linalg.eigvalsh(correlation)[0], rel=1e-9)


def test_fewer_returns_shrink_more() -> None:
    intensities = [covariance_estimate(sample_moments(returns(n))).shrinkage for n in (60, 600, 6000)]
    assert intensities[0] > intensities[1] > intensities[2] > 0.0
    assert intensities[2] < 0.02


def test_shrinking_comes_nearer_to_the_truth_than_the_sample() -> None:
    k = 19
    truth = np.full((k, k), 0.15)
    np.fill_diagonal(truth, 1.0)
    root, errors = np.linalg.cholesky(truth), []
    for seed in range(40):
        found = sample_moments(np.random.default_rng(seed).normal(size=(60, k)) @ root.T, 1)
        shrunk = covariance_estimate(found, 1).covariance
        deviation = np.sqrt(np.diag(shrunk))
        distances = [found.correlation - truth, shrunk / np.outer(deviation, deviation) - truth]
        errors.append([np.sum(distance**2) for distance in distances])
    sample_error, shrunk_error = np.mean(errors, axis=0)
    assert shrunk_error < 0.7 * sample_error


def test_gaps_use_the_rows_that_both_have() -> None:
    sample = returns(400)
    sample[:200, 0] = np.nan
    found = sample_moments(sample)
    late = sample[200:]
    centred = sample - np.nanmean(sample, axis=0)
    pair = np.mean(centred[200:, 0] * centred[200:, 1]) / (late[:, 0].std() * sample[:, 1].std())
    assert found.correlation[0, 1] == pytest.approx(pair, rel=1e-10)


def test_a_factor_without_history_takes_that_of_all_years() -> None:
    everything, window = returns(900), returns(100, 2)
    window[:, 3] = np.nan
    lacking, reference = sample_moments(window), sample_moments(everything)
    assert np.isnan(lacking.deviation[3])
    assert np.isnan(lacking.correlation[3, 0])
    found = filled(lacking, reference)
    ratio = np.nanmedian(lacking.deviation / reference.deviation)
    assert found.deviation[3] == pytest.approx(reference.deviation[3] * ratio)
    np.testing.assert_array_equal(found.correlation[3], reference.correlation[3])
    assert found.correlation[0, 1] == lacking.correlation[0, 1]


def test_a_matrix_that_is_no_correlation_is_repaired() -> None:
    broken = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    found, smallest = repaired(broken)
    assert smallest == pytest.approx(np.linalg.eigvalsh(broken)[0])
    assert smallest < 0.0
    values = np.linalg.eigvalsh(found)
    assert values[0] > 0.5 * FLOOR
    np.testing.assert_allclose(np.diag(found), 1.0, rtol=1e-12)
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_array_equal(np.sign(found), np.sign(broken))


def test_a_sound_matrix_is_left_alone() -> None:
    sound = np.array([[1.0, 0.5], [0.5, 1.0]])
    assert repaired(sound)[0] is sound


def test_nothing_to_shrink_has_no_intensity() -> None:
    moments = Moments(np.ones(2), np.eye(2), np.zeros((2, 2)))
    assert covariance_estimate(moments).shrinkage == 0.0
