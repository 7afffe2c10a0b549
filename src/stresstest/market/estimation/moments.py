"""Covariance of the systematic factors in a regime: pairwise moments, shrinkage, repair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.history import ProductMoments, pair_moments
from stresstest.market.estimation.windows import LAG, MIN_RETURNS, overlap_efficiency
from stresstest.market.factor_model import TRADING_DAYS

FLOOR = 1e-3
"""Smallest eigenvalue of a correlation matrix after repair."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Pairwise second moments of standardised returns.

    Attributes
    ----------
    deviation
        `(k,)` standard deviation of a return; NaN without enough of them.
    correlation, variance
        `(k, k)` sample correlations and the estimated variance of each; NaN without enough returns.
    """

    deviation: FloatArray
    correlation: FloatArray
    variance: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class CovarianceEstimate:
    """Covariance per year of one regime and what it took.

    Attributes
    ----------
    covariance
        `(k, k)` positive definite.
    shrinkage
        Intensity in [0, 1].
    smallest_eigenvalue
        Of the correlation matrix before repair.
    """

    covariance: FloatArray
    shrinkage: float
    smallest_eigenvalue: float


def sample_moments(moves: FloatArray, lag: int = LAG) -> Moments:
    """Return the moments of `moves` `(n_rows, k)`, NaN where missing, overlapping over `lag` days.

    The variance of a correlation is (mean of squared products − r²) ÷ effective number of returns.
    """
    present = np.isfinite(moves)
    count = present.sum(axis=0)
    enough = count >= MIN_RETURNS
    safe = np.maximum(count, 1)
    centred = moves - np.where(present, moves, 0.0).sum(axis=0) / safe
    squares = np.where(present, centred * centred, 0.0).sum(axis=0) / safe
    deviation = np.where(enough, np.sqrt(squares), np.nan)
    k = moves.shape[1]
    counts, means, fourth = np.empty((k, k)), np.empty((k, k)), np.empty((k, k))
    pair_moments(frozen(centred / deviation), ProductMoments(counts, means, fourth))
    means[counts < MIN_RETURNS] = np.nan
    effective = np.maximum(counts * overlap_efficiency(lag), 1.0)
    variance = np.maximum(fourth - means * means, 0.0) / effective
    correlation = means.copy()
    np.fill_diagonal(correlation, 1.0)
    return Moments(frozen(deviation), frozen(correlation), frozen(variance))


def filled(moments: Moments, reference: Moments) -> Moments:
    """Return `moments` with what is missing taken from `reference`: the whole history of the factor.

    A missing deviation is the reference's times the median ratio of those that both have.
    """
    ratio = float(np.nanmedian(moments.deviation / reference.deviation))
    deviation = np.where(np.isnan(moments.deviation), reference.deviation * ratio, moments.deviation)
    lost = np.isnan(moments.correlation)
    known = np.where(np.isnan(reference.correlation), 0.0, reference.correlation)
    spread = np.where(np.isnan(reference.variance), 0.0, reference.variance)
    return Moments(
        frozen(deviation),
        frozen(np.where(lost, known, moments.correlation)),
        frozen(np.where(lost, spread, moments.variance)),
    )


def shrinkage_intensity(correlation: FloatArray, variance: FloatArray) -> float:
    """Return the intensity that minimises the expected squared error of a correlation matrix.

    Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", Journal of
    Multivariate Analysis 88 (2004), target the identity: intensity = b² ÷ d² (theorem 2.1), with d² the
    squared distance of the sample from the target and b² the estimated squared error of the sample (lemmas
    3.3 and 3.4), here over standardised returns. Their diagonal is the target's and counts in neither
    (Schäfer and Strimmer, Statistical Applications in Genetics and Molecular Biology 4 (2005), table 2).
    """
    off = ~np.eye(correlation.shape[0], dtype=np.bool_)
    distance = float((correlation[off] * correlation[off]).sum())
    error = float(variance[off].sum())
    return 0.0 if distance == 0.0 else min(error / distance, 1.0)


def repaired(correlation: FloatArray) -> tuple[FloatArray, float]:
    """Return the correlation matrix with eigenvalues of at least `FLOOR`, and its smallest one before.

    Correlations of pairs with different histories need not be those of anything. Eigenvalues below the floor
    are raised to it and the diagonal is brought back to 1 (Rebonato and Jäckel, Journal of Risk 2 (1999),
    section 3).
    """
    values, vectors = np.linalg.eigh(correlation)
    smallest = float(values[0])
    if smallest >= FLOOR:
        return correlation, smallest
    scaled = vectors * np.sqrt(np.maximum(values, FLOOR))
    scaled = scaled / np.sqrt((scaled * scaled).sum(axis=1))[:, np.newaxis]
    result = (scaled[:, np.newaxis, :] * scaled[np.newaxis, :, :]).sum(axis=2)
    return frozen(0.5 * (result + result.T)), smallest


def covariance_estimate(moments: Moments, lag: int = LAG) -> CovarianceEstimate:
    """Return the shrunk and repaired covariance per year of `moments`, which lack nothing."""
    intensity = shrinkage_intensity(moments.correlation, moments.variance)
    target = np.eye(moments.correlation.shape[0])
    mixed = (1.0 - intensity) * moments.correlation + intensity * target
    correlation, smallest = repaired(frozen(mixed))
    deviation = moments.deviation * np.sqrt(TRADING_DAYS / lag)
    covariance = correlation * deviation[:, np.newaxis] * deviation[np.newaxis, :]
    return CovarianceEstimate(frozen(0.5 * (covariance + covariance.T)), intensity, smallest)
