"""Returns and moments of histories with gaps against numpy, and their bits in plain Python."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.history import ProductMoments, fill_logarithms, largest_moves, pair_moments

ROOT = Path(__file__).parents[2]
N_ROWS, N_NAMES = 60, 4


def prices() -> FloatArray:
    """Return prices with gaps, a zero and a negative one."""
    values = np.random.default_rng(4).uniform(1.0, 200.0, (N_ROWS, N_NAMES))
    values[:20, 1] = np.nan
    values[33, 2] = np.nan
    values[7, 3], values[8, 3] = 0.0, -3.0
    return frozen(values)


def logarithms() -> FloatArray:
    out = np.empty((N_ROWS, N_NAMES))
    fill_logarithms(prices(), out)
    return frozen(out)


def moments(values: FloatArray) -> ProductMoments:
    n = values.shape[1]
    out = ProductMoments(np.empty((n, n)), np.empty((n, n)), np.empty((n, n)))
    pair_moments(values, out)
    return out


def largest(lag: int) -> FloatArray:
    out = np.empty(N_NAMES)
    largest_moves(logarithms(), lag, out)
    return out


def digest() -> str:
    # One NaN is as good as another: its sign and payload are not part of the promise.
    arrays = (logarithms(), *moments(logarithms()), largest(5))
    clean = (np.where(np.isnan(array), 0.0, array) for array in arrays)
    return hashlib.sha256(b"".join(array.tobytes() for array in clean)).hexdigest()


def test_logarithms_are_those_of_positive_prices() -> None:
    values = prices()
    expected = np.log(np.where(values > 0.0, values, np.nan))
    np.testing.assert_allclose(logarithms(), expected, rtol=1e-15)


def test_moments_are_over_the_rows_that_both_have() -> None:
    values, found = logarithms(), moments(logarithms())
    for i in range(N_NAMES):
        for j in range(N_NAMES):
            products = (values[:, i] * values[:, j])[np.isfinite(values[:, i] * values[:, j])]
            assert found.n_rows[i, j] == len(products)
            np.testing.assert_allclose(found.mean[i, j], products.mean(), rtol=1e-13)
            np.testing.assert_allclose(found.square[i, j], (products**2).mean(), rtol=1e-13)


def test_a_pair_without_rows_has_no_moments() -> None:
    values = np.array([[1.0, np.nan], [np.nan, 2.0]])
    found = moments(frozen(values))
    assert found.n_rows[0, 1] == 0.0
    assert np.isnan(found.mean[0, 1])
    assert np.isnan(found.square[1, 0])


def test_largest_moves_skip_gaps() -> None:
    values = logarithms()
    for lag in (1, 5, 59):
        expected = [np.nan] * N_NAMES
        for name in range(N_NAMES):
            moves = np.abs(values[lag:, name] - values[:-lag, name])
            known = moves[np.isfinite(moves)]
            expected[name] = known.max() if len(known) else np.nan
        np.testing.assert_array_equal(largest(lag), expected)


def test_plain_python_gives_the_same_bits() -> None:
    code = "from tests.kernels.test_history import digest; print(digest())"
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path}
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == digest()
