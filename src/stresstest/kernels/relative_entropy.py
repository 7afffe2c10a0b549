"""Probabilities tilted by views, and entropies: sums in a fixed order, the same bits everywhere."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log


@kernel
def tilt(prior: FloatArray, views: FloatArray, multipliers: FloatArray, out: FloatArray) -> float:
    """Fill `out` with prior · e^{multipliers·views} ÷ its sum; return the log of that sum.

    The largest exponent is taken out first, so that nothing overflows.

    Parameters
    ----------
    prior, out
        `(n_columns,)`, sum 1.
    views
        `(n_views, n_columns)`.
    multipliers
        `(n_views,)`.
    """
    n_columns = out.shape[0]
    for j in range(n_columns):
        out[j] = 0.0
    for i in range(views.shape[0]):
        multiplier, row = multipliers[i], views[i]
        for j in range(n_columns):
            out[j] = fma(multiplier, row[j], out[j])
    largest = out[0]
    for j in range(n_columns):
        largest = max(largest, out[j])
    total = 0.0
    for j in range(n_columns):
        out[j] = prior[j] * exp(out[j] - largest)
        total += out[j]
    for j in range(n_columns):
        out[j] = out[j] / total
    return float(largest + log(total))


@kernel
def fill_moments(
    probability: FloatArray, views: FloatArray, mean: FloatArray, covariance: FloatArray
) -> None:
    """Fill mean `(n_views,)` and covariance `(n_views, n_views)` of `views` under `probability`."""
    n_views, n_columns = views.shape
    for i in range(n_views):
        row, total = views[i], 0.0
        for j in range(n_columns):
            total = fma(probability[j], row[j], total)
        mean[i] = total
    for i in range(n_views):
        for other in range(i + 1):
            left, right, total = views[i], views[other], 0.0
            left_mean, right_mean = mean[i], mean[other]
            for j in range(n_columns):
                total = fma(probability[j] * (left[j] - left_mean), right[j] - right_mean, total)
            covariance[i, other] = total
            covariance[other, i] = total


@kernel
def entropy(probability: FloatArray) -> float:
    """Return −Σ p·ln p over the positive entries of `probability` `(n_columns,)`."""
    total = 0.0
    for j in range(probability.shape[0]):
        p = probability[j]
        total = fma(-p, log(p) if p > 0.0 else 0.0, total)
    return total


@kernel
def relative_entropy(probability: FloatArray, prior: FloatArray) -> float:
    """Return Σ p·ln(p ÷ q) over the positive entries of p; both `(n_columns,)`, q positive where p is."""
    total = 0.0
    for j in range(probability.shape[0]):
        p = probability[j]
        q = prior[j] if prior[j] > 0.0 else 1.0
        total = fma(p, log(p / q) if p > 0.0 else 0.0, total)
    return total
