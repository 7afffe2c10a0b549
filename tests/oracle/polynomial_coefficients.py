"""Derivation of the polynomials in `stresstest.kernels`: Chebyshev interpolation in 50-digit arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import mpmath as mp

DIGITS = 50
Function = Callable[[mp.mpf], mp.mpf]


class Polynomial(NamedTuple):
    """Coefficients, lowest power first, and a bound of the distance to the function on its interval."""

    coefficients: list[mp.mpf]
    error: mp.mpf


def interpolate(function: Function, interval: tuple[mp.mpf, mp.mpf], degree: int, n_nodes: int) -> Polynomial:
    """Cut the Chebyshev series of `function` after `degree`; the rest of the series bounds the error.

    L. N. Trefethen, Approximation Theory and Approximation Practice, ch. 3 and 4.
    """
    start, end = interval
    angles = [mp.pi * (2 * k + 1) / (2 * n_nodes) for k in range(n_nodes)]
    values = [function((start + end) / 2 + (end - start) / 2 * mp.cos(angle)) for angle in angles]
    series = [
        (2 if j else 1) * mp.fsum(v * mp.cos(j * a) for v, a in zip(values, angles, strict=True)) / n_nodes
        for j in range(n_nodes)
    ]
    rest = mp.fsum(abs(term) for term in series[degree + 1 :])
    return Polynomial(powers(series[: degree + 1], start, end), rest)


def powers(series: list[mp.mpf], start: mp.mpf, end: mp.mpf) -> list[mp.mpf]:
    """Turn a Chebyshev series on [start, end] into coefficients of powers, by the three-term recurrence."""
    scale, shift = 2 / (end - start), -(start + end) / (end - start)

    def times_t(p: list[mp.mpf]) -> list[mp.mpf]:
        raised = [mp.mpf(0), *(scale * c for c in p)]
        return [a + b for a, b in zip(raised, [*(shift * c for c in p), mp.mpf(0)], strict=True)]

    total = [mp.mpf(0)] * len(series)
    previous, current = [mp.mpf(1)], times_t([mp.mpf(1)])
    for term in series:
        for power, coefficient in enumerate(previous):
            total[power] += term * coefficient
        padded = [*previous, mp.mpf(0), mp.mpf(0)]
        previous, current = current, [2 * a - b for a, b in zip(times_t(current), padded, strict=True)]
    return total


def exponential() -> Polynomial:
    """(e^r − 1 − r)/r² for |r| up to ln(2)/2, widened by a thousandth for the rounding of k."""
    half = mp.log(2) / 2 * mp.mpf("1.001")

    def function(r: mp.mpf) -> mp.mpf:
        return (mp.exp(r) - 1 - r) / r**2 if abs(r) > mp.mpf(10) ** -12 else mp.mpf(1) / 2

    return interpolate(function, (-half, half), 9, 60)


def logarithm() -> Polynomial:
    """(2·artanh(s)/s − 2)/s² in z = s², where s = f/(2 + f) and √½ <= 1 + f <= √2."""
    largest = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2

    def function(z: mp.mpf) -> mp.mpf:
        s = mp.sqrt(z)
        return (2 * mp.atanh(s) / s - 2) / z if z > mp.mpf(10) ** -20 else mp.mpf(2) / 3

    return interpolate(function, (mp.mpf(0), largest), 7, 60)


def mills(centre: float) -> Polynomial:
    """(x + c)·M(x) in t = (x − c)/(x + c), where M(x) = N(−x)/φ(x) and x >= 0."""
    c = mp.mpf(centre)

    def function(t: mp.mpf) -> mp.mpf:
        x = c * (1 + t) / (1 - t)
        return (x + c) * mills_ratio(x)

    return interpolate(function, (mp.mpf(-1), mp.mpf(1)), 20, 80)


def mills_ratio(x: mp.mpf) -> mp.mpf:
    """N(−x)/φ(x) by the complementary error function."""
    return mp.sqrt(mp.pi / 2) * mp.exp(x**2 / 2) * mp.erfc(x / mp.sqrt(2))
