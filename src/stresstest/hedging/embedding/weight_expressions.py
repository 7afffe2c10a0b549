"""Stress losses as cvxpy expressions over the weights of somebody else's allocation problem.

`w` is their variable, or any affine expression: `(n_assets,)` shares of the value invested, one for each
position of the result's portfolio, or for each of its portfolios, or for each name in `assets`. A loss is a
share of the value invested as well, positive for a loss, so that `worst_loss(w, result) <= 0.2` says what it
means: no scenario may cost more than 20 % of it. Cash that `w` leaves out loses nothing.

What the weights earn is exact at the weights of one revaluation: a position's P&L is linear in its quantity,
options included, because each position is revalued fully. All expressions are convex, keep to the rules of
disciplined parametrised programming, and scale with `w`: a tool that solves for a multiple of the weights, as
for a largest Sharpe ratio, takes `worst_loss(w, result) <= 0.2 * cp.sum(w)`.
"""

from __future__ import annotations

import cvxpy as cp
import numpy as np
from cvxpy.atoms.affine.vec import vec
from cvxpy.atoms.cvar import cvar
from cvxpy.atoms.elementwise.pos import pos
from cvxpy.atoms.sum_largest import sum_largest
from scipy.sparse import csr_array

from stresstest.arrays import FloatArray
from stresstest.errors import InputError, Problem
from stresstest.hedging.embedding.scenario_returns import (
    AssetNames,
    ResultLike,
    ScenarioReturns,
    drawn_returns,
    named_returns,
)


def scenario_loss(
    w: cp.Expression, result: ResultLike, scenario: str | None = None, *, assets: AssetNames = None
) -> cp.Expression:
    """Return the loss in each named scenario `(n_scenarios,)`, or in `scenario` alone.

    Parameters
    ----------
    w
        Affine, `(n_assets,)`.
    result
        What `st.stress` returned, one of its portfolios, or `ScenarioReturns`.
    scenario
        Name of the one scenario wanted.
    assets
        See `named_returns`.

    Raises
    ------
    InputError
        For unknown names, assets without a return, and weights that differ in number from the assets.
    """
    returns = named_returns(result, assets)
    weights = _weights(w, returns)
    if scenario is None:
        return _losses(weights, returns.returns.T)
    return _losses(weights, returns.column(scenario)[np.newaxis])[0]


def worst_loss(w: cp.Expression, result: ResultLike, *, assets: AssetNames = None) -> cp.Expression:
    """Return the largest loss among the named scenarios; parameters and errors as in `scenario_loss`."""
    worst: cp.Expression = sum_largest(scenario_loss(w, result, assets=assets), 1)
    return worst


def expected_shortfall(
    w: cp.Expression, result: ResultLike, confidence_level: float, *, assets: AssetNames = None
) -> cp.Expression:
    """Return the mean loss in the worst 1 − `confidence_level` of probability over the draws of `result`.

    Without draws it is over the named scenarios, with their probabilities where all have one. Then the value
    of the expression is the shortfall itself only where it is minimised or its limit binds; before, it lies
    above, because a variable of its own stands for the quantile. Other parameters and errors as in
    `scenario_loss`.

    Raises
    ------
    ValueError
        When the confidence level is not between 0 and 1.
    """
    if not 0.0 < confidence_level < 1.0:
        raise ValueError(f"confidence level {confidence_level!r} is not between 0 and 1")
    returns = drawn_returns(result, assets)
    loss = _losses(_weights(w, returns), returns.returns.T)
    chance = returns.probability
    if chance is None or np.ptp(chance) <= _ALIKE * chance[0]:
        mean: cp.Expression = cvar(loss, confidence_level)  # type: ignore[no-untyped-call]
        return mean
    quantile = cp.Variable(name="value_at_risk")
    weight = cp.Constant(chance / (1.0 - confidence_level))
    shortfall: cp.Expression = quantile + weight @ pos(loss - quantile)  # type: ignore[no-untyped-call]
    return shortfall


_ALIKE = 1e-12


def _losses(weights: cp.Expression, returns: FloatArray) -> cp.Expression:
    # Sparse, because cvxpy multiplies coefficients with the bounds of `weights`: a stored 0 times inf warns.
    losses: cp.Expression = cp.Constant(csr_array(-returns)) @ weights
    return losses


def _weights(w: cp.Expression, returns: ScenarioReturns) -> cp.Expression:
    """Return `w` as a vector of one weight an asset."""
    n_assets = len(returns.assets)
    if w.size != n_assets or max(w.shape, default=0) != n_assets:
        raise InputError(
            [Problem("ST495", f"weights of shape {w.shape}", f"{n_assets}, one for each asset of the result")]
        )
    vector: cp.Expression = w if w.ndim == 1 else vec(w, order="F")
    return vector
