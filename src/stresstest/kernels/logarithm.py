"""Natural logarithm: branch-free, the same bits everywhere."""

from __future__ import annotations

import numpy as np

from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.exponential import LN2, LN2_TAIL

_SMALLEST_NORMAL = 2.2250738585072014e-308
_SUBNORMAL_SCALE = 18014398509481984.0  # 2^54
_SUBNORMAL_EXPONENT = 54
_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_MANTISSA_BITS = 52

# (2·artanh(s)/s − 2) / s² in z = s² on 0 <= z <= ((√2 − 1)/(√2 + 1))²: Chebyshev interpolation, error
# 6e-20. tests/oracle/polynomial_coefficients.py derives it.
C0 = 0.6666666666666666
C1 = 0.4000000000000088
C2 = 0.2857142857080112
C3 = 0.2222222239222216
C4 = 0.18181795590761907
C5 = 0.15386242164348365
C6 = 0.13268712289333262
C7 = 0.13087217031578988


@kernel
def log(x: float) -> float:
    """Return ln x with an error below one unit in the last place.

    x = 2^k·(1 + f) with √½ <= 1 + f < √2, s = f/(2 + f), z = s² and ln(1 + f) = f − (f²/2 − s·(f²/2 +
    z·p(z))), p of degree 7 (P. T. P. Tang, ACM TOMS 16 (1990) 378; arranged as in FreeBSD's e_log.c). ln 1
    is exactly 0, ln 0 is −∞, ln ∞ is ∞, a negative argument gives NaN and NaN stays.

    Examples
    --------
    >>> float(log(1.0)), float(log(10.0))
    (0.0, 2.302585092994046)
    """
    tiny = x < _SMALLEST_NORMAL
    normal = x * _SUBNORMAL_SCALE if tiny else x
    inside = 1.0 if not normal < np.inf or normal <= 0.0 else normal
    bits = np.float64(inside).view(np.int64)
    exponent = (bits - _SQRT_HALF_BITS) >> _MANTISSA_BITS
    f = np.int64(bits - (exponent << _MANTISSA_BITS)).view(np.float64) - 1.0
    k = np.float64(exponent - (_SUBNORMAL_EXPONENT if tiny else 0))
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    low = fma(fma(C3, z, C2), z2, fma(C1, z, C0))
    high = fma(fma(C7, z, C6), z2, fma(C5, z, C4))
    half_square = 0.5 * f * f
    correction = fma(s, fma(fma(high, z4, low), z, half_square), k * LN2_TAIL)
    value = fma(k, LN2, f - (half_square - correction))
    value = -np.inf if x == 0.0 else value
    value = x if not x < np.inf else value
    return np.nan if x < 0.0 else value
