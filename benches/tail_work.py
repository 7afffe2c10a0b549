"""Allocation work for the benches of the hedge: data, the ways of the peers, and how answers are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cvxpy as cp
import numpy as np
from tests.fixtures.tail_problems import allocation, heavy_tails, sp500

from stresstest.arrays import FloatArray
from stresstest.hedging.tails.program import TailProgram

LEVEL = 0.95


@dataclass(frozen=True)
class Work:
    """Weights in [0, `most`] that add to 1 and have the least expected shortfall over `returns`."""

    name: str
    returns: FloatArray
    most: float

    @cached_property
    def program(self) -> TailProgram:
        """The same for us."""
        return allocation(self.returns, self.most, LEVEL)

    def shortfall(self, weights: FloatArray) -> float:
        """Return the shortfall of a peer's weights, brought back into the limits first."""
        weights = np.clip(weights, 0.0, self.most)
        return self.program.objective(weights / weights.sum())


SIZES = {"20 x 10,000": (20, 10_000), "100 x 10,000": (100, 10_000), "20 x 50,000": (20, 50_000)}


def work(size: str) -> Work:
    """Return the work of a size, or on the S&P 500 history."""
    name = f"least expected shortfall, {size}"
    if size not in SIZES:
        return Work(name, sp500(), 1.0)
    n, n_scenarios = SIZES[size]
    return Work(name, heavy_tails(n, n_scenarios), max(10 / n, 0.1) if n > 20 else 1.0)


def skfolio(job: Work) -> FloatArray:
    """Return weights by skfolio at its defaults."""
    from skfolio import RiskMeasure
    from skfolio.optimization import MeanRisk

    model = MeanRisk(risk_measure=RiskMeasure.CVAR, cvar_beta=LEVEL, max_weights=job.most)
    return model.fit(job.returns.T).weights_


def fortitudo(job: Work) -> FloatArray:
    """Return weights by fortitudo.tech at its defaults, but without demeaning: that is another problem."""
    import fortitudo.tech as ft

    n = len(job.returns)
    sides, ends = np.vstack([np.eye(n), -np.eye(n)]), np.r_[np.full(n, job.most), np.zeros(n)]
    model = ft.MeanCVaR(job.returns.T, G=sides, h=ends, options={"demean": False})
    return model.efficient_portfolio().ravel()


def expanded(job: Work, solver: str) -> FloatArray:
    """Return weights by a program with a row for each scenario."""
    weights = cp.Variable(len(job.returns), nonneg=True)
    expanded_value(job.returns, weights, [cp.sum(weights) == 1, weights <= job.most], solver=solver)
    return weights.value


def expanded_value(returns: FloatArray, weights: cp.Expression, rows: list, **options: object) -> float:
    """Return the least shortfall of `weights` by a row for each scenario."""
    n_scenarios = returns.shape[1]
    quantile, excess = cp.Variable(), cp.Variable(n_scenarios, nonneg=True)
    loss = -(returns.T @ weights)
    mean = cp.sum(excess) / ((1.0 - LEVEL) * n_scenarios)
    problem = cp.Problem(cp.Minimize(quantile + mean), [*rows, excess + quantile >= loss])
    return float(problem.solve(**options))


PEERS: dict[str, Callable[[Work], FloatArray]] = {
    "skfolio": skfolio,
    "fortitudo.tech": fortitudo,
    "cvxpy, Clarabel, a row a scenario": lambda job: expanded(job, "CLARABEL"),
    "cvxpy, HiGHS, a row a scenario": lambda job: expanded(job, "HIGHS"),
}
