"""American options by the boundary's integral equation, and on a grid; shares no code with the package.

`by_integral` iterates K. I. Kim's equation in the form whose value matches at the boundary, in years, with
numpy. `by_grid` solves the Black–Scholes equation in ln S with scipy's banded solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from math import exp, log, sqrt
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import solve_banded
from scipy.special import ndtr
from tests.oracle.european_option import linear, surface_vol

SIZE_TOLERANCE = 2e-7
_STANDS = 1e-12
"""Largest change of ln B in a round after which no further one is taken."""
_DATED_ALLOWANCE = 5.0
"""Options with dividends on dates are priced on grids: both sides to 1e-6 of the strike."""


class Terms(NamedTuple):
    """A put or call as textbooks write it."""

    sign: int
    spot: float
    strike: float
    years: float
    rate: float
    dividend_yield: float
    vol: float


def european(terms: Terms) -> float:
    """Black and Scholes."""
    sign, s, k, t, r, q, vol = terms
    d1 = (log(s / k) + (r - q + vol**2 / 2) * t) / (vol * sqrt(t))
    d2 = d1 - vol * sqrt(t)
    return float(sign * (s * exp(-q * t) * ndtr(sign * d1) - k * exp(-r * t) * ndtr(sign * d2)))


@cache
def _rule(n_points: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss and Legendre on [-1, 1]."""
    points, weights = np.polynomial.legendre.leggauss(n_points)
    return points, weights


@cache
def _nodes(n: int, n_points: int) -> tuple[np.ndarray, ...]:
    """Chebyshev nodes, points and weights over u, and the matrix from nodes to points `(n, l, n + 1)`."""
    x = np.cos(np.pi * np.arange(n + 1) / n)
    y, w = _rule(n_points)
    c = 1.0 - (0.5 * (1.0 - y)) ** 2
    dc = 0.5 * (1.0 - y) * w
    target = (1.0 + x[:-1, None]) * np.sqrt(1.0 - c**2) - 1.0
    signs = (-1.0) ** np.arange(n + 1)
    signs[[0, -1]] *= 0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = signs / (target[..., None] - x)
        matrix = terms / terms.sum(axis=-1, keepdims=True)
    return x, c, dc, np.nan_to_num(matrix, nan=1.0)


def boundary(terms: Terms, n: int = 24, n_points: int = 64, rounds: int = 40) -> tuple[np.ndarray, float]:
    """ln of the put's boundary at the nodes (today first, expiry last), and its limit at expiry."""
    _, _, strike, years, r, q, vol = terms
    x, c, dc, matrix = _nodes(n, n_points)
    limit = log(strike * (min(1.0, r / q) if q > 0 else 1.0))
    tau = years * (0.5 * (1.0 + x[:-1])) ** 2
    elapsed, u = tau[:, None] * c**2, tau[:, None] * (1.0 - c**2)
    weight = 2.0 * tau[:, None] * c * dc
    dev, dev_all = vol * np.sqrt(elapsed), vol * np.sqrt(tau)
    height, before = np.minimum(1.2 * vol * np.sqrt(tau), 3.0), np.zeros(n)
    growing, yielding = r * weight * np.exp(r * u), q * weight * np.exp(q * u)
    for _ in range(rounds):
        if np.abs(height - before).max() < _STANDS:
            break
        before, squares = height, np.append(height**2, 0.0)
        earlier = np.sqrt(np.maximum(matrix @ squares, 0.0))
        plus = (earlier - height[:, None] + (r - q) * elapsed) / dev + dev / 2
        all_plus = (limit - height - log(strike) + (r - q) * tau) / dev_all + dev_all / 2
        top = ndtr(all_plus - dev_all) + (growing * ndtr(plus - dev)).sum(axis=1)
        bottom = ndtr(all_plus) + (yielding * ndtr(plus)).sum(axis=1)
        height = np.maximum(limit - log(strike) + (r - q) * tau - np.log(top / bottom), 0.0)
    return limit - np.append(height, 0.0), limit


def by_integral(terms: Terms, n_price: int = 80) -> float:
    """Value where there is one boundary or none; calls by symmetry."""
    if terms.sign > 0:
        _, s, k, t, r, q, vol = terms
        return by_integral(Terms(-1, k, s, t, q, r, vol), n_price)
    _, s, k, t, r, q, vol = terms
    plain = european(terms)
    if r <= 0 and q >= r and not (r == 0 and q < 0):
        return plain
    logs, limit = boundary(terms)
    if log(s) <= logs[0]:
        return k - s
    x, *_ = _nodes(24, 64)
    y, w = _rule(n_price)
    c, weight = (0.5 * (1 + y)) ** 2 * (2.0 - y), 0.75 * (1 - y**2) * w
    target = 2.0 * np.sqrt(1.0 - c**2) - 1.0
    signs = (-1.0) ** np.arange(len(x))
    signs[[0, -1]] *= 0.5
    matrix = signs / (target[:, None] - x)
    squares = (matrix @ (limit - logs) ** 2) / matrix.sum(axis=1)
    at = limit - np.sqrt(np.maximum(squares, 0.0))
    v = t * c**2
    dev = vol * np.sqrt(v)
    plus = (log(s) - at + (r - q) * v) / dev + dev / 2
    gain = r * k * np.exp(-r * v) * ndtr(dev - plus) - q * s * np.exp(-q * v) * ndtr(-plus)
    return max(plain + float((2.0 * t * c * weight * gain).sum()), k - s, plain)


Dividends = Sequence[tuple[float, float]]


def by_grid(terms: Terms, dividends: Dividends = (), n_nodes: int = 1200, n_steps: int = 400) -> float:
    """Value by Crank–Nicolson in the log price, early exercise by policy iteration; extrapolated.

    `dividends` are (years from now, amount) by the escrowed model: `terms.spot` is the whole spot.
    """
    fine = _grid(terms, dividends, n_nodes, n_steps)
    return fine + (fine - _grid(terms, dividends, n_nodes // 2, n_steps // 2)) / 3.0


def _grid(terms: Terms, dividends: Dividends, n_nodes: int, n_steps: int) -> float:
    sign, spot, strike, years, r, q, vol = terms
    price = spot - sum(amount * exp(-r * time) for time, amount in dividends)
    half = 6.5 * vol * sqrt(years) + abs(r - q - vol**2 / 2) * years
    n = 2 * (n_nodes // 2) + 1
    logs = log(price) + np.linspace(-half, half, n)
    step = logs[1] - logs[0]
    drift = (r - q - vol**2 / 2) / (2 * step)
    down, up, middle = (
        vol**2 / (2 * step**2) - drift,
        vol**2 / (2 * step**2) + drift,
        -((vol / step) ** 2) - r,
    )

    def exercise(left: float, before: bool) -> np.ndarray:
        now = years - left
        tail = 1e-9 if before else -1e-9
        owed = sum(amount * exp(-r * (time - now)) for time, amount in dividends if time > now - tail)
        return sign * (np.exp(logs) + owed - strike)

    value = np.maximum(exercise(0.0, False), 0.0)
    stops = sorted({0.0, years, *(years - time for time, _ in dividends)})
    left = 0.0
    for stop in stops[1:]:
        count = max(12, round(n_steps * (stop - left) / years))
        for number in range(1, count + 1):
            end = stop if number == count else left + (stop - left) * (number / count) ** 1.5
            begin = left + (stop - left) * ((number - 1) / count) ** 1.5
            implicit = 1.0 if number <= 2 else 0.5
            value = _step(value, exercise(end, False), (down, middle, up), end - begin, implicit)
        left = stop
        if stop < years:
            value = np.maximum(value, exercise(stop, True))
    return float(max(value[n // 2], exercise(years, False)[n // 2]))


def _step(
    value: np.ndarray, least: np.ndarray, weights: tuple[float, float, float], dt: float, implicit: float
) -> np.ndarray:
    down, middle, up = weights
    right = value.copy()
    right[1:-1] += (1 - implicit) * dt * (down * value[:-2] + middle * value[1:-1] + up * value[2:])
    right[[0, -1]] = np.maximum(least[[0, -1]], value[[0, -1]])
    held = np.ones(len(value), bool)
    for _ in range(60):
        bands = np.zeros((3, len(value)))
        bands[1] = 1.0
        inner = held[1:-1]
        bands[1, 1:-1] = np.where(inner, 1 - implicit * dt * middle, 1.0)
        bands[0, 2:] = np.where(inner, -implicit * dt * up, 0.0)
        bands[2, :-2] = np.where(inner, -implicit * dt * down, 0.0)
        target = np.where(held, right, least)
        target[[0, -1]] = right[[0, -1]]
        solved = solve_banded((1, 1), bands, target)
        gain = solved[1:-1] * (1 - implicit * dt * middle) - right[1:-1]
        gain -= implicit * dt * (down * solved[:-2] + up * solved[2:])
        choice = held.copy()
        choice[1:-1] = np.where(inner, solved[1:-1] >= least[1:-1], gain < 0.0)
        if (choice == held).all():
            break
        held = choice
    return solved


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of one contract and the size that its tolerance is relative to; `level(kind, name, tenor)`."""
    name, today = spec.underlying, market.as_of
    years = (spec.expiry - today).days / 365
    spot, sign = level("spot", name), 1 if spec.right == "call" else -1
    size = spec.multiplier * max(spot, spec.strike)
    if years == 0:
        return spec.multiplier * max(sign * (spot - spec.strike), 0.0), size
    curve = market.curves[spec.curve or market.discount_curves[market.issuers[name].currency]]
    rates = [
        (t, level("zero_rate", curve.name, tenor)) for t, tenor in zip(curve.years, curve.tenors, strict=True)
    ]
    rate, dividend_yield = float(linear(rates, years)), level("dividend_yield", name)
    smile = market.smiles[name]
    pillars: Mapping[float, tuple[float, ...]] = {
        time: tuple(level(kind, name, tenor) for kind in ("implied_vol", "vol_skew", "vol_curvature"))
        for time, tenor in zip(smile.years.tolist(), smile.tenors, strict=True)
    }
    moneyness = log(spec.strike / spot) - (rate - dividend_yield) * years
    vol = float(surface_vol(pillars, moneyness, years, (smile.lower, smile.upper)))
    if not spec.dividends:
        terms = Terms(sign, spot, spec.strike, years, rate, dividend_yield, vol)
        return spec.multiplier * by_integral(terms), size
    base = market.levels[next(key for key in market.levels if str(key) == f"dividend_yield/{name}")]
    share = dividend_yield / base if base > 0 else 1.0
    dividends = _dividends(spec, today, share)
    terms = Terms(sign, spot, spec.strike, years, rate, 0.0, vol)
    return spec.multiplier * by_grid(terms, dividends), _DATED_ALLOWANCE * size


def _dividends(spec: Any, today: date, share: float) -> list[tuple[float, float]]:
    alive = [item for item in spec.dividends if today < item.date < spec.expiry]
    return [((item.date - today).days / 365, share * item.amount) for item in alive]
