"""Entropy pooling: the probabilities nearest to a prior under which stated views hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.errors import InputError, ModelError, Problem, ProblemList
from stresstest.kernels.exponential import exp
from stresstest.kernels.relative_entropy import entropy, relative_entropy
from stresstest.scenarios.dual_newton import solve_dual
from stresstest.scenarios.table import ColumnTable
from stresstest.scenarios.view_conflicts import conflicting_views
from stresstest.scenarios.views import View

_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class PooledProbabilities:
    """Probabilities after views.

    Attributes
    ----------
    probability
        `(n_columns,)`, sum 1.
    prior
        `(n_columns,)`.
    effective_number
        exp(−Σ p ln p): as many equally likely columns would be as spread out (Meucci 2008, equation 37).
    relative_entropy
        Σ p ln(p ÷ prior), in nats: how far the views pull.
    multipliers
        By view name: change of the relative entropy for a unit more of the target; 0 where it does not bind.
    worst_gap
        Largest miss of a view, in standard deviations of its values under the prior.
    """

    probability: FloatArray
    prior: FloatArray
    effective_number: float
    relative_entropy: float
    multipliers: dict[str, float]
    worst_gap: float

    def reweighted(self, table: ColumnTable) -> ColumnTable:
        """Return `table`, whose columns but the base are the sample, with these probabilities."""
        if table.n_columns != len(self.probability) + 1:
            raise ValueError(f"{len(self.probability)} probabilities for {table.n_columns - 1} columns")
        return replace(table, probability=np.concatenate(([np.nan], self.probability)))


def pool_views(views: Sequence[View], prior: FloatArray) -> PooledProbabilities:
    """Return the probabilities of least relative entropy to `prior` under which all `views` hold.

    The problem min Σ p ln(p ÷ q) with linear constraints is solved through its dual, whose size is the number
    of views: p = q·e^{θ·a} ÷ sum, θ the minimum of a smooth convex function with θ >= 0 for inequalities (A.
    Meucci, Fully flexible views: theory and practice, Risk 21/10 (2008) 97-102, appendix).

    Parameters
    ----------
    views
        Any number; without any the prior is returned.
    prior
        `(n_columns,)`, at least 0, sum 1.

    Raises
    ------
    InputError
        ST346 for a view that does not fit the sample, ST347 for one that no reweighting reaches, ST348 for
        views that contradict one another, each named.
    ModelError
        When the views hold only in the limit of probabilities that vanish.
    ValueError
        For a prior that is none.

    Examples
    --------
    >>> from stresstest.scenarios.views import mean_view
    >>> even = np.full(3, 1 / 3)
    >>> pooled = pool_views([mean_view("return", np.array([-1.0, 0.0, 1.0]), "==", 0.2)], even)
    >>> round(float(pooled.probability[2] - pooled.probability[0]), 12)
    0.2
    """
    prior = _checked_prior(prior)
    problems = ProblemList()
    problems.extend(filter(None, (view.problem(len(prior)) for view in views)))
    names = [view.name for view in views]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    problems.extend(Problem("ST346", f"two views named {name!r}", "each name once") for name in twice)
    problems.raise_if_any()
    return _solved(views, prior) if views else _pooled(prior, prior, {}, 0.0)


def _solved(views: Sequence[View], prior: FloatArray) -> PooledProbabilities:
    kept = _attainable(views, prior)
    if not kept.any():
        raise _unsolved(views, prior)
    weight = prior[kept] / math.fsum(prior[kept].tolist())
    gaps = np.array([view.gap[kept] for view in views])
    scales = _scales(gaps, weight)
    bounded = np.array([view.relation != "==" for view in views])
    solution = solve_dual(frozen(weight), frozen(gaps / scales[:, np.newaxis]), bounded)
    if solution is None:
        raise _unsolved(views, prior)
    probability = np.zeros(len(prior))
    probability[kept] = solution.probability
    signs = np.array([-1.0 if view.relation == "<=" else 1.0 for view in views])
    slopes = (signs * solution.multipliers / scales + 0.0).tolist()
    multipliers = {view.name: slope for view, slope in zip(views, slopes, strict=True)}
    return _pooled(frozen(probability), prior, multipliers, solution.worst_gap)


def _pooled(
    probability: FloatArray, prior: FloatArray, multipliers: dict[str, float], worst_gap: float
) -> PooledProbabilities:
    return PooledProbabilities(
        probability=probability,
        prior=prior,
        effective_number=float(exp(entropy(probability))),
        relative_entropy=max(float(relative_entropy(probability, prior)), 0.0),
        multipliers=multipliers,
        worst_gap=worst_gap,
    )


def _checked_prior(prior: FloatArray) -> FloatArray:
    prior = frozen(prior)
    valid = prior.ndim == 1 and prior.size > 0 and bool((prior >= 0.0).all())
    if not valid or not abs(math.fsum(prior.tolist()) - 1.0) <= _SUM_TOLERANCE:
        raise ValueError("a prior is one probability a column, at least 0, sum 1")
    return prior


def _attainable(views: Sequence[View], prior: FloatArray) -> BoolArray:
    """Return `(n_columns,)` which columns can keep a probability.

    A view at the edge of the sample (an event of probability 0, a mean at the largest value) rules out every
    column on the other side; with those gone another view may stand at its edge.
    """
    kept = prior > 0.0
    gaps = [(view.gap, view.relation == "==") for view in views]
    n_before = -1
    while kept.any() and n_before != int(kept.sum()):
        n_before = int(kept.sum())
        for gap, is_equality in gaps:
            inside = gap[kept]
            if inside.size and (inside.max() == 0.0 or (is_equality and inside.min() == 0.0)):
                kept = kept & (gap == 0.0)
    return kept


def _scales(gaps: FloatArray, weight: FloatArray) -> FloatArray:
    """Return `(n_views,)` root mean squares of the gaps, 1 where a view holds in every column."""
    squares = [math.fsum((weight * row * row).tolist()) for row in gaps]
    return np.array([math.sqrt(square) if square > 0.0 else 1.0 for square in squares])


def _unsolved(views: Sequence[View], prior: FloatArray) -> InputError | ModelError:
    """Return the error of views that have no solution: those that contradict one another, if any do."""
    names = conflicting_views(views, prior > 0.0)
    if not names:
        return ModelError("the views hold only as some probabilities vanish: move a target inward")
    listed = "; ".join(repr(view.text) for view in views if view.name in names)
    got = f"views that contradict one another in this sample: {listed}"
    return InputError([Problem("ST348", got, "views that can hold together")])
