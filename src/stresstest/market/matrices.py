"""Matrices of a factor model: products, factors and solutions as frozen arrays, all by the kernels."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.linear_algebra import (
    cholesky,
    multiply,
    solve_lower,
    solve_lower_transposed,
    weighted_products,
)


class NotDefiniteError(ValueError):
    """A matrix that must be positive definite is not, in double precision."""


def lower_factor(matrix: FloatArray) -> FloatArray:
    """Return the Cholesky factor L `(n, n)` of a symmetric positive definite matrix, L Lᵀ = `matrix`.

    Raises
    ------
    NotDefiniteError
        When the matrix is not positive definite.
    """
    out = np.empty(matrix.shape)
    cholesky(frozen(matrix), out)
    if np.isnan(out).any():
        raise NotDefiniteError(f"a {matrix.shape[0]} × {matrix.shape[0]} matrix is not positive definite")
    return _sealed(out)


def product(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return the matrix product `(n, m)` of `left` `(n, k)` and `right` `(k, m)`."""
    out = np.empty((left.shape[0], right.shape[1]))
    multiply(frozen(left), frozen(right), out)
    return _sealed(out)


def weighted_gram(left: FloatArray, weights: FloatArray, right: FloatArray) -> FloatArray:
    """Return leftᵀ · diag(weights) · right, `(k, m)`, of `(n, k)`, `(n,)` and `(n, m)`."""
    out = np.empty((left.shape[1], right.shape[1]))
    weighted_products(frozen(left), frozen(weights), frozen(right), out)
    return _sealed(out)


def solved_lower(lower: FloatArray, right: FloatArray) -> FloatArray:
    """Return X `(n, m)` of L X = `right`."""
    out = np.empty(right.shape)
    solve_lower(frozen(lower), frozen(right), out)
    return _sealed(out)


def solved(lower: FloatArray, right: FloatArray) -> FloatArray:
    """Return X `(n, m)` of L Lᵀ X = `right`, for the Cholesky factor L."""
    out = np.empty(right.shape)
    solve_lower_transposed(frozen(lower), solved_lower(lower, right), out)
    return _sealed(out)


def _sealed(array: FloatArray) -> FloatArray:
    array.flags.writeable = False
    return array
