"""Distribution function of a chi-square variable."""

from __future__ import annotations

from math import lgamma

from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log

_TERMS = 100_000
_ACCURACY = 1e-16
_SMALLEST = 1e-300


def chi_square_cdf(value: float, degrees_of_freedom: float) -> float:
    """Return P(X ≤ `value`) of a chi-square variable: the regularised incomplete gamma P(n/2, value/2).

    Power series below the mean, continued fraction above (Abramowitz and Stegun 6.5.29 and 6.5.31, the
    fraction by Lentz's method); accurate to 1e-12.

    Examples
    --------
    >>> round(chi_square_cdf(3.841458820694124, 1.0), 12)
    0.95
    """
    if not degrees_of_freedom > 0.0:
        raise ValueError(f"{degrees_of_freedom:g} degrees of freedom; they are positive")
    if not value > 0.0:
        return 0.0
    shape, x = 0.5 * degrees_of_freedom, 0.5 * value
    front = float(exp(shape * float(log(x)) - x - lgamma(shape)))
    if x < shape + 1.0:
        return min(front * _series(shape, x), 1.0)
    return max(1.0 - front * _fraction(shape, x), 0.0)


def _series(shape: float, x: float) -> float:
    term = total = 1.0 / shape
    for step in range(1, _TERMS):
        term *= x / (shape + step)
        total += term
        if term < total * _ACCURACY:
            break
    return total


def _fraction(shape: float, x: float) -> float:
    b = x + 1.0 - shape
    c, d = 1.0 / _SMALLEST, 1.0 / b
    result = d
    for step in range(1, _TERMS):
        a = -step * (step - shape)
        b += 2.0
        d = a * d + b
        c = b + a / c
        d = 1.0 / (d if abs(d) > _SMALLEST else _SMALLEST)
        c = c if abs(c) > _SMALLEST else _SMALLEST
        result *= d * c
        if abs(d * c - 1.0) < _ACCURACY * 10.0:
            break
    return result
