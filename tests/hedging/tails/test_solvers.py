"""Bounds from dual answers: true for any multipliers, tight for good ones; scaled for any currency."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest

from stresstest.hedging.tails.solvers import SolverSettings, cone_bound, solve


def cone_problem() -> tuple[cp.Problem, cp.Variable]:
    x = cp.Variable(3)
    rows = [cp.norm(x) <= 2.0, x[0] + x[1] == 0.5, x >= -1.5, x <= 1.5]
    return cp.Problem(cp.Minimize(np.array([1.0, -2.0, 0.5]) @ x), rows), x


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e6])
def test_value_bound_and_duals_in_the_problems_own_units(size: float) -> None:
    problem, _ = cone_problem()
    scaled = cp.Problem(cp.Minimize(size * problem.objective.args[0]), problem.constraints)
    found = solve(scaled, [], size, SolverSettings())
    best = float(problem.solve(solver="CLARABEL"))
    price = problem.constraints[1].dual_value
    assert found.value == pytest.approx(size * best, rel=1e-7)
    assert found.lower_bound == pytest.approx(size * best, rel=1e-7)
    assert found.lower_bound <= found.value + 1e-9 * size
    solve(scaled, [], size, SolverSettings())
    assert scaled.constraints[1].dual_value == pytest.approx(size * price, rel=1e-3)


def test_any_multipliers_bound_from_below() -> None:
    problem, _ = cone_problem()
    best = float(problem.solve(solver="CLARABEL"))
    data, _, _ = problem.get_problem_data("CLARABEL")
    generator = np.random.default_rng(1)
    # Twice the optimal point holds all allowed ones here, as the bound asks where variables have no ends.
    primal = np.full(len(data["c"]), 1.0)
    for _ in range(100):
        assert cone_bound(data, primal, generator.normal(size=len(data["b"]))) <= best + 1e-9


def test_no_bound_where_none_is_known() -> None:
    x = cp.Variable(2)
    problem = cp.Problem(cp.Minimize(cp.sum(cp.exp(x))), [x >= -1.0])
    found = solve(problem, [], 1.0, SolverSettings(order=("CLARABEL",)))
    assert found.status == "optimal"
    assert found.lower_bound == -np.inf
