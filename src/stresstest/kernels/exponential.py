"""Exponential function: branch-free, the same bits everywhere."""

from __future__ import annotations

import numpy as np

from stresstest.kernels._jit import fma, kernel

LOG2_E = 1.4426950408889634
LN2 = 0.6931471805599453
LN2_TAIL = 2.3190468138462996e-17
"""What the double nearest to ln 2 leaves over."""

LARGEST = 709.782712893384
"""Largest argument with a finite result."""
SMALLEST = -745.1332191019412
"""Smallest argument whose result does not round to 0."""

_BELOW = SMALLEST - 1.0

# 1.5 · 2^52: adding it leaves the nearest integer in the low bits of the sum.
_ROUND = 6755399441055744.0
_ROUND_BITS = 0x4338000000000000
_EXPONENT_BIAS = 1023
_MANTISSA_BITS = 52

# (e^r − 1 − r) / r² on |r| <= ln(2)/2: Chebyshev interpolation, error 1.3e-17 of e^r.
# tests/oracle/polynomial_coefficients.py derives it.
C0 = 0.5000000000000001
C1 = 0.1666666666666667
C2 = 0.04166666666662382
C3 = 0.008333333333326082
C4 = 0.0013888888917368964
C5 = 0.00019841269875003973
C6 = 2.4801521055364205e-05
C7 = 2.7557255168123062e-06
C8 = 2.76202026313159e-07
C9 = 2.5105313423078524e-08


@kernel
def exp(x: float) -> float:
    """Return e^x with an error below 1.1 units in the last place.

    x = k·ln 2 + r with |r| <= ln(2)/2 and e^x = 2^k·(1 + r + r²·p(r)), p of degree 9 by Estrin's scheme
    (J.-M. Muller, Elementary Functions, 3rd ed., ch. 6). e^0 is exactly 1; results below the smallest
    normal number are rounded gradually, e^−∞ is 0, above `LARGEST` the result is ∞, NaN stays NaN.

    Examples
    --------
    >>> float(exp(0.0)), float(exp(1.0))
    (1.0, 2.718281828459045)
    """
    # Not min and max: a NaN must pass.
    bounded = LARGEST if x > LARGEST else x  # noqa: FURB136
    bounded = _BELOW if bounded < _BELOW else bounded  # noqa: FURB136
    shifted = fma(bounded, LOG2_E, _ROUND)
    k = shifted - _ROUND
    r = fma(-k, LN2_TAIL, fma(-k, LN2, bounded))
    r2 = r * r
    r4 = r2 * r2
    low = fma(fma(C3, r, C2), r2, fma(C1, r, C0))
    high = fma(fma(C9, r, C8), r4, fma(fma(C7, r, C6), r2, fma(C5, r, C4)))
    mantissa = 1.0 + fma(fma(high, r4, low), r2, r)
    # 2^k in two factors: one alone would overflow at k = 1024 and could not round to subnormal numbers.
    exponent = np.float64(shifted).view(np.int64) - _ROUND_BITS
    half = exponent >> 1
    first = np.int64((half + _EXPONENT_BIAS) << _MANTISSA_BITS).view(np.float64)
    second = np.int64((exponent - half + _EXPONENT_BIAS) << _MANTISSA_BITS).view(np.float64)
    scaled = mantissa * first * second
    return np.inf if x > LARGEST else scaled
