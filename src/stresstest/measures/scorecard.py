"""Predicted against realised moves: directions, errors, ranks, and skill over a baseline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray

LEAST_NAMES = 3
"""Names below which no score is given."""


@dataclass(frozen=True, slots=True)
class ScoredName:
    """One name, predicted and realised; moves are relative, −0.17 for −17 %.

    Attributes
    ----------
    group
        Theme, industry or sector that is left out when the name is predicted from all others.
    stated
        Whether a line of the scenario names it.
    left_out
        Prediction without any line that reaches a name of its group; None without a factor model.
    baseline
        What the plain alternative predicts; None where there is none.
    """

    name: str
    group: str
    predicted: float
    realised: float
    stated: bool
    left_out: float | None = None
    baseline: float | None = None

    @property
    def error(self) -> float:
        """Predicted − realised."""
        return self.predicted - self.realised


@dataclass(frozen=True, slots=True)
class Score:
    """How good predictions of some names are.

    Attributes
    ----------
    n_names
        Names scored.
    directions
        Share of names whose sign is predicted right; a prediction of no move is wrong where there was one.
    median_error, mean_error
        Median and mean of |predicted − realised|, as fractions.
    rank_correlation
        Spearman's; None where all predictions or all realised moves are one number.
    """

    n_names: int
    directions: float
    median_error: float
    mean_error: float
    rank_correlation: float | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Scores of a scenario by kind of name.

    Attributes
    ----------
    names
        Every name that has both moves, in the order of the realised ones.
    unpriced
        Names with a realised move that the market has no spot of.
    note
        What the baseline is.
    """

    scenario: str
    names: tuple[ScoredName, ...]
    unpriced: tuple[str, ...] = ()
    note: str = ""

    @property
    def stated(self) -> Score | None:
        """Of the names that lines of the scenario name: how well it restates, not how well it predicts."""
        return score((item.predicted, item.realised) for item in self.names if item.stated)

    @property
    def unstated(self) -> Score | None:
        """Of all other names, as the whole scenario moves them."""
        return score((item.predicted, item.realised) for item in self.names if not item.stated)

    @property
    def left_out(self) -> Score | None:
        """Of every name, predicted without its group: the score that counts."""
        return score((item.left_out, item.realised) for item in self._comparable if item.left_out is not None)

    @property
    def baseline(self) -> Score | None:
        """Of the names of `left_out`, by the plain alternative."""
        return score((item.baseline, item.realised) for item in self._comparable if item.baseline is not None)

    @property
    def skill(self) -> float | None:
        """1 − mean error of `left_out` ÷ mean error of the baseline; above 0 the scenario is the better."""
        ours, plain = self.left_out, self.baseline
        if ours is None or plain is None or plain.mean_error == 0.0:
            return None
        return 1.0 - ours.mean_error / plain.mean_error

    @property
    def _comparable(self) -> tuple[ScoredName, ...]:
        """Names that have all predictions that any name has, so that scores are of the same names."""
        both = any(item.left_out is not None for item in self.names) and any(
            item.baseline is not None for item in self.names
        )
        if not both:
            return self.names
        return tuple(item for item in self.names if None not in (item.left_out, item.baseline))

    def worst(self, count: int = 10) -> tuple[ScoredName, ...]:
        """Return the names that the whole scenario misses by most."""
        return tuple(sorted(self.names, key=lambda item: -abs(item.error))[:count])


def score(pairs: Iterable[tuple[float, float]]) -> Score | None:
    """Return the score of (predicted, realised) pairs; None for fewer than three.

    Examples
    --------
    >>> score([(-0.1, -0.2), (0.0, 0.1), (0.3, 0.2)]).directions
    0.6666666666666666
    """
    table = np.array(list(pairs), dtype=np.float64).reshape(-1, 2)
    if len(table) < LEAST_NAMES:
        return None
    predicted, realised = table[:, 0], table[:, 1]
    errors = np.abs(predicted - realised)
    right = np.sign(predicted) == np.sign(realised)
    return Score(
        len(table),
        float(right.mean()),
        float(np.median(errors)),
        float(errors.mean()),
        _rank_correlation(predicted, realised),
    )


def ranks(values: Sequence[float] | FloatArray) -> FloatArray:
    """Return the ranks `(n,)` of `values` from 1; equal ones share the mean of their ranks."""
    array = np.asarray(values, dtype=np.float64)
    _, place, counts = np.unique(array, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    result: FloatArray = (last - 0.5 * (counts - 1))[place]
    return result


def _rank_correlation(one: FloatArray, other: FloatArray) -> float | None:
    """Return Spearman's rank correlation: Pearson's of the ranks."""
    first, second = ranks(one), ranks(other)
    first, second = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((first * first).sum() * (second * second).sum()))
    return float((first * second).sum()) / scale if scale else None
