"""American puts with dividends on dates (escrowed), by K. I. Kim's equation; shares no code with the package.

Numpy and scipy, 32 nodes and 72 Gauss–Legendre points a span after a substitution of fifth order; in units of
the strike and of the option's time. Scalar roots start the nodes, Newton's method on all of them ends.
"""

from __future__ import annotations

from functools import cache
from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

_NODES, _POINTS, _PRICE_POINTS = 32, 72, 200
_DECAYS = 12.0
"""Between two dividends the nodes begin at e^{−12} of a span's length; before, ln B is a line in ln θ."""
_STANDS, _ROUNDS = 1e-11, 60

Array = np.ndarray


class Put(NamedTuple):
    """r·T and σ·√T of a put on strike 1; amounts by the share of time from the dividend to expiry."""

    rate: float
    dev: float
    dividends: dict[float, float]


class _Rule(NamedTuple):
    """Nodes' times, points c of θ − u = θ·c² with weights, rows that interpolate, ln distances below."""

    share: Array
    point: Array
    weight: Array
    row: Array
    below: Array


class _Span(NamedTuple):
    """Times u, ln B(u) and ρ·e^{ρu}·du at the points of a solved span."""

    time: Array
    level: Array
    weight: Array


def _substituted(n: int) -> tuple[Array, Array]:
    y, w = np.polynomial.legendre.leggauss(n)
    x = 0.5 * (1.0 + y)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x * x), 0.5 * w * 30.0 * (x * (1.0 - x)) ** 2


def _rows(points: Array, at: Array) -> Array:
    """Barycentric weights from values at Chebyshev points to others, `(..., n_points)`."""
    signs = (-1.0) ** np.arange(len(points))
    signs[[0, -1]] *= 0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = signs / (at[..., None] - points)
        return np.nan_to_num(terms / terms.sum(axis=-1, keepdims=True), nan=1.0)


def _place(share: Array, is_first: bool) -> Array:
    if is_first:
        return 2.0 * np.sqrt(share) - 1.0
    return 1.0 + 2.0 * np.maximum(np.log(share), -_DECAYS) / _DECAYS


@cache
def _rule(is_first: bool, is_price: bool) -> _Rule:
    """Rows that interpolate h² in √θ in the span of expiry, ln B in ln(θ − a) in others."""
    points = np.cos(np.pi * np.arange(_NODES + is_first) / (_NODES - 1 + is_first))
    share = (0.25 * (1.0 + points) ** 2 if is_first else np.exp(0.5 * _DECAYS * (points - 1.0)))[:_NODES]
    c, weight = _substituted(_PRICE_POINTS if is_price else _POINTS)
    earlier = (np.ones(1) if is_price else share)[:, None] * (1.0 - c * c)
    row = _rows(points, _place(earlier, is_first))[..., :_NODES]
    below = np.zeros_like(earlier) if is_first else np.minimum(np.log(earlier) + _DECAYS, 0.0)
    return _Rule(share, c, 2.0 * c * weight, row, below)


def _levels(rule: _Rule, nodes: Array, slope: float, is_first: bool) -> Array:
    plain = rule.row @ nodes
    return -np.sqrt(np.maximum(plain, 0.0)) if is_first else plain + slope * rule.below


def _spans(put: Put) -> list[tuple[float, float]]:
    """Start and end of times with a boundary: a worthless share's exercise brings more than ever before."""
    found, paid, most, begin = [], 0.0, 1.0, 0.0
    for time, amount in [*sorted(put.dividends.items()), (1.0, 0.0)]:
        start = begin if not found and paid == 0.0 else max(begin, log(paid + most) / put.rate)
        if time - start > 1e-9:
            found.append((start, time))
        most = max(most, exp(put.rate * time) - paid)
        paid += amount * exp(put.rate * time)
        begin = time
    return found


def _tails(put: Put, gap: Array, elapsed: Array) -> tuple[Array, Array]:
    """N(d−) and its slope in ln of the price."""
    root = put.dev * np.sqrt(elapsed)
    minus = (gap + put.rate * elapsed) / root - 0.5 * root
    return ndtr(minus), np.exp(-0.5 * minus * minus) / (sqrt(2.0 * np.pi) * root)


def _excess(put: Put, level: Array, time: Array, solved: list[_Span]) -> tuple[Array, Array]:
    """What holding on is worth over a sure exercise later, times e^{ρθ}, and its slope in ln B."""
    root = put.dev * np.sqrt(time)
    minus = (level + put.rate * time) / root - 0.5 * root
    call = np.exp(level + put.rate * time) * ndtr(minus + root)
    value, slope = call - ndtr(minus), call.copy()
    for span in solved:
        tail, change = _tails(put, level[:, None] - span.level, time[:, None] - span.time)
        value, slope = value - tail @ span.weight, slope - change @ span.weight
    return value, slope


def _starting(put: Put, begin: float, share: Array, length: float, solved: list[_Span]) -> Array:
    """ln B with own interest taken for 0.7 of the most."""
    past, levels = length * share, []
    for after in past.tolist():
        own = 0.7 * exp(put.rate * begin) * (exp(put.rate * after) - 1.0)

        def gap(level: float, time: float = begin + after, own: float = own) -> float:
            return float(_excess(put, np.array([level]), np.array([time]), solved)[0][0]) - own

        levels.append(brentq(gap, -60.0 * put.dev, 30.0 * put.dev, xtol=1e-9))
    return np.array(levels)


class _Place(NamedTuple):
    """The nodes of a span: its rule, their times, times to the points of their own, and weights there."""

    rule: _Rule
    time: Array
    elapsed: Array
    weight: Array


def _placed(put: Put, begin: float, length: float, is_first: bool) -> _Place:
    rule = _rule(is_first, False)
    past = length * rule.share
    time, elapsed = begin + past, past[:, None] * rule.point**2
    growth = np.exp(put.rate * (time[:, None] - elapsed))
    return _Place(rule, time, elapsed, past[:, None] * rule.weight * put.rate * growth)


def _newton(put: Put, place: _Place, level: Array, solved: list[_Span]) -> tuple[Array, float]:
    """Return the step of ln B in a round, and the slope in ln(θ − a) before the first node."""
    is_first = not solved
    excess, rise = _excess(put, level, place.time, solved)
    # Just after the start the excess grows like θ − a.
    slope = 0.0 if is_first else max(0.0, excess[-1] / rise[-1])
    earlier = _levels(place.rule, level**2 if is_first else level, slope, is_first)
    tail, change = _tails(put, level[:, None] - earlier, place.elapsed)
    own, change = (place.weight * tail).sum(axis=1), place.weight * change
    # In the span of expiry h² is interpolated: ln B elsewhere moves by the ratio of the two.
    inner = change / np.minimum(earlier, -1e-12) if is_first else change
    matrix = np.einsum("jk,jkn->jn", inner, place.rule.row) * (level if is_first else 1.0) / own[:, None]
    matrix += np.diag(rise / excess - change.sum(axis=1) / own)
    return np.linalg.solve(matrix, np.log(own / excess)), slope


def _solve(put: Put, bounds: tuple[float, float], solved: list[_Span]) -> _Span:
    is_first, begin, length = not solved, bounds[0], bounds[1] - bounds[0]
    place, slope = _placed(put, begin, length, is_first), 0.0
    level = _starting(put, begin, place.rule.share, length, solved)
    level = np.minimum(level, -1e-6) if is_first else level
    most = put.dev * np.sqrt(length * place.rule.share)
    for _ in range(_ROUNDS):
        step, slope = _newton(put, place, level, solved)
        step = np.clip(step, -most, most)
        level = np.minimum(level + step, 0.5 * level) if is_first else level + step
        if np.abs(step).max() < _STANDS:
            break
    rule, nodes = _rule(is_first, True), level**2 if is_first else level
    times = begin + length * (1.0 - rule.point**2)
    weights = length * rule.weight * put.rate * np.exp(put.rate * times)
    return _Span(times, _levels(rule, nodes, slope, is_first)[0], weights)


@cache
def _boundary(rate: float, dev: float, dividends: tuple[tuple[float, float], ...]) -> list[_Span]:
    put, solved = Put(rate, dev, dict(dividends)), []
    for bounds in _spans(put):
        solved.append(_solve(put, bounds, solved))
    return solved


def put_value(spot: float, put: Put) -> float:
    """Value in units of the strike of a put at a positive rate, held or exercised today."""
    owed = sum(amount * exp(-put.rate * (1.0 - time)) for time, amount in put.dividends.items())
    level = log(spot - owed)
    minus = (level + put.rate) / put.dev - 0.5 * put.dev
    value = exp(-put.rate) * ndtr(-minus) - (spot - owed) * ndtr(-minus - put.dev)
    for span in _boundary(put.rate, put.dev, tuple(put.dividends.items())):
        # At an elapsed time of 0, where the last span ends today, what is gained is a share of 0.
        elapsed = np.maximum(1.0 - span.time, 1e-300)
        tail, _ = _tails(put, level - span.level, elapsed)
        value += exp(-put.rate) * float((1.0 - tail) @ span.weight)
    return max(float(value), 1.0 - spot)
