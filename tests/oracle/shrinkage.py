"""Moments and shrinkage the plain way: sums written out over rows and pairs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def correlation_and_variance(returns: Array, efficiency: float) -> tuple[Array, Array]:
    """Return correlations of complete `returns` `(n, k)` and their variances, for n · `efficiency` rows."""
    n, k = returns.shape
    standard = (returns - returns.mean(axis=0)) / returns.std(axis=0)
    correlation, variance = np.empty((k, k)), np.empty((k, k))
    for i in range(k):
        for j in range(k):
            products = standard[:, i] * standard[:, j]
            correlation[i, j] = products.mean()
            variance[i, j] = products.var() / (n * efficiency)
    return correlation, variance


def intensity(correlation: Array, variance: Array) -> float:
    """Return Σ Var(r_ij) ÷ Σ r_ij² over i ≠ j, at most 1."""
    k = len(correlation)
    pairs = [(i, j) for i in range(k) for j in range(k) if i != j]
    total = sum(correlation[i, j] ** 2 for i, j in pairs)
    return float(min(sum(variance[i, j] for i, j in pairs) / total, 1.0))
