"""The fused multiply-add in plain Python and compiled, and the decorator."""

from __future__ import annotations

import math
import os
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest.kernels import _jit
from stresstest.kernels._jit import fma, kernel, part

ROOT = Path(__file__).parents[2]
TINY, HUGE = 5e-324, 1.7976931348623157e308
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@kernel
def compiled_fma(a: float, b: float, c: float) -> float:
    return fma(a, b, c)


@part
def first_below(limit: float, values: np.ndarray) -> float:
    for k in range(values.shape[0]):
        if values[k] < limit:
            return float(values[k])
    return math.nan


@kernel
def twice_first_below(limit: float, values: np.ndarray) -> float:
    return 2.0 * first_below(limit, values)


def test_a_part_is_as_if_its_lines_stood_in_the_kernel() -> None:
    values = np.array([3.0, 0.25, 0.125])
    assert first_below(1.0, values) == 0.25
    assert twice_first_below(1.0, values) == 0.5
    assert math.isnan(twice_first_below(0.1, values))


def bits(x: float) -> bytes:
    return struct.pack("<d", x)


@given(FINITE, FINITE, FINITE)
@settings(max_examples=500)
def test_fma_rounds_the_exact_sum_once(a: float, b: float, c: float) -> None:
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    got = fma(a, b, c)
    if math.isinf(got):
        assert abs(exact) >= Fraction(2) ** 1024 - Fraction(2) ** 970
        assert (got > 0) == (exact > 0)
        return
    distance = abs(Fraction(got) - exact)
    neighbours = [math.nextafter(got, math.inf), math.nextafter(got, -math.inf)]
    assert all(distance <= abs(Fraction(x) - exact) for x in neighbours if math.isfinite(x))


@given(st.floats(), st.floats(), st.floats())
@settings(max_examples=500)
def test_fma_compiled_is_fma_in_python(a: float, b: float, c: float) -> None:
    expected, got = fma(a, b, c), compiled_fma(a, b, c)
    assert bits(got) == bits(expected) or (math.isnan(got) and math.isnan(expected))


@pytest.mark.parametrize(
    ("a", "b", "c", "expected"),
    [
        (1.0 + 2.0**-52, 1.0 - 2.0**-52, -1.0, -(2.0**-104)),
        (HUGE, 2.0, -HUGE, HUGE),
        (HUGE, HUGE, 1.0, math.inf),
        (HUGE, -HUGE, 1.0, -math.inf),
        (TINY, 0.5, 0.0, 0.0),
        (TINY, 0.75, 0.0, TINY),
        (-TINY, 0.5, 0.0, -0.0),
        (2.0, 3.0, -6.0, 0.0),
        (-0.0, 1.0, -0.0, -0.0),
        (-0.0, 1.0, 0.0, 0.0),
        (1.0, 1.0, math.inf, math.inf),
        (math.inf, 1.0, 1.0, math.inf),
    ],
)
def test_fma_at_the_edges(a: float, b: float, c: float, expected: float) -> None:
    assert bits(fma(a, b, c)) == bits(expected)
    assert bits(compiled_fma(a, b, c)) == bits(expected)


@pytest.mark.parametrize(
    ("a", "b", "c"),
    [(math.inf, 0.0, 1.0), (math.inf, 1.0, -math.inf), (math.nan, 1.0, 1.0), (1.0, 1.0, math.nan)],
)
def test_fma_is_not_a_number_where_none_exists(a: float, b: float, c: float) -> None:
    assert math.isnan(fma(a, b, c))
    assert math.isnan(compiled_fma(a, b, c))


@kernel
def ratio(a: float, b: float) -> float:
    return a / b


def test_compiled_division_by_zero_follows_ieee() -> None:
    assert ratio(1.0, 0.0) == math.inf
    assert math.isnan(ratio(0.0, 0.0))


def test_kernels_release_the_interpreter_and_use_no_flags() -> None:
    options = compiled_fma.targetoptions
    assert options["nogil"] is True
    assert options["error_model"] == "numpy"
    assert options["nopython"] is True
    assert not {"fastmath", "parallel"} & {name for name, value in options.items() if value}


def run(code: str, **environment: str) -> str:
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=settings, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_without_compilation_numba_is_not_imported() -> None:
    code = (
        "import sys; from stresstest.kernels import _jit, black, derived;"
        "print(_jit.COMPILED, 'numba' in sys.modules, _jit.enable_caching(),"
        " _jit.kernel(len) is len, float(black.black_price(1.0, 100.0, 100.0, 0.0, 0.2)))"
    )
    words = run(code, NUMBA_DISABLE_JIT="1").split()
    assert words[:4] == ["False", "False", "None", "True"]
    assert float(words[4]) == pytest.approx(7.965567455405804, rel=1e-15)
    assert _jit.COMPILED
    assert np.isfinite(compiled_fma(1.0, 2.0, 3.0))
