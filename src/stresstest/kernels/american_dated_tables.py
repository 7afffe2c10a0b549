"""Tables of the methods for American options with dividends on dates."""

from __future__ import annotations

import math
from typing import NamedTuple

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.quadrature import barycentric_row, chebyshev_points, gauss_legendre, smoothed_rule

N_NODES, N_POINTS, N_FINE_POINTS, N_PRICE_POINTS = 12, 16, 32, 32
"""Of a span: nodes of the boundary, points of the integral for a node, those of the fine rule, and of the
integral for the price."""
N_PANEL_NODES = 16
"""Of a panel of the integrals of calls."""
_DECAYS = 8.0
"""The nodes of a later span begin at e^{−8} of its length; before, ln B is a line in ln(θ − a)."""


class SpanTables(NamedTuple):
    """Tables of a span; all times are shares of its length.

    Attributes
    ----------
    share
        `(N_NODES,)` of the nodes, the span's end first.
    point, weight
        `(n_points,)` c of the integral over θ − u = θ·c², and its weight times 2c.
    row, row_by_point
        `(N_NODES, N_NODES, n_points)` weights that interpolate the nodes' values, the second index, to the
        points of a node, the first; `(N_NODES, n_points, N_NODES)` the same for Newton's method.
    below
        `(N_NODES, n_points)` how far, in ln θ, a point of a later span lies before the first node; not above
        0. Weights are those of the first node there.
    price_point, price_weight, price_row, price_below
        `(N_PRICE_POINTS,)`, twice, `(N_NODES, N_PRICE_POINTS)`, `(N_PRICE_POINTS,)` the same of the price.
    """

    share: FloatArray
    point: FloatArray
    weight: FloatArray
    row: FloatArray
    row_by_point: FloatArray
    below: FloatArray
    price_point: FloatArray
    price_weight: FloatArray
    price_row: FloatArray
    price_below: FloatArray


class PutTables(NamedTuple):
    """Tables of the span of expiry, in √θ, and of the others, in ln θ."""

    first: SpanTables
    later: SpanTables


class PutRules(NamedTuple):
    """Tables with N_POINTS points a node, and with N_FINE_POINTS."""

    usual: PutTables
    fine: PutTables


class CallTables(NamedTuple):
    """Nodes and weights `(16,)` of a panel, on [−1, 1]."""

    node: FloatArray
    weight: FloatArray


def _place(share: float, is_first: bool) -> float:
    """Return a time's place on [−1, 1]: linear in √θ, or in ln θ."""
    return 2.0 * math.sqrt(share) - 1.0 if is_first else 1.0 + 2.0 * max(log(share), -_DECAYS) / _DECAYS


def _span_tables(is_first: bool, n_points: int) -> SpanTables:
    # The boundary at expiry is known: h = 0, whose weight is left out.
    points = chebyshev_points(N_NODES if is_first else N_NODES - 1)
    shares = [
        0.25 * (1.0 + x) * (1.0 + x) if is_first else exp(0.5 * _DECAYS * (x - 1.0)) for x in points[:N_NODES]
    ]
    inner, outer = smoothed_rule(n_points), smoothed_rule(N_PRICE_POINTS)

    def rows(times: list[float]) -> list[tuple[float, ...]]:
        return [barycentric_row(points, _place(time, is_first))[:N_NODES] for time in times]

    def below(times: list[float]) -> list[float]:
        return [0.0 if is_first else min(0.0, log(time) + _DECAYS) for time in times]

    times = [[share * (1.0 - c * c) for c in inner.nodes] for share in shares]
    price_times = [1.0 - c * c for c in outer.nodes]
    return SpanTables(
        share=frozen(shares),
        point=frozen(inner.nodes),
        weight=frozen([2.0 * c * weight for c, weight in zip(*inner, strict=True)]),
        row=frozen([list(zip(*rows(own), strict=True)) for own in times]),
        row_by_point=frozen([rows(own) for own in times]),
        below=frozen([below(own) for own in times]),
        price_point=frozen(outer.nodes),
        price_weight=frozen([2.0 * c * weight for c, weight in zip(*outer, strict=True)]),
        price_row=frozen(list(zip(*rows(price_times), strict=True))),
        price_below=frozen(below(price_times)),
    )


def _put_tables(n_points: int) -> PutTables:
    return PutTables(_span_tables(True, n_points), _span_tables(False, n_points))


def make_put_rules() -> PutRules:
    """Return the tables of puts, made once a process."""
    return PutRules(_put_tables(N_POINTS), _put_tables(N_FINE_POINTS))


def make_call_tables() -> CallTables:
    """Return the tables of calls, made once a process."""
    rule = gauss_legendre(N_PANEL_NODES)
    return CallTables(frozen([2.0 * x - 1.0 for x in rule.nodes]), frozen([2.0 * w for w in rule.weights]))


class DatedTables(NamedTuple):
    """Tables of puts and of calls."""

    put: PutRules
    call: CallTables


def make_dated_tables() -> DatedTables:
    """Return the tables of both."""
    return DatedTables(make_put_rules(), make_call_tables())
