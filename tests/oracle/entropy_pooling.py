"""Entropy pooling by other solvers: an exponential-cone program, and a general method on the primal."""

from __future__ import annotations

from collections.abc import Sequence

import cvxpy as cp
import numpy as np
from scipy.optimize import LinearConstraint, minimize

from stresstest.arrays import FloatArray
from stresstest.scenarios.views import View


def by_cone_program(views: Sequence[View], prior: FloatArray) -> FloatArray:
    """Return the probabilities by Clarabel; each variable is p ÷ prior, so that all are of size 1."""
    ratio = cp.Variable(len(prior))
    constraints = [prior @ ratio == 1.0]
    for view in views:
        size = np.abs(view.values - view.target).mean() or 1.0
        mean = (prior * (view.values - view.target) / size) @ ratio
        constraints.append({"==": mean == 0, ">=": mean >= 0, "<=": mean <= 0}[view.relation])
    objective = cp.Minimize(prior @ cp.kl_div(ratio, np.ones(len(prior))))
    tight = {"tol_gap_abs": 1e-13, "tol_gap_rel": 1e-13, "tol_feas": 1e-13, "tol_ktratio": 1e-9}
    cp.Problem(objective, constraints).solve(solver=cp.CLARABEL, **tight)
    return prior * ratio.value


def by_trust_region(views: Sequence[View], prior: FloatArray) -> FloatArray:
    """Return the probabilities by scipy's trust-constr on the primal problem."""
    rows = [np.ones(len(prior)), *(view.values for view in views)]
    low = [1.0, *(-np.inf if view.relation == "<=" else view.target for view in views)]
    high = [1.0, *(np.inf if view.relation == ">=" else view.target for view in views)]
    answer = minimize(
        lambda p: float((p * np.log(p / prior)).sum()),
        prior,
        jac=lambda p: np.log(p / prior) + 1.0,
        hess=lambda p: np.diag(1.0 / p),
        constraints=[LinearConstraint(np.array(rows), low, high)],
        bounds=[(1e-12, 1.0)] * len(prior),
        method="trust-constr",
        options={"gtol": 1e-11, "xtol": 1e-13, "barrier_tol": 1e-12, "maxiter": 3_000},
    )
    return np.asarray(answer.x)
