"""Derivation of the polynomials in `stresstest.kernels`: interpolation and minimax in 50-digit arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
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


def mills(centre: float, absolute: str, relative: str) -> Polynomial:
    """(x + c)·M(x) in t = (x − c)/(x + c), where M(x) = N(−x)/φ(x) and x >= 0.

    Minimax of the error of N(−x) = φ(x)·M(x), in units of the smaller of `absolute` and `relative`·N(−x);
    `error` is in these units.
    """
    c = mp.mpf(centre)
    grid = [mp.cos(mp.pi * (2 * k + 1) / 2000) for k in range(1000)]
    xs = [c * (1 + t) / (1 - t) for t in grid]
    values = [(x + c) * mills_ratio(x) for x in xs]
    # Far out the density is below every absolute error worth having.
    allowed = [
        min(mp.mpf(absolute) * (x + c) / mp.npdf(x), mp.mpf(relative) * v)
        if x < 150
        else mp.mpf(relative) * v
        for x, v in zip(xs, values, strict=True)
    ]
    series, error = exchange(grid, values, allowed, 16)
    return Polynomial(powers(series, mp.mpf(-1), mp.mpf(1)), error)


def exchange(
    grid: list[mp.mpf], values: list[mp.mpf], allowed: list[mp.mpf], degree: int
) -> tuple[list[mp.mpf], mp.mpf]:
    """Weighted minimax on a grid by Remez' exchange: the Chebyshev series and its largest weighted error.

    J.-M. Muller, Elementary Functions, 3rd ed., section 3.6.
    """
    rows = [chebyshev(t, degree) for t in grid]
    reference = [round((len(grid) - 1) * k / (degree + 1)) for k in range(degree + 2)]
    while True:
        system, right = mp.matrix(degree + 2, degree + 2), mp.matrix(degree + 2, 1)
        for k, i in enumerate(reference):
            for power, value in enumerate(rows[i]):
                system[k, power] = value
            system[k, degree + 1] = (-1) ** k * allowed[i]
            right[k] = values[i]
        solution = list(mp.lu_solve(system, right))
        series, level = solution[:-1], abs(solution[-1])
        errors = [(v - mp.fdot(row, series)) / a for v, row, a in zip(values, rows, allowed, strict=True)]
        if max(abs(error) for error in errors) < mp.mpf("1.000001") * level:
            return series, level
        reference = alternating(errors, degree + 2)


def chebyshev(t: mp.mpf, degree: int) -> list[mp.mpf]:
    values = [mp.mpf(1), t]
    while len(values) <= degree:
        values.append(2 * t * values[-1] - values[-2])
    return values


def alternating(errors: list[mp.mpf], count: int) -> list[int]:
    """Places of the largest error of each run of one sign, `count` of them, the smallest left out."""
    places: list[int] = []
    for i, error in enumerate(errors):
        if places and (error > 0) == (errors[places[-1]] > 0):
            if abs(error) > abs(errors[places[-1]]):
                places[-1] = i
        else:
            places.append(i)
    while len(places) > count + 1:
        sizes = [max(abs(errors[a]), abs(errors[b])) for a, b in pairwise(places)]
        first = sizes.index(min(sizes))
        del places[first : first + 2]
    if len(places) > count:
        places.pop(0 if abs(errors[places[0]]) < abs(errors[places[-1]]) else -1)
    return places


def mills_ratio(x: mp.mpf) -> mp.mpf:
    """N(−x)/φ(x) by the complementary error function."""
    return mp.sqrt(mp.pi / 2) * mp.exp(x**2 / 2) * mp.erfc(x / mp.sqrt(2))
