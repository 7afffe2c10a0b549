"""Cholesky, triangular solutions and products against exact and independent arithmetic; one set of bits."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.linear_algebra import (
    cholesky,
    multiply,
    solve_lower,
    solve_lower_transposed,
    weighted_products,
)

ROOT = Path(__file__).parents[2]
KERNELS = (cholesky, multiply, solve_lower, solve_lower_transposed, weighted_products)


def definite(n: int, seed: int = 7) -> FloatArray:
    """Return an `(n, n)` positive definite matrix whose rows differ in size by powers of ten."""
    generator = np.random.default_rng(seed)
    root = generator.normal(size=(n, n + 3))
    matrix = np.einsum("ik,jk->ij", root, root)
    scale = 10.0 ** generator.integers(-4, 2, n)
    return frozen(0.5 * (matrix + matrix.T) * scale[:, None] * scale[None, :])


def factor(matrix: FloatArray) -> FloatArray:
    out = np.empty(matrix.shape)
    cholesky(matrix, out)
    return frozen(out)


def digest() -> str:
    """Return a digest of what every kernel makes of one block."""
    matrix, right = definite(7), frozen(np.random.default_rng(3).normal(size=(7, 4)))
    lower = factor(matrix)
    outs = [np.empty((7, 4)), np.empty((7, 4)), np.empty((7, 4)), np.empty((4, 4))]
    solve_lower(lower, right, outs[0])
    solve_lower_transposed(lower, right, outs[1])
    multiply(matrix, right, outs[2])
    weighted_products(right, frozen(np.arange(1.0, 8.0)), right, outs[3])
    return hashlib.sha256(b"".join(array.tobytes() for array in (lower, *outs))).hexdigest()


@pytest.mark.parametrize("n", [1, 2, 5, 19, 40])
def test_factor_is_that_of_exact_arithmetic(n: int) -> None:
    matrix = definite(n)
    with mpmath.workdps(40):
        expected = np.array(mpmath.cholesky(mpmath.matrix(matrix.tolist())).tolist(), dtype=float)
    # Errors count against the size of each row, which Cholesky respects.
    np.testing.assert_allclose(
        factor(matrix) / np.sqrt(np.diag(matrix))[:, None],
        expected.reshape(n, n) / np.sqrt(np.diag(matrix))[:, None],
        rtol=0.0,
        atol=1e-13,
    )


def test_upper_triangle_is_not_read() -> None:
    matrix = np.array(definite(6))
    matrix[np.triu_indices(6, 1)] = np.nan
    assert factor(frozen(matrix)).tobytes() == factor(definite(6)).tobytes()


@pytest.mark.parametrize("matrix", [[[0.0]], [[1.0, 2.0], [2.0, 1.0]], [[np.nan]], [[-1.0, 0.0], [0.0, 1.0]]])
def test_matrix_that_is_not_definite_gives_nan_throughout(matrix: list[list[float]]) -> None:
    assert np.isnan(factor(frozen(matrix))).all()


@pytest.mark.parametrize("n", [1, 4, 19])
def test_solutions_solve(n: int) -> None:
    lower = factor(definite(n))
    right = frozen(np.random.default_rng(n).normal(size=(n, 3)))
    out = np.empty((n, 3))
    solve_lower(lower, right, out)
    np.testing.assert_allclose(out, np.linalg.solve(lower, right), rtol=1e-10)
    solve_lower_transposed(lower, right, out)
    np.testing.assert_allclose(out, np.linalg.solve(lower.T, right), rtol=1e-10)


def test_products_are_products() -> None:
    generator = np.random.default_rng(11)
    left, right = generator.normal(size=(9, 5)), generator.normal(size=(5, 4))
    out = np.empty((9, 4))
    multiply(frozen(left), frozen(right), out)
    np.testing.assert_allclose(out, left @ right, rtol=1e-13, atol=1e-14)
    weights, other = generator.uniform(size=9), generator.normal(size=(9, 3))
    out = np.empty((5, 3))
    weighted_products(frozen(left), frozen(weights), frozen(other), out)
    np.testing.assert_allclose(out, left.T @ np.diag(weights) @ other, rtol=1e-13, atol=1e-14)


def test_plain_python_gives_the_same_bits() -> None:
    code = "from tests.kernels.test_linear_algebra import digest; print(digest())"
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path}
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == digest()


def test_one_signature_serves_all_calls() -> None:
    digest()
    signatures = [getattr(function, "signatures", None) for function in KERNELS]
    if None in signatures:
        pytest.skip("not compiled in this process")
    assert [len(found) for found in signatures if found is not None] == [1] * len(KERNELS)
