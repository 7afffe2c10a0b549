"""Small dense linear algebra in a fixed order with fma: bits are the same everywhere, unlike BLAS."""

from __future__ import annotations

from math import nan, sqrt

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel

# Loops run over the rows of row-major matrices: the inner one is contiguous, and its sum has one order.


@kernel
def cholesky(matrix: FloatArray, out: FloatArray) -> None:
    """Fill `out` with the lower triangular L of L Lᵀ = `matrix`; above the diagonal it is 0.

    The row-by-row form of Golub and Van Loan, Matrix Computations (4th ed.), section 4.2.5. Where the matrix
    is not positive definite in double precision the whole of `out` is NaN.

    Parameters
    ----------
    matrix
        `(n, n)`; only the lower triangle is read.
    out
        `(n, n)`.
    """
    n = matrix.shape[0]
    definite = True
    for row in range(n):
        for column in range(row + 1):
            total = matrix[row, column]
            for inner in range(column):
                total = fma(-out[row, inner], out[column, inner], total)
            if column < row:
                out[row, column] = total / out[column, column]
            elif definite and total > 0.0:
                out[row, row] = sqrt(total)
            else:
                # A pivot of 1 keeps plain Python from dividing by zero until all is marked.
                definite = False
                out[row, row] = 1.0
        for column in range(row + 1, n):
            out[row, column] = 0.0
    if not definite:
        for row in range(n):
            for column in range(n):
                out[row, column] = nan


@kernel
def solve_lower(lower: FloatArray, right: FloatArray, out: FloatArray) -> None:
    """Fill `out` with X of L X = `right` by forward substitution.

    Parameters
    ----------
    lower
        L, `(n, n)`, lower triangular with a diagonal that is not zero.
    right, out
        `(n, m)`; may not be one array.
    """
    for row in range(lower.shape[0]):
        for column in range(right.shape[1]):
            out[row, column] = right[row, column]
        for inner in range(row):
            factor = lower[row, inner]
            for column in range(right.shape[1]):
                out[row, column] = fma(-factor, out[inner, column], out[row, column])
        pivot = lower[row, row]
        for column in range(right.shape[1]):
            out[row, column] = out[row, column] / pivot


@kernel
def solve_lower_transposed(lower: FloatArray, right: FloatArray, out: FloatArray) -> None:
    """Fill `out` with X of Lᵀ X = `right` by back substitution; shapes as in `solve_lower`."""
    n = lower.shape[0]
    for step in range(n):
        row = n - 1 - step
        for column in range(right.shape[1]):
            out[row, column] = right[row, column]
        for inner in range(row + 1, n):
            factor = lower[inner, row]
            for column in range(right.shape[1]):
                out[row, column] = fma(-factor, out[inner, column], out[row, column])
        pivot = lower[row, row]
        for column in range(right.shape[1]):
            out[row, column] = out[row, column] / pivot


@kernel
def multiply(left: FloatArray, right: FloatArray, out: FloatArray) -> None:
    """Fill `out` `(n, m)` with the product of `left` `(n, k)` and `right` `(k, m)`."""
    for row in range(left.shape[0]):
        for column in range(right.shape[1]):
            out[row, column] = 0.0
        for inner in range(left.shape[1]):
            factor = left[row, inner]
            for column in range(right.shape[1]):
                out[row, column] = fma(factor, right[inner, column], out[row, column])


@kernel
def weighted_products(left: FloatArray, weights: FloatArray, right: FloatArray, out: FloatArray) -> None:
    """Fill `out` `(k, m)` with leftᵀ · diag(weights) · right.

    Parameters
    ----------
    left, right
        `(n, k)` and `(n, m)`.
    weights
        `(n,)`.
    """
    for row in range(left.shape[1]):
        for column in range(right.shape[1]):
            out[row, column] = 0.0
    for inner in range(left.shape[0]):
        for row in range(left.shape[1]):
            factor = weights[inner] * left[inner, row]
            for column in range(right.shape[1]):
                out[row, column] = fma(factor, right[inner, column], out[row, column])
