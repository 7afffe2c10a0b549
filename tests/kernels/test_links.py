"""The kernel of links against exact arithmetic, at every width, compiled and plain."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.links import LinkTerms, linked_levels

ROOT = Path(__file__).parents[2]
N_WEIGHTS, N_BETAS, N_DURATIONS, N_COLUMNS = 5, 3, 2, 40


def block() -> tuple[LinkTerms, float, FloatArray]:
    """Return a link of every kind of term and its sources' levels, column 0 at the base."""
    generator = np.random.default_rng(20251003)
    n_terms = N_WEIGHTS + N_BETAS + N_DURATIONS
    bases = np.concatenate([generator.uniform(1.0, 900.0, n_terms - N_DURATIONS), [0.04, 0.011]])
    coefficients = np.concatenate(
        [
            generator.uniform(0.0, 0.2, N_WEIGHTS),
            generator.uniform(-2.0, 3.0, N_BETAS),
            generator.uniform(0.0, 17.0, N_DURATIONS),
        ]
    )
    levels = bases[:, None] * generator.uniform(0.1, 3.0, (n_terms, N_COLUMNS))
    levels[:, 0] = bases
    return LinkTerms(frozen(coefficients), frozen(bases), N_WEIGHTS, N_BETAS), 123.45, levels


def evaluate(width: int | None = None) -> FloatArray:
    """Return the target's levels, the columns taken `width` at a time."""
    terms, base, levels = block()
    width = width or N_COLUMNS
    out = []
    for lo in range(0, N_COLUMNS, width):
        part = frozen(levels[:, lo : lo + width])
        row = np.empty(part.shape[1])
        linked_levels(terms, base, part, np.empty_like(row), row)
        out.append(row)
    return np.concatenate(out)


def exact(column: int) -> mpmath.mpf:
    """Return the formula of `FactorLink` for one column in 50 digits."""
    terms, base, levels = block()
    with mpmath.workdps(50):
        weighted, powers, exponent = mpmath.mpf(1), mpmath.mpf(1), mpmath.mpf(0)
        for term, coefficient in enumerate(map(mpmath.mpf, terms.coefficients)):
            level, source_base = mpmath.mpf(levels[term, column]), mpmath.mpf(terms.bases[term])
            if term < N_WEIGHTS:
                weighted += coefficient * (level / source_base - 1)
            elif term < N_WEIGHTS + N_BETAS:
                powers *= mpmath.power(level / source_base, coefficient)
            else:
                exponent -= coefficient * (level - source_base)
        return mpmath.mpf(base) * weighted * powers * mpmath.exp(exponent)


def test_levels_are_those_of_exact_arithmetic() -> None:
    levels = evaluate()
    for column in range(N_COLUMNS):
        expected = exact(column)
        assert abs(levels[column] - expected) <= 5e-15 * abs(expected), (
            f"column {column}: got {levels[column]!r}, expected {mpmath.nstr(expected, 20)}"
        )


def test_column_at_the_base_is_the_base() -> None:
    assert evaluate()[0] == 123.45


@pytest.mark.parametrize("width", range(1, 40))
def test_the_width_of_a_block_changes_no_bit(width: int) -> None:
    assert evaluate(width).tobytes() == evaluate().tobytes()


def test_plain_python_gives_the_same_bits() -> None:
    code = "from tests.kernels.test_links import evaluate; print(evaluate().tobytes().hex())"
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path}
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == evaluate().tobytes().hex()


def test_one_signature_serves_all_calls() -> None:
    evaluate(3)
    evaluate()
    signatures = getattr(linked_levels, "signatures", None)
    if signatures is None:
        pytest.skip("not compiled in this process")
    assert len(signatures) == 1
