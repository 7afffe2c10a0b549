"""How many independent bets a book is: the named factors of the model made uncorrelated, by variance.

With covariance D·C·D of the factors (D their vols, C their correlations), the uncorrelated factors nearest to
the named ones are those of the symmetric root of C: the start of the minimum torsion of A. Meucci,
A. Santangelo and R. Deguest, Risk budgeting and diversification based on optimized uncorrelated
factors (2015). A book with exposures b to the named factors has the volatility |z| in them, z = C^½·D·b, and
variances
v = z². Its effective number of bets is (Σv)² ÷ Σv², the inverse Herfindahl index of the variance shares: 1
where all variance comes from one factor, the number of factors where each gives as much. The authors take the
exponential of the entropy of the shares instead, which is never less, as it counts small bets for more: it
is told beside, and the stricter number is what rules are about.
"""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray, frozen


def torsion(covariance: FloatArray) -> FloatArray:
    """Return `(n_factors, n_factors)` C^½·D, which turns exposures into vols in uncorrelated factors."""
    vol = np.sqrt(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance / vol / vol[:, np.newaxis])
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return frozen(root * vol)


def effective_bets(exposures: FloatArray, covariance: FloatArray) -> float:
    """Return the effective number of bets of a book with `exposures` `(n_factors,)`; 0 where it has none.

    Examples
    --------
    >>> effective_bets(np.array([1.0, 1.0]), np.eye(2))
    2.0
    """
    return number_of_bets(torsion(covariance) @ exposures)


def number_of_bets(volatilities: FloatArray) -> float:
    """Return (Σz²)² ÷ Σz⁴ of volatilities `(n_factors,)`; 0 where all are 0."""
    variance = volatilities * volatilities
    square = float((variance * variance).sum())
    return float(variance.sum()) ** 2 / square if square > 0.0 else 0.0


def entropy_of_bets(volatilities: FloatArray) -> float:
    """Return exp(−Σ p·ln p) of the variance shares p of `volatilities` `(n_factors,)`; 0 where all are 0.

    Examples
    --------
    >>> entropy_of_bets(np.array([1.0, -1.0, 0.0]))
    2.0
    """
    variance = volatilities * volatilities
    total = float(variance.sum())
    if total == 0.0:
        return 0.0
    shares = variance[variance > 0.0] / total
    return float(np.exp(-(shares * np.log(shares)).sum()))
