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


class Scheme(NamedTuple):
    """Tables of one scheme; all times are shares of the option's time.

    Attributes
    ----------
    form, n_rounds
        `(1,)` fixed point iterated, and how often.
    node_root
        `(n,)` √θ of the collocation nodes, θ = 1 first; the boundary at θ = 0 is known.
    point, weight
        `(l,)` c of the inner integral over θ − u = θ·c², and its weight times 2c.
    row
        `(n·l·n,)` weights that interpolate the nodes' values to u, for each node and point.
    price_point, price_weight, price_row
        `(p,)`, `(p,)`, `(p·n,)` the same of the integral for the price.
    """

    form: IntArray
    n_rounds: IntArray
    node_root: FloatArray
    point: FloatArray
    weight: FloatArray
    row: FloatArray
    price_point: FloatArray
    price_weight: FloatArray
    price_row: FloatArray


class Schemes(NamedTuple):
    """The schemes in the order of their cost."""

    small: Scheme
    middle: Scheme
    large: Scheme
    hard: Scheme


def make_scheme(n_nodes: int, n_points: int, n_price_points: int, form: int, n_rounds: int) -> Scheme:
    """Return the tables of a scheme.

    Values are interpolated in √θ on Chebyshev points; at θ = 0 they are 0, so that the last weight is left
    out.
    """
    points = chebyshev_points(n_nodes)
    roots = [0.5 * (1.0 + x) for x in points[:-1]]
    inner, outer = smoothed_rule(n_points), smoothed_rule(n_price_points)
    row = [
        weight
        for root in roots
        for c in inner.nodes
        for weight in barycentric_row(points, 2.0 * root * math.sqrt(1.0 - c * c) - 1.0)[:-1]
    ]
    price_row = [
        weight
        for c in outer.nodes
        for weight in barycentric_row(points, 2.0 * math.sqrt(1.0 - c * c) - 1.0)[:-1]
    ]
    return Scheme(
        form=frozen_int([form]),
        n_rounds=frozen_int([n_rounds]),
        node_root=frozen(roots),
        point=frozen(inner.nodes),
        weight=frozen([2.0 * c * weight for c, weight in zip(*inner, strict=True)]),
        row=frozen(row),
        price_point=frozen(outer.nodes),
        price_weight=frozen([2.0 * c * weight for c, weight in zip(*outer, strict=True)]),
        price_row=frozen(price_row),
    )


def make_schemes() -> Schemes:
    """Return the schemes that `kernels.american` chooses from."""
    return Schemes(
        small=make_scheme(8, 11, 21, SMOOTH_PASTING, 4),
        middle=make_scheme(10, 15, 27, SMOOTH_PASTING, 5),
        large=make_scheme(12, 19, 35, SMOOTH_PASTING, 6),
        hard=make_scheme(16, 31, 51, VALUE_MATCHING, 18),
    )
