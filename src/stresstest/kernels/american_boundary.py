"""Exercise boundaries of American puts by spectral collocation, a batch of cells side by side.

A cell is a put on strike 1 with its time scaled to 1: rate ρ = r·T, yield κ = q·T, standard deviation s =
σ·√T. Its boundary is B(θ) = X·e^{−h(θ)} with the limit X = min(1, ρ/κ) at θ = 0; interpolated is h² in √θ,
which is smooth (L. Andersen, M. Lake, D. Offengenden, Journal of Computational Finance 20/1 (2016) 39).

All numbers of a batch lie in one array, field after field, `LANES` apart: at constant distances the compiler
sees that fields do not overlap, and vectorises over the cells. Each loop runs to `min(count, LANES)`: only
with that bound can it see that no index wraps around. No cell reads another's lane.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.american_schemes import SMOOTH_PASTING, InnerRule, Scheme
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.normal import CENTRE, INVERSE_SQRT_2PI, mills_ratio, normal_cdf, normal_pdf

LANES = 64
"""Cells of a batch."""

RATE, YIELD, STD_DEV, INVERSE, LIMIT = 0, LANES, 2 * LANES, 3 * LANES, 4 * LANES
"""Fields of a cell: ρ, κ, s, 1/s, ln X."""
_DEPTH, _NUMERATOR, _DENOMINATOR = 5 * LANES, 6 * LANES, 7 * LANES
MONEYNESS, PREMIUM, GATHERED = 8 * LANES, 9 * LANES, 10 * LANES
"""ln(S/K) and early-exercise premium of priced cells; h² at one point."""
SQUARES = 11 * LANES
"""h² at the nodes, one field each."""
_MOST_NODES = 16
_NEW = SQUARES + _MOST_NODES * LANES
PRICED_SQUARES = _NEW + _MOST_NODES * LANES
"""h² at the nodes, of the boundary that each priced cell has."""
_GROWTH = PRICED_SQUARES + _MOST_NODES * LANES
_MOST_POINTS = 27
WORK_SIZE = _GROWTH + _MOST_NODES * _MOST_POINTS * LANES
"""Length of a batch's array."""

_TINY = 1e-200
_LEAST = 1e-300


@kernel
def perpetual_boundary(rate: float, dividend_yield: float, std_dev: float) -> float:
    """Return the perpetual put's boundary γ/(1 + γ), γ = (b + √(b² + 2ρs²))/s², b = ρ − κ − s²/2."""
    variance = std_dev * std_dev
    drift = rate - dividend_yield - 0.5 * variance
    gamma = (drift + math.sqrt(fma(drift, drift, 2.0 * rate * variance))) / variance
    boundary = gamma / (1.0 + gamma)
    return _LEAST if boundary < _LEAST else boundary  # noqa: FURB136 - NaN must pass


@kernel
def starting_depth(rate: float, dividend_yield: float, std_dev: float, limit: float, time: float) -> float:
    """Return a first h(θ): from c·s√θ near expiry to the perpetual boundary's depth.

    c was fitted to 12,000 converged boundaries: 0.639 = 0.4517·√2, the known slope, where the yield is well
    over the rate, else growth like √(−ln θ) at a boundary that begins at the strike. The root mean square
    error is 0.05·s.
    """
    depth = limit - log(perpetual_boundary(rate, dividend_yield, std_dev))
    depth = 1e-12 if depth < 1e-12 else depth  # noqa: FURB136 - NaN must pass
    rate_now, yield_now, dev = rate * time, dividend_yield * time, std_dev * math.sqrt(time)
    gap = rate_now - yield_now
    variance = dev * dev
    below = variance / (fma(gap, gap, 1.5e-3 * rate_now * rate_now) + _TINY)
    inside = log(1.0 + 2.15 * math.sqrt(below) + 0.051 * below) + 0.29 + 3.0 * variance / (1.0 + variance)
    above = variance / (fma(3.09 * gap, gap, 3.7e-4 * rate_now * rate_now) + _TINY)
    at_strike = math.sqrt(log(1.0 + 1.8 * math.sqrt(above) + 0.005 * above))
    away = -limit / dev
    beyond = fma(at_strike - 0.6388, exp(-away * fma(0.251, away, 5.6e-3)), 0.6388)
    slope = math.sqrt(inside) if gap >= 0.0 else beyond
    return depth * (1.0 - exp(-slope * dev / depth))


@kernel
def _field(work: FloatArray, first: int, number: int) -> FloatArray:
    """Return the field `number` of those that begin at `first`."""
    place = first + number * LANES
    return work[place : place + LANES]


@kernel
def _start(scheme: Scheme, count: int, work: FloatArray) -> None:
    """Set 1/s, and h² at the nodes to their first values."""
    for lane in range(min(count, LANES)):
        work[INVERSE + lane] = 1.0 / work[STD_DEV + lane]
    for node in range(scheme.node_root.shape[0]):
        time = scheme.node_root[node] * scheme.node_root[node]
        field = _field(work, SQUARES, node)
        for lane in range(min(count, LANES)):
            rate, dividend_yield = work[RATE + lane], work[YIELD + lane]
            depth = starting_depth(rate, dividend_yield, work[STD_DEV + lane], work[LIMIT + lane], time)
            field[lane] = depth * depth


@kernel
def _fill_growth(scheme: Scheme, rule: InnerRule, count: int, work: FloatArray) -> None:
    """Set e^{κu} at every point of every node, which no round changes."""
    n_points = rule.point.shape[0]
    for node in range(scheme.node_root.shape[0]):
        time = scheme.node_root[node] * scheme.node_root[node]
        for point in range(n_points):
            u = time * (1.0 - rule.point[point] * rule.point[point])
            field = _field(work, _GROWTH, node * n_points + point)
            for lane in range(min(count, LANES)):
                field[lane] = exp(work[YIELD + lane] * u)


@kernel
def interpolate(row: FloatArray, source: int, count: int, work: FloatArray) -> None:
    """Set `GATHERED` to Σ row[j]·(field j from `source`), over the nodes j, an even number.

    Two nodes a pass: so the sum is read and written half as often.
    """
    weight1, weight2 = row[0], row[1]
    field1, field2 = _field(work, source, 0), _field(work, source, 1)
    for lane in range(min(count, LANES)):
        work[GATHERED + lane] = fma(weight1, field1[lane], weight2 * field2[lane])
    for pair in range(1, row.shape[0] // 2):
        weight1, weight2 = row[2 * pair], row[2 * pair + 1]
        field1, field2 = _field(work, source, 2 * pair), _field(work, source, 2 * pair + 1)
        for lane in range(min(count, LANES)):
            part = fma(weight1, field1[lane], work[GATHERED + lane])
            work[GATHERED + lane] = fma(weight2, field2[lane], part)


@kernel
def square_root_of(square: float) -> float:
    """Return √x, 0 where rounding or interpolation took x below 0, NaN where it is NaN."""
    return 0.0 if square < 0.0 else math.sqrt(square)


@kernel
def tail_beside(x: float, density: float) -> float:
    """Return the smaller of N(x) and N(−x), times density/φ(x), given that density."""
    return density * mills_ratio(1.0 / (abs(x) + CENTRE))


class Point(NamedTuple):
    """One point of the inner integral of one node, at which the boundary's part for θ − u is added.

    Attributes
    ----------
    elapsed_root
        √(θ − u).
    start
        u, the boundary's time.
    weight
        Weight in the integral over u.
    number
        Number of the point over all nodes, which finds its e^{κu}.
    """

    elapsed_root: float
    start: float
    weight: float
    number: int


@kernel
def _add_slopes(at: Point, count: int, work: FloatArray) -> None:
    """Add one point's part of form A, by which the value's slope at the boundary is −1.

    With d± of ln(B(θ)/B(u)) over θ − u: N gets ρ·e^{ρu}·φ(d−)/(s√(θ−u)), D gets κ·e^{κu}·(N(d+) +
    φ(d+)/(s√(θ−u))) (equations 36 and 37 of the paper).
    """
    elapsed_root, start, weight = at.elapsed_root, at.start, at.weight
    growth = _field(work, _GROWTH, at.number)
    elapsed, inverse_root = elapsed_root * elapsed_root, 1.0 / elapsed_root
    for lane in range(min(count, LANES)):
        rate, dividend_yield = work[RATE + lane], work[YIELD + lane]
        distance = square_root_of(work[GATHERED + lane]) - work[_DEPTH + lane]
        scale = work[INVERSE + lane] * inverse_root
        middle = fma(rate - dividend_yield, elapsed, distance) * scale
        half = 0.5 * work[STD_DEV + lane] * elapsed_root
        minus, plus = middle - half, middle + half
        density_minus = INVERSE_SQRT_2PI * exp(fma(-0.5 * minus, minus, rate * start))
        density_plus = INVERSE_SQRT_2PI * exp(fma(-0.5 * plus, plus, dividend_yield * start))
        tail = tail_beside(plus, density_plus)
        probability = growth[lane] - tail if plus > 0.0 else tail
        work[_NUMERATOR + lane] += weight * rate * density_minus * scale
        work[_DENOMINATOR + lane] += weight * dividend_yield * fma(density_plus, scale, probability)


@kernel
def _add_values(at: Point, count: int, work: FloatArray) -> None:
    """Add one point's part of form B, by which the value at the boundary is the exercise value.

    N gets ρ·e^{ρu}·N(d−), D gets κ·e^{κu}·N(d+) (equations 33 and 34). It converges where form A does not, at
    rates large beside the volatility, though more slowly.
    """
    elapsed_root, start, weight = at.elapsed_root, at.start, at.weight
    growth = _field(work, _GROWTH, at.number)
    elapsed, inverse_root = elapsed_root * elapsed_root, 1.0 / elapsed_root
    for lane in range(min(count, LANES)):
        rate, dividend_yield = work[RATE + lane], work[YIELD + lane]
        distance = square_root_of(work[GATHERED + lane]) - work[_DEPTH + lane]
        middle = fma(rate - dividend_yield, elapsed, distance) * work[INVERSE + lane] * inverse_root
        half = 0.5 * work[STD_DEV + lane] * elapsed_root
        minus, plus = middle - half, middle + half
        tail_minus = tail_beside(minus, INVERSE_SQRT_2PI * exp(fma(-0.5 * minus, minus, rate * start)))
        tail_plus = tail_beside(plus, INVERSE_SQRT_2PI * exp(fma(-0.5 * plus, plus, dividend_yield * start)))
        sure_minus = exp(rate * start)
        probability_minus = sure_minus - tail_minus if minus > 0.0 else tail_minus
        probability_plus = growth[lane] - tail_plus if plus > 0.0 else tail_plus
        work[_NUMERATOR + lane] += weight * rate * probability_minus
        work[_DENOMINATOR + lane] += weight * dividend_yield * probability_plus


@kernel
def _set_node(form: int, root: float, node: int, count: int, work: FloatArray) -> None:
    """Set the new h² of a node from its integrals: B = e^{−(ρ−κ)θ}·N/D."""
    inverse_root, time = 1.0 / root, root * root
    field = _field(work, _NEW, node)
    for lane in range(min(count, LANES)):
        drift = (work[RATE + lane] - work[YIELD + lane]) * time
        scale = work[INVERSE + lane] * inverse_root
        middle = (work[LIMIT + lane] - work[_DEPTH + lane] + drift) * scale
        half = 0.5 * work[STD_DEV + lane] * root
        minus, plus = middle - half, middle + half
        density_minus, density_plus = normal_pdf(minus), normal_pdf(plus)
        tail_minus, tail_plus = tail_beside(minus, density_minus), tail_beside(plus, density_plus)
        value_minus = 1.0 - tail_minus if minus > 0.0 else tail_minus
        value_plus = 1.0 - tail_plus if plus > 0.0 else tail_plus
        numerator = density_minus * scale if form == SMOOTH_PASTING else value_minus
        denominator = fma(density_plus, scale, value_plus) if form == SMOOTH_PASTING else value_plus
        numerator += work[_NUMERATOR + lane]
        denominator += work[_DENOMINATOR + lane]
        depth = work[LIMIT + lane] + drift - log(numerator / denominator)
        depth = 0.0 if depth < 0.0 else depth  # noqa: FURB136 - NaN must pass
        field[lane] = depth * depth


@kernel
def _improve(scheme: Scheme, rule: InnerRule, count: int, work: FloatArray) -> None:
    """Set every node anew from the boundary as it is: one round of the fixed point."""
    n_nodes, n_points, form = scheme.node_root.shape[0], rule.point.shape[0], scheme.form[0]
    for node in range(n_nodes):
        root, squares = scheme.node_root[node], _field(work, SQUARES, node)
        for lane in range(min(count, LANES)):
            work[_DEPTH + lane] = math.sqrt(squares[lane])
            work[_NUMERATOR + lane] = 0.0
            work[_DENOMINATOR + lane] = 0.0
        for number in range(n_points):
            place = node * n_points + number
            c = rule.point[number]
            time = root * root
            at = Point(root * c, time * (1.0 - c * c), time * rule.weight[number], place)
            interpolate(rule.row[place * n_nodes : (place + 1) * n_nodes], SQUARES, count, work)
            if form == SMOOTH_PASTING:
                _add_slopes(at, count, work)
            else:
                _add_values(at, count, work)
        _set_node(form, root, node, count, work)
    for node in range(n_nodes):
        old, new = _field(work, SQUARES, node), _field(work, _NEW, node)
        for lane in range(min(count, LANES)):
            old[lane] = new[lane]


@kernel
def solve_boundaries(scheme: Scheme, count: int, work: FloatArray) -> None:
    """Fill `SQUARES` for the first `count` lanes.

    Parameters
    ----------
    scheme
        Nodes, points and rounds.
    count
        Cells of the batch, up to `LANES`; ρ > 0, or ρ = 0 > κ, and s > 0.
    work
        `(WORK_SIZE,)` with `RATE`, `YIELD`, `STD_DEV` and `LIMIT` set.
    """
    _start(scheme, count, work)
    for stage in range(len(scheme.inner)):
        rule = scheme.inner[stage]
        _fill_growth(scheme, rule, count, work)
        for _ in range(rule.n_rounds[0]):
            _improve(scheme, rule, count, work)


@kernel
def _add_premium(root: float, weight: float, count: int, work: FloatArray) -> None:
    """Add one point of ∫ρ·e^{−ρv}·N(−d−) − κ·(S/K)·e^{−κv}·N(−d+)dv, d± of ln(S/B(1 − v)), v = root²."""
    time, inverse_root = root * root, 1.0 / root
    for lane in range(min(count, LANES)):
        rate, dividend_yield, moneyness = work[RATE + lane], work[YIELD + lane], work[MONEYNESS + lane]
        boundary = work[LIMIT + lane] - square_root_of(work[GATHERED + lane])
        scale = work[INVERSE + lane] * inverse_root
        middle = fma(rate - dividend_yield, time, moneyness - boundary) * scale
        half = 0.5 * work[STD_DEV + lane] * root
        interest = rate * exp(-rate * time) * normal_cdf(half - middle)
        dividends = dividend_yield * exp(fma(-dividend_yield, time, moneyness)) * normal_cdf(-middle - half)
        work[PREMIUM + lane] += weight * (interest - dividends)


@kernel
def integrate_premiums(scheme: Scheme, count: int, work: FloatArray) -> None:
    """Set `PREMIUM`, in units of the strike, from `PRICED_SQUARES` and `MONEYNESS` of the first lanes.

    `RATE`, `YIELD`, `STD_DEV`, `INVERSE` and `LIMIT` are those of the priced cells. Off the boundary only: at
    and below it the value is the exercise value.
    """
    n_nodes = scheme.node_root.shape[0]
    for lane in range(min(count, LANES)):
        work[PREMIUM + lane] = 0.0
    for number in range(scheme.price_point.shape[0]):
        row = scheme.price_row[number * n_nodes : (number + 1) * n_nodes]
        interpolate(row, PRICED_SQUARES, count, work)
        _add_premium(scheme.price_point[number], scheme.price_weight[number], count, work)
