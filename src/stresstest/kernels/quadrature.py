"""Gauss–Legendre and Chebyshev nodes, computed with +, −, × and ÷ alone: the same bits on every machine."""

from __future__ import annotations

from typing import NamedTuple

HALF_PI = 1.5707963267948966
_HALF_PI_TAIL = 6.123233995736766e-17
_NEWTON_STEPS = 12


class Rule(NamedTuple):
    """Nodes and weights of a quadrature rule on [0, 1], nodes ascending."""

    nodes: tuple[float, ...]
    weights: tuple[float, ...]


def sine(x: float) -> float:
    """Return sin x for |x| <= π/2, to 1e-16, by its series."""
    term = total = x
    for power in range(2, 26, 2):
        term *= -x * x / (power * (power + 1))
        total += term
    return total


def chebyshev_points(count: int) -> tuple[float, ...]:
    """Return cos(π·i/count) for i = 0 … count: 1 first, −1 last.

    Examples
    --------
    >>> chebyshev_points(2)
    (1.0, 0.0, -1.0)
    """
    angles = [(count - 2 * i) / count for i in range(count + 1)]
    return tuple(sine(HALF_PI * angle + _HALF_PI_TAIL * angle) for angle in angles)


def _legendre(count: int, x: float) -> tuple[float, float]:
    """Return the Legendre polynomial of a degree and its derivative at x, by the three-term recurrence."""
    before, value = 1.0, x
    for degree in range(2, count + 1):
        before, value = value, ((2 * degree - 1) * x * value - (degree - 1) * before) / degree
    return value, count * (x * value - before) / (x * x - 1.0)


def gauss_legendre(count: int) -> Rule:
    """Return the Gauss–Legendre rule with `count` nodes, at least 2, on [0, 1].

    Newton's method from the classical start cos(π(i + 3/4)/(n + 1/2)) (M. Abramowitz, I. Stegun, Handbook of
    Mathematical Functions, 22.16.6 and 25.4.29).

    Examples
    --------
    >>> rule = gauss_legendre(3)
    >>> [round(node, 15) for node in rule.nodes], [round(weight, 15) for weight in rule.weights]
    ([0.112701665379258, 0.5, 0.887298334620742], [0.277777777777778, 0.444444444444444, 0.277777777777778])
    """
    nodes, weights = [], []
    for i in range(count):
        x = sine(HALF_PI * (1.0 - 2.0 * (i + 0.75) / (count + 0.5)))
        for _ in range(_NEWTON_STEPS):
            value, slope = _legendre(count, x)
            x -= value / slope
        _, slope = _legendre(count, x)
        nodes.append(0.5 * (1.0 - x))
        weights.append(1.0 / ((1.0 - x * x) * slope * slope))
    return Rule(tuple(nodes), tuple(weights))


def smoothed_rule(count: int) -> Rule:
    """Return the rule for ∫₀¹ f(c) dc after c = 3x² − 2x³, whose nodes crowd at both ends.

    There the integrands of early exercise have singular derivatives; the substitution takes them away.
    """
    plain = gauss_legendre(count)
    nodes = tuple(x * x * (3.0 - 2.0 * x) for x in plain.nodes)
    pairs = zip(plain.nodes, plain.weights, strict=True)
    return Rule(nodes, tuple(weight * 6.0 * x * (1.0 - x) for x, weight in pairs))


def barycentric_row(points: tuple[float, ...], x: float) -> tuple[float, ...]:
    """Return the weights that interpolate values at Chebyshev `points` to x (J.-P. Berrut, L. N. Trefethen).

    Examples
    --------
    >>> barycentric_row(chebyshev_points(2), 0.5)
    (0.375, 0.75, -0.125)
    """
    if x in points:
        return tuple(float(point == x) for point in points)
    last = len(points) - 1
    terms = [
        (0.5 if i in (0, last) else 1.0) * (-1.0 if i % 2 else 1.0) / (x - point)
        for i, point in enumerate(points)
    ]
    total = 0.0
    for term in terms:
        total += term
    return tuple(term / total for term in terms)
