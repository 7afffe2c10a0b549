"""Quantiles of the normal distribution, and normal variates made from them: the same bits everywhere."""

from __future__ import annotations

from math import sqrt

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.logarithm import log
from stresstest.kernels.philox import Word, draw_words, unit_uniform

# M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988) 477-484, routine PPND16: A over B in the
# middle, C over D from there to a tail of e^-25, E over F beyond. The constant term of each denominator is 1.
_MIDDLE = 0.425
_MIDDLE_SQUARE = 0.180625
_MIDDLE_END = 5.0
_FAR_START = 1.6
A0, B0 = 3.3871328727963666080e0, 1.0
A1, B1 = 1.3314166789178437745e2, 4.2313330701600911252e1
A2, B2 = 1.9715909503065514427e3, 6.8718700749205790830e2
A3, B3 = 1.3731693765509461125e4, 5.3941960214247511077e3
A4, B4 = 4.5921953931549871457e4, 2.1213794301586595867e4
A5, B5 = 6.7265770927008700853e4, 3.9307895800092710610e4
A6, B6 = 3.3430575583588128105e4, 2.8729085735721942674e4
A7, B7 = 2.5090809287301226727e3, 5.2264952788528545610e3
C0, D0 = 1.42343711074968357734e0, 1.0
C1, D1 = 4.63033784615654529590e0, 2.05319162663775882187e0
C2, D2 = 5.76949722146069140550e0, 1.67638483018380384940e0
C3, D3 = 3.64784832476320460504e0, 6.89767334985100004550e-1
C4, D4 = 1.27045825245236838258e0, 1.48103976427480074590e-1
C5, D5 = 2.41780725177450611770e-1, 1.51986665636164571966e-2
C6, D6 = 2.27238449892691845833e-2, 5.47593808499534494600e-4
C7, D7 = 7.74545014278341407640e-4, 1.05075007164441684324e-9
E0, F0 = 6.65790464350110377720e0, 1.0
E1, F1 = 5.46378491116411436990e0, 5.99832206555887937690e-1
E2, F2 = 1.78482653991729133580e0, 1.36929880922735805310e-1
E3, F3 = 2.96560571828504891230e-1, 1.48753612908506148525e-2
E4, F4 = 2.65321895265761230930e-2, 7.86869131145613259100e-4
E5, F5 = 1.24266094738807843860e-3, 1.84631831751005468180e-5
E6, F6 = 2.71155556874348757815e-5, 1.42151175831644588870e-7
E7, F7 = 2.01033439929228813265e-7, 2.04426310338993978564e-15

_SIGN_BIT = np.uint64(1)
_NO_BITS = np.uint64(0)


@kernel
def upper_quantile(tail: float) -> float:
    """Return the z >= 0 that a standard normal variable exceeds with probability `tail` in (0, ½].

    Relative error below 2e-15. All three rational functions are evaluated and one is chosen, so that loops
    have no branch.
    """
    q = 0.5 - tail
    r = fma(-q, q, _MIDDLE_SQUARE)
    top = fma(fma(fma(fma(fma(fma(fma(A7, r, A6), r, A5), r, A4), r, A3), r, A2), r, A1), r, A0)
    bottom = fma(fma(fma(fma(fma(fma(fma(B7, r, B6), r, B5), r, B4), r, B3), r, B2), r, B1), r, B0)
    depth = sqrt(-log(tail))
    far = depth > _MIDDLE_END
    s = depth - (_MIDDLE_END if far else _FAR_START)
    near_top = fma(fma(fma(fma(fma(fma(fma(C7, s, C6), s, C5), s, C4), s, C3), s, C2), s, C1), s, C0)
    near_bottom = fma(fma(fma(fma(fma(fma(fma(D7, s, D6), s, D5), s, D4), s, D3), s, D2), s, D1), s, D0)
    far_top = fma(fma(fma(fma(fma(fma(fma(E7, s, E6), s, E5), s, E4), s, E3), s, E2), s, E1), s, E0)
    far_bottom = fma(fma(fma(fma(fma(fma(fma(F7, s, F6), s, F5), s, F4), s, F3), s, F2), s, F1), s, F0)
    tail_top = far_top if far else near_top
    tail_bottom = far_bottom if far else near_bottom
    middle = q <= _MIDDLE
    return (q * top if middle else tail_top) / (bottom if middle else tail_bottom)


@kernel
def inverse_normal_cdf(probability: float) -> float:
    """Return the z below which a standard normal variable lies with `probability`; ±∞ at 1 and 0.

    Outside [0, 1] the result is NaN.

    Examples
    --------
    >>> float(inverse_normal_cdf(0.5)), float(inverse_normal_cdf(0.025))
    (0.0, -1.959963984540054)
    """
    lower = probability < 0.5
    tail = probability if lower else 1.0 - probability
    inside = 0.5 if not tail > 0.0 else tail
    size = upper_quantile(inside)
    size = np.inf if tail == 0.0 else size
    size = size if tail >= 0.0 else np.nan
    return -size if lower else size


@kernel
def normal_from_words(first: Word, second: Word) -> float:
    """Return a standard normal variate: a tail probability in (0, ½) from 52 bits, a sign from another.

    Both tails are alike and reach ±8.29.
    """
    size = upper_quantile(0.5 * unit_uniform(first, second))
    return -size if second & _SIGN_BIT != _NO_BITS else size


@kernel
def fill_uniforms(seed: int, stream: int, first_draw: int, out: FloatArray) -> None:
    """Fill `out` `(n_draws,)` with uniform variates in (0, 1) of the draws from `first_draw` on."""
    for j in range(out.shape[0]):
        first, second = draw_words(seed, stream, first_draw + j)
        out[j] = unit_uniform(first, second)


@kernel
def fill_normals(seed: int, streams: IntArray, first_draw: int, out: FloatArray) -> None:
    """Fill `out` `(n_streams, n_draws)` with standard normal variates of the draws from `first_draw` on.

    Parameters
    ----------
    seed, streams, first_draw
        Whole numbers from 0 to `LARGEST_SEED`; `streams` has shape `(n_streams,)`.
    """
    for i in range(streams.shape[0]):
        row, stream = out[i], streams[i]
        for j in range(row.shape[0]):
            first, second = draw_words(seed, stream, first_draw + j)
            row[j] = normal_from_words(first, second)
