"""The linear Gaussian case in closed form: the most plausible move of a linear book that costs a loss."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray, frozen

_ROUNDING = 1e-12


def central_scenario(covariance: FloatArray, weights: FloatArray, loss: float) -> FloatArray:
    """Return the move x of least xᵀ S⁻¹ x with wᵀ x = loss: x = loss · S w ÷ (wᵀ S w).

    Parameters
    ----------
    covariance
        S, `(n, n)`, symmetric and positive semi-definite. It is not inverted: one that is singular will do.
    weights
        w, `(n,)`: loss for each unit of a move.
    loss
        To reach; a negative one is a gain.

    Raises
    ------
    ValueError
        Where shapes do not fit, a number is not finite, S is no covariance, or no move costs anything: wᵀ S w
        is 0.

    References
    ----------
    Y. Kopeliovich, A. Novosyolov, D. Satchkov, B. Schachter, "Robust Risk Estimation and Hedging: A Reverse
    Stress Testing Approach", Journal of Derivatives 22(4) (2015) 10, equation 4.

    Examples
    --------
    >>> covariance = [[11.871, 9.742, 1.125], [9.742, 14.723, 0.717], [1.125, 0.717, 0.219]]
    >>> central_scenario(np.array(covariance), np.ones(3), 13.0).round(3).tolist()
    [5.914, 6.55, 0.536]
    """
    n = len(weights)
    if covariance.shape != (n, n):
        raise ValueError(f"a covariance {covariance.shape} of {n} weights; expected {(n, n)}")
    if not (np.isfinite(covariance).all() and np.isfinite(weights).all() and np.isfinite(loss)):
        raise ValueError("a covariance, weight or loss that is not finite")
    if not np.allclose(covariance, covariance.T, rtol=1e-9, atol=0.0):
        raise ValueError("a covariance that is not symmetric")
    values = np.linalg.eigvalsh(covariance)
    if values[0] < -_ROUNDING * max(float(values[-1]), 0.0):
        raise ValueError(f"a covariance with a negative eigenvalue, {values[0]:.3g}")
    pulled = covariance @ weights
    variance = float(weights @ pulled)
    if not variance > _ROUNDING * float(values[-1]) * float(weights @ weights):
        raise ValueError("no move costs anything: the loss has no variance")
    return frozen(loss * pulled / variance)
