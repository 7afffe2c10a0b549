"""The linear Gaussian case in closed form: the most plausible move of a linear book that costs a loss."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray, frozen


def central_scenario(covariance: FloatArray, weights: FloatArray, loss: float) -> FloatArray:
    """Return the move x of least xᵀ S⁻¹ x with wᵀ x = loss: x = loss · S w ÷ (wᵀ S w).

    Parameters
    ----------
    covariance
        S, `(n, n)`.
    weights
        w, `(n,)`: loss for each unit of a move.

    Raises
    ------
    ValueError
        When no move of the book's factors costs anything: wᵀ S w is 0.

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
    pulled = covariance @ weights
    variance = float(weights @ pulled)
    if not variance > 0.0:
        raise ValueError("no move costs anything: the loss has no variance")
    return frozen(loss * pulled / variance)
