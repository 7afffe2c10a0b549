"""Node counts and tables of the collocation schemes for exercise boundaries.

Four schemes of one method: the further a cell lies from an ordinary option, the more nodes and rounds.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.kernels.quadrature import barycentric_row, chebyshev_points, smoothed_rule

SMOOTH_PASTING, VALUE_MATCHING = 0, 1
"""Forms of the fixed point: A from the slope at the boundary, B from the value there."""


class InnerRule(NamedTuple):
    """Rounds of the fixed point with the same points of the inner integral.

    Attributes
    ----------
    n_rounds
        `(1,)` how often.
    point, weight
        `(l,)` c of the inner integral over θ − u = θ·c², and its weight times 2c.
    row
        `(n·l·n,)` weights that interpolate the nodes' values to u, for each node and point.
    """

    n_rounds: IntArray
    point: FloatArray
    weight: FloatArray
    row: FloatArray


class Scheme(NamedTuple):
    """Tables of one scheme; all times are shares of the option's time.

    Attributes
    ----------
    form
        `(1,)` fixed point iterated.
    node_root
        `(n,)` √θ of the collocation nodes, θ = 1 first; the boundary at θ = 0 is known.
    inner
        First rounds on few points, whose errors the last rounds take away as they do those of the start.
    price_point, price_weight, price_row
        `(p,)`, `(p,)`, `(p·n,)` as in `InnerRule`, of the integral for the price.
    """

    form: IntArray
    node_root: FloatArray
    inner: tuple[InnerRule, InnerRule]
    price_point: FloatArray
    price_weight: FloatArray
    price_row: FloatArray


class Schemes(NamedTuple):
    """The schemes in the order of their cost."""

    small: Scheme
    middle: Scheme
    large: Scheme
    hard: Scheme


def _make_rule(points: tuple[float, ...], n_points: int, n_rounds: int) -> InnerRule:
    """Return the tables of some rounds, for collocation on Chebyshev `points`."""
    roots, rule = [0.5 * (1.0 + x) for x in points[:-1]], smoothed_rule(n_points)
    row = [
        weight
        for root in roots
        for c in rule.nodes
        for weight in barycentric_row(points, 2.0 * root * math.sqrt(1.0 - c * c) - 1.0)[:-1]
    ]
    return InnerRule(
        n_rounds=frozen_int([n_rounds]),
        point=frozen(rule.nodes),
        weight=frozen([2.0 * c * weight for c, weight in zip(*rule, strict=True)]),
        row=frozen(row),
    )


def make_scheme(n_nodes: int, n_price_points: int, form: int, *inner: tuple[int, int]) -> Scheme:
    """Return the tables of a scheme; `inner` are points and rounds of the first rounds and of the last.

    Values are interpolated in √θ on Chebyshev points; at θ = 0 they are 0, so that the last weight is left
    out.
    """
    points, outer = chebyshev_points(n_nodes), smoothed_rule(n_price_points)
    price_row = [
        weight
        for c in outer.nodes
        for weight in barycentric_row(points, 2.0 * math.sqrt(1.0 - c * c) - 1.0)[:-1]
    ]
    (few, first), (many, last) = inner
    return Scheme(
        form=frozen_int([form]),
        node_root=frozen([0.5 * (1.0 + x) for x in points[:-1]]),
        inner=(_make_rule(points, few, first), _make_rule(points, many, last)),
        price_point=frozen(outer.nodes),
        price_weight=frozen([2.0 * c * weight for c, weight in zip(*outer, strict=True)]),
        price_row=frozen(price_row),
    )


def make_schemes() -> Schemes:
    """Return the schemes that `kernels.american` chooses from."""
    return Schemes(
        small=make_scheme(8, 21, SMOOTH_PASTING, (7, 3), (11, 1)),
        middle=make_scheme(10, 25, SMOOTH_PASTING, (7, 3), (11, 2)),
        large=make_scheme(12, 33, SMOOTH_PASTING, (7, 3), (17, 3)),
        hard=make_scheme(16, 51, VALUE_MATCHING, (15, 26), (27, 4)),
    )
