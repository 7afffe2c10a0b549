"""Tail measures of a sample: value at risk, expected shortfall, worst loss."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.kernels.exponential import exp
from stresstest.kernels.relative_entropy import entropy
from stresstest.revaluation.result import PortfolioResult

_SUM_TOLERANCE = 1e-9
_BOUNDARY = 1e-12
"""Probabilities nearer than this to the confidence level lie on it: sums of 0.1 are not decimal."""


@dataclass(frozen=True, slots=True)
class TailMeasures:
    """Tail of a portfolio's losses over its columns, in the portfolio's currency; a loss is −P&L.

    Attributes
    ----------
    confidence_level
        Such as 0.95.
    value_at_risk, expected_shortfall, worst_loss
        See the functions of these names.
    tail_columns, tail_share
        `(n_tail,)` columns of the tail, the largest loss first, and the share of each in the shortfall; the
        shares add to 1.
    effective_columns
        exp(entropy) of the shares: how many equally likely columns the shortfall rests on.
    equal_probabilities
        Whether no probability was stated, so that every column counted alike.
    """

    confidence_level: float
    value_at_risk: float
    expected_shortfall: float
    worst_loss: float
    tail_columns: IntArray
    tail_share: FloatArray
    effective_columns: float
    equal_probabilities: bool


def value_at_risk(loss: FloatArray, confidence_level: float, probability: FloatArray | None = None) -> float:
    """Return the smallest loss that is not exceeded with probability `confidence_level` or more.

    Parameters
    ----------
    loss
        `(n_columns,)`, positive for a loss, finite.
    confidence_level
        In (0, 1).
    probability
        `(n_columns,)`, at least 0, sum 1; default: all alike.

    Raises
    ------
    ValueError
        For anything else; a loss that is missing must be left out by the caller, with its probability.

    Examples
    --------
    >>> value_at_risk(np.arange(10.0), 0.9)
    8.0
    """
    return _tail(loss, confidence_level, probability).quantile


def expected_shortfall(
    loss: FloatArray, confidence_level: float, probability: FloatArray | None = None
) -> float:
    """Return the mean of the losses in the worst 1 − `confidence_level` of probability.

    The column at the border counts with the fraction of its probability that lies within, so that the measure
    is continuous in the probabilities and coherent (R. T. Rockafellar, S. Uryasev, Journal of Banking &
    Finance 26 (2002) 1443, proposition 8; C. Acerbi, D. Tasche, same volume, 1487, definition 2.6). The sum
    is correctly rounded, so that the order of the columns shows in no bit. Parameters and errors as in
    `value_at_risk`.

    Examples
    --------
    >>> round(expected_shortfall(np.arange(10.0), 0.85), 12)  # (9 · 0.1 + 8 · 0.05) ÷ 0.15
    8.666666666667
    """
    tail = _tail(loss, confidence_level, probability)
    return _shortfall(loss, tail)


def worst_loss(loss: FloatArray, probability: FloatArray | None = None) -> float:
    """Return the largest loss among the columns of positive probability."""
    _, weight = _checked(loss, probability)
    return float(loss[weight > 0.0].max())


def tail_measures(result: PortfolioResult, confidence_level: float) -> TailMeasures:
    """Return the tail of a portfolio's losses over all columns but the base.

    Probabilities are those of the result's table; where none is stated all columns count alike.

    Raises
    ------
    ValueError
        When some columns have a probability and some have none, or the probabilities do not add to 1.
    """
    loss = -result.pnl[1:]
    stated = result.table.probability[1:]
    missing = np.isnan(stated)
    if missing.any() and not missing.all():
        raise ValueError("some columns have a probability and some have none")
    probability = None if missing.all() else stated
    tail = _tail(loss, confidence_level, probability)
    share = tail.weight / math.fsum(tail.weight.tolist())
    return TailMeasures(
        confidence_level=confidence_level,
        value_at_risk=tail.quantile,
        expected_shortfall=_shortfall(loss, tail),
        worst_loss=worst_loss(loss, probability),
        tail_columns=frozen_int(tail.order + 1),
        tail_share=frozen(share),
        effective_columns=float(exp(entropy(frozen(share)))),
        equal_probabilities=probability is None,
    )


@dataclass(frozen=True, slots=True)
class _Tail:
    """Columns of the tail, the largest loss first; the probability of each within; the quantile."""

    order: IntArray
    weight: FloatArray
    quantile: float


def _shortfall(loss: FloatArray, tail: _Tail) -> float:
    total = math.fsum((loss[tail.order] * tail.weight).tolist())
    return total / math.fsum(tail.weight.tolist())


def _tail(loss: FloatArray, confidence_level: float, probability: FloatArray | None) -> _Tail:
    if not 0.0 < confidence_level < 1.0:
        raise ValueError(f"confidence level {confidence_level!r} is not between 0 and 1")
    loss, weight = _checked(loss, probability)
    size = 1.0 - confidence_level
    order = _candidates(loss, weight, size)
    # Ties in the order of the columns: which of equal losses is at the border changes no number.
    order = order[np.argsort(-loss[order], kind="stable")]
    reached = np.cumsum(weight[order])
    last = min(int(np.searchsorted(reached, size - _BOUNDARY)), len(order) - 1)
    within = weight[order[: last + 1]].copy()
    within[-1] = max(size - math.fsum(within[:-1].tolist()), 0.0)
    # A loss that the tail ends with exactly is exceeded by less than its size: the quantile is the next one.
    next_one = min(int(np.searchsorted(reached, size + _BOUNDARY, side="right")), len(order) - 1)
    return _Tail(order[: last + 1].astype(np.int64), within, float(loss[order[next_one]]))


def _candidates(loss: FloatArray, weight: FloatArray, size: float) -> IntArray:
    """Return columns of positive probability, ascending, that hold the tail of `size` and what is next to it.

    Twice the even share of the largest losses is mostly enough, so that not all have to be sorted.
    """
    n_columns = len(loss)
    count = int(2.0 * size * n_columns) + 1
    while count < n_columns:
        least = np.partition(loss, n_columns - count)[n_columns - count]
        found = np.flatnonzero((loss >= least) & (weight > 0.0))
        if float(weight[found].sum()) > size + 2.0 * _BOUNDARY:
            return found
        count *= 2
    return np.flatnonzero(weight > 0.0)


def _checked(loss: FloatArray, probability: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Return losses and probabilities that can be measured."""
    if loss.ndim != 1 or len(loss) == 0 or not np.isfinite(loss).all():
        raise ValueError("losses are finite numbers, one a column")
    if probability is None:
        return loss, np.full(len(loss), 1.0 / len(loss))
    total = float(probability.sum()) if probability.shape == loss.shape else math.nan
    if not (abs(total - 1.0) <= _SUM_TOLERANCE and (probability >= 0.0).all()):
        raise ValueError("probabilities are one a column, at least 0, and add to 1")
    return loss, probability
