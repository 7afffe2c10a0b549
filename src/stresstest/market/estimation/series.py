"""Series of the systematic factors out of a price history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.errors import InputError, Location, Problem
from stresstest.market.estimation.definitions import Definition
from stresstest.market.estimation.history import PriceHistory, changes
from stresstest.market.estimation.windows import LAG
from stresstest.market.matrices import lower_factor, solved, weighted_gram


@dataclass(frozen=True, slots=True, eq=False)
class FactorSeries:
    """Moves of the systematic factors.

    Attributes
    ----------
    definitions
        Of the factors that the history has all series of.
    coefficients
        `(n_factors, n_factors)`: raw portfolio less what earlier factors explain; lower triangular.
    moves
        `(n_days, n_factors)` over `LAG` days, by the day they end; NaN where missing.
    daily
        The same over one day.
    missing
        Names of the factors that were left out.
    """

    definitions: tuple[Definition, ...]
    coefficients: FloatArray
    moves: FloatArray
    daily: FloatArray
    missing: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(definition.name for definition in self.definitions)


def factor_series(history: PriceHistory, definitions: Sequence[Definition], rows: BoolArray) -> FactorSeries:
    """Return the series of the factors, orthogonalised by regression over `rows`.

    Parameters
    ----------
    rows
        `(n_days,)` returns that the regressions use; the portfolios that they give hold at all times, so
        that a factor is one thing in every regime.

    Raises
    ------
    InputError
        ST231 where the history lacks the first factor, which every other rests on.
    """
    usable = tuple(d for d in definitions if _is_in(history, d, rows))
    if not usable or usable[0] != definitions[0]:
        got = f"history without {definitions[0].tickers[0]} in the years that exposures are estimated on"
        expected = "the series of the market, which every other factor rests on"
        raise InputError([Problem("ST231", got, expected, Location(history.file))])
    names = [definition.name for definition in usable]
    raw = np.stack([raw_moves(history, definition, LAG) for definition in usable], axis=1)
    coefficients = np.eye(len(usable))
    moves = raw.copy()
    for place, definition in enumerate(usable):
        others = [names.index(name) for name in definition.against if name in names]
        if others:
            betas = regress(moves[rows][:, others], raw[rows, place])
            coefficients[place, others] = -betas
            moves[:, place] = raw[:, place] - (moves[:, others] * betas).sum(axis=1)
    daily = np.stack([raw_moves(history, definition, 1) for definition in usable], axis=1)
    for place in range(len(usable)):
        daily[:, place] += (daily[:, :place] * coefficients[place, :place]).sum(axis=1)
    missing = tuple(d.name for d in definitions if d not in usable)
    return FactorSeries(usable, frozen(coefficients), frozen(moves), frozen(daily), missing)


def _is_in(history: PriceHistory, definition: Definition, rows: BoolArray) -> bool:
    """Tell whether the history has the series of a factor in `rows`: all of a sum, one of an average."""
    priced = [
        ticker in history.names and bool(np.isfinite(history.column(ticker)[rows]).any())
        for ticker in definition.tickers
    ]
    return any(priced) if definition.members else all(priced)


def raw_moves(history: PriceHistory, definition: Definition, lag: int) -> FloatArray:
    """Return `(n_days,)` moves of a factor's portfolio over `lag` days before anything is taken out."""
    if definition.weights:
        total = np.zeros(len(history.days))
        for ticker, coefficient in definition.weights:
            total += coefficient * changes(history.column(ticker), lag)
        return total
    members = [name for name in definition.members if name in history.names]
    moves = np.stack([changes(history.column(name), lag) for name in members], axis=1)
    present = np.isfinite(moves)
    count = present.sum(axis=1)
    total = np.where(present, moves, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def regress(explaining: FloatArray, explained: FloatArray) -> FloatArray:
    """Return the least-squares coefficients `(k,)` of `explained` `(n,)` on `explaining` `(n, k)`.

    Rows with anything missing are left out; means are taken out of both sides.
    """
    complete = np.isfinite(explaining).all(axis=1) & np.isfinite(explained)
    left, right = explaining[complete], explained[complete]
    left, right = left - left.mean(axis=0), right - right.mean()
    ones = np.ones(len(right))
    lower = lower_factor(weighted_gram(left, ones, left))
    return solved(lower, weighted_gram(left, ones, right.reshape(-1, 1)))[:, 0]
