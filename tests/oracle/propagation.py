"""Conditional mean the plain way: the full covariance of what is stated, by LAPACK."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def conditional_mean(covariance: Array, statements: Array, changes: Array) -> Array:
    """Return E[x | A x = y] = S Aᵀ (A S Aᵀ)⁻¹ y for x with mean 0 and covariance S.

    Parameters
    ----------
    covariance
        S, `(n, n)`.
    statements
        A, `(m, n)`: a row with a single 1 states one factor, another row a combination of them.
    changes
        y, `(m,)`.
    """
    return covariance @ statements.T @ np.linalg.solve(statements @ covariance @ statements.T, changes)


def mahalanobis(covariance: Array, changes: Array) -> float:
    """Return √(xᵀ S⁻¹ x)."""
    return float(np.sqrt(changes @ np.linalg.solve(covariance, changes)))
