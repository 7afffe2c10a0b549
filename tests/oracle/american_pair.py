"""American puts with two exercise boundaries, both in one equation, time step after time step, with numpy.

Independent of the package: the equation is that of the put's value with both boundaries in it, so that
nothing is taken for granted of either alone; time is a grid in √θ with parabolas of h² and ln Y between its
points, and the difference to half as many tells how good it is. Cases are solved side by side.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

Array = np.ndarray

_GAUSS = {count: np.polynomial.legendre.leggauss(count) for count in (3, 8, 24)}
_DIFFERENCE = 1e-5
_MOST_ROUNDS = 30


class Puts(NamedTuple):
    """ρ = r·T, κ = q·T, s = σ·√T and ln(S/K), each `(n_cases,)`; κ < ρ < 0."""

    rate: Array
    dividend_yield: Array
    std_dev: Array
    moneyness: Array


class Boundaries(NamedTuple):
    """z = √θ, h² = ln²(K/B) and ln Y/K at the grid, `(n_steps + 1, n_cases)`; √θ of the end of exercise."""

    root: Array
    square: Array
    lower: Array
    end: Array


class Points(NamedTuple):
    """Points `(n_points, n_cases)` of an integral over u: z, weight, ln B and ln Y."""

    root: Array
    weight: Array
    upper: Array
    lower: Array


def european_put(puts: Puts) -> Array:
    rate, dividend_yield, dev, w = puts
    d1 = (w + rate - dividend_yield) / dev + dev / 2
    return np.exp(-rate) * ndtr(dev - d1) - np.exp(w - dividend_yield) * ndtr(-d1)


def _call(puts: Puts, time: Array, x: Array) -> Array:
    rate, dividend_yield, dev, _ = puts
    root = dev * np.sqrt(time)
    d1 = (x + (rate - dividend_yield) * time) / root + root / 2
    return np.exp(x - dividend_yield * time) * ndtr(d1) - np.exp(-rate * time) * ndtr(d1 - root)


def _nodes(low: Array, high: Array, count: int, is_last: bool) -> tuple[Array, Array]:
    """Return z = √u and weights of du between two z; with `is_last`, nodes crowd in √(high² − u)."""
    y, w = _GAUSS[count]
    c, weight = (0.5 * (1.0 + y))[:, None], (0.5 * w)[:, None]
    if is_last:
        span = high**2 - low**2
        return np.sqrt(np.maximum(high**2 - span * c**2, 0.0)), 2.0 * span * c * weight
    z = low + (high - low) * c
    return z, 2.0 * z * (high - low) * weight


def _parabola(z: Array, grid: Array, values: Array, j: int) -> Array:
    """Return values between points j and j + 1, through the point before as well."""
    share = (z - grid[j]) / (grid[j + 1] - grid[j])
    line = values[j] + (values[j + 1] - values[j]) * share
    if j == 0:
        return line
    return line + 0.5 * (values[j + 1] - 2.0 * values[j] + values[j - 1]) * share * (share - 1.0)


def _points(at: Boundaries, j: int, z: Array, weight: Array) -> Points:
    upper = -np.sqrt(np.maximum(_parabola(z, at.root, at.square, j), 0.0))
    return Points(z, weight, upper, _parabola(z, at.root, at.lower, j))


def _forgone(puts: Puts, x: Array, time: Array, points: Points) -> Array:
    """Return what interest less dividends of the time beyond the boundaries are worth at ln S = x."""
    rate, dividend_yield, dev, _ = puts
    elapsed = np.maximum(time - points.root**2, 1e-300)
    root = dev * np.sqrt(elapsed)
    above = (x - points.upper + (rate - dividend_yield) * elapsed) / root
    below = (x - points.lower + (rate - dividend_yield) * elapsed) / root
    cash = ndtr(above - root / 2) + ndtr(root / 2 - below)
    share = ndtr(above + root / 2) + ndtr(-root / 2 - below)
    gain = rate * np.exp(-rate * elapsed) * cash
    gain -= dividend_yield * np.exp(x - dividend_yield * elapsed) * share
    return (points.weight * gain).sum(axis=0)


def _first(puts: Puts, z: Array) -> tuple[Array, Array]:
    """Return first values of h² and ln Y at a short time."""
    rate, dividend_yield, dev, _ = puts
    root = dev * z
    inside = np.log(1.0 + 2.15 * root / ((rate - dividend_yield) * z**2)) + 0.3
    return root**2 * inside, np.log(rate / dividend_yield) + 0.6388 * root


def _ahead(values: Array, step: int) -> Array:
    """Return values a step ahead, on the parabola of the three steps before."""
    if step < 3:
        return values[step - 1] * step / max(step - 1, 1)
    return 3.0 * values[step - 1] - 3.0 * values[step - 2] + values[step - 3]


def _close(at: Boundaries, step: int, is_solved: Array, is_open: Array) -> Array:
    """Set the end where the boundaries cross in a step, NaN where a step finds no boundary; what is open."""
    for values in (at.square, at.lower):
        values[step] = np.where(is_solved, values[step], _ahead(values, step))
    gap = -np.sqrt(at.square[step]) - at.lower[step]
    before = -np.sqrt(at.square[step - 1]) - at.lower[step - 1]
    is_lost = is_open & ~is_solved & ~(gap < 0.5 * before)
    is_closing = is_open & ~is_lost & ((gap <= 0.0) | ~is_solved)
    share = np.clip(before / (before - gap), 0.0, 1.0)
    end = at.root[step - 1] + share * (at.root[step] - at.root[step - 1])
    at.end[:] = np.where(is_closing, end, np.where(is_lost, np.nan, at.end))
    return is_open & ~is_closing & ~is_lost


def boundaries(puts: Puts, horizon: Array, n_steps: int) -> Boundaries:
    """March to `horizon`, or until the boundaries have crossed."""
    count = len(horizon)
    root = np.sqrt(horizon) * np.arange(n_steps + 1)[:, None] / n_steps
    square, lower = np.zeros((n_steps + 1, count)), np.zeros((n_steps + 1, count))
    at = Boundaries(root, square, lower, np.sqrt(horizon))
    lower[0] = np.log(puts.rate / puts.dividend_yield)
    is_open, past = np.ones(count, bool), []
    with np.errstate(all="ignore"):
        for step in range(1, n_steps + 1):
            if step == 1:
                square[1], lower[1] = _first(puts, root[1])
            else:
                square[step] = square[step - 1] * (step / (step - 1)) ** 2
                lower[step] = 2.0 * lower[step - 1] - lower[step - 2]
            is_solved = _solve_step(puts, at, step, past)
            is_open = _close(at, step, is_solved, is_open)
            past.append(_points(at, step - 1, *_nodes(root[step - 1], root[step], 3, False)))
            if not is_open.any():
                break
    return at


def _solve_step(puts: Puts, at: Boundaries, step: int, past: list[Points]) -> Array:
    """Solve both boundaries at one time by Newton's method on numerical slopes; tell where they are found."""
    dev, time = puts.std_dev * at.root[step], at.root[step] ** 2
    before = [Points(*(np.concatenate(rows) for rows in zip(*past, strict=True)))] if past else []
    z, weight = _nodes(at.root[step - 1], at.root[step], 8, True)

    def residual(which: int, x: Array) -> Array:
        (at.square if which == 0 else at.lower)[step] = x**2 if which == 0 else x
        forgone = sum(_forgone(puts, x, time, part) for part in [*before, _points(at, step - 1, z, weight)])
        call = _call(puts, time, x)
        return np.log(call / forgone) if which == 0 else call - forgone

    for _ in range(_MOST_ROUNDS):
        moved = np.zeros_like(dev)
        for which in (0, 1):
            old = -np.sqrt(at.square[step]) if which == 0 else at.lower[step].copy()
            here = residual(which, old)
            slope = (residual(which, old + _DIFFERENCE * dev) - here) / (_DIFFERENCE * dev)
            change = np.clip(-here / slope, -0.5 * dev, 0.5 * dev)
            change = np.where(np.isfinite(change), change, 0.5 * dev)
            new = np.minimum(old + change, 0.5 * old) if which == 0 else old + change
            (at.square if which == 0 else at.lower)[step] = new**2 if which == 0 else new
            moved = np.maximum(moved, np.abs(change) / dev)
        if np.max(moved) < 1e-7:
            break
    return moved < 1e-5


def _premium(puts: Puts, at: Boundaries) -> Array:
    """Return what exercise between the boundaries brings until their end."""
    rate, dividend_yield, _, w = puts
    total, steps = np.zeros(len(w)), len(at.root) - 1
    for j in range(steps):
        low, high = np.minimum(at.root[j], at.end), np.minimum(at.root[j + 1], at.end)
        for is_last in (False, True):
            chosen = (low < high) & ((high == 1.0) == is_last)
            if not chosen.any():
                continue
            z, weight = _nodes(low, high, 24 if is_last else 8, is_last)
            points = _points(at, j, z, weight)
            elapsed = np.maximum(1.0 - z**2, 1e-300)
            sure = rate * np.exp(-rate * elapsed) - dividend_yield * np.exp(w - dividend_yield * elapsed)
            gain = (weight * sure).sum(axis=0) - _forgone(puts, w, np.ones(len(w)), points)
            total[chosen] += gain[chosen]
    return total


def _horizon(puts: Puts) -> Array:
    """Return a time a little after the boundaries have met, 1 where they do not; NaN where none is found."""
    horizon = np.ones(len(puts.rate))
    for _ in range(40):
        end = np.nan_to_num(boundaries(puts, horizon, 10).end) ** 2
        is_long = end < 0.3 * horizon
        is_short = (end >= 0.97 * horizon) & (horizon < 1.0)
        shorter = np.maximum(2.5 * end, 0.05 * horizon)
        longer = np.minimum(1.6 * horizon, 1.0)
        horizon = np.where(is_long, shorter, np.where(is_short, longer, horizon))
        if not (is_long | is_short).any():
            break
    return np.where(is_long | is_short, np.nan, horizon)


def _values(puts: Puts, horizon: Array, n_steps: int) -> Array:
    at = boundaries(puts, horizon, n_steps)
    exercise = 1.0 - np.exp(puts.moneyness)
    is_held = np.sqrt(np.maximum(at.square[-1], 0.0)) + puts.moneyness > 0.0
    is_held |= (at.lower[-1] > puts.moneyness) | (at.end < 1.0)
    value = np.where(is_held, np.maximum(european_put(puts) + _premium(puts, at), exercise), exercise)
    is_found = (horizon == 1.0) | (at.end < np.sqrt(horizon))
    return np.where(is_found, value, np.nan)


def values(puts: Puts, n_steps: int = 32) -> tuple[Array, Array]:
    """Return values in units of the strike, and how far they are from those of half as many steps.

    The error falls by five to seven with each doubling: a sixth of the difference is added. NaN where the
    time at which the boundaries meet is not found.
    """
    horizon = _horizon(puts)
    coarse, fine = _values(puts, horizon, n_steps // 2), _values(puts, horizon, n_steps)
    return fine + (fine - coarse) / 6.0, np.abs(fine - coarse)
