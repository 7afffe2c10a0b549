"""Bounds from dual answers: true for any multipliers, tight for good ones; scaled for any currency."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest

from stresstest.hedging.tails.solvers import BOUNDED, SolverSettings, cone_bound, solve


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


def test_a_search_that_finds_nothing_within_its_nodes_still_bounds() -> None:
    draw = np.random.default_rng(0)
    switches = cp.Variable(40, boolean=True)
    weights = draw.integers(1, 1000, (6, 40))
    problem = cp.Problem(
        cp.Minimize(cp.sum(switches) + 3.0), [weights @ switches == weights.sum(axis=1) // 2 + 1]
    )
    found = solve(problem, [], 1.0, SolverSettings(most_nodes=5))
    assert found.status == BOUNDED
    assert np.isnan(found.value)
    relaxed = cp.Variable(40, bounds=[0.0, 1.0])
    least = cp.Problem(
        cp.Minimize(cp.sum(relaxed) + 3.0), [weights @ relaxed == weights.sum(axis=1) // 2 + 1]
    )
    assert least.solve(solver=cp.HIGHS) - 1e-6 <= found.lower_bound <= 43.0


def test_a_call_that_time_ends_is_told_from_one_that_nodes_end() -> None:
    draw = np.random.default_rng(1)
    number = cp.Variable(60, integer=True, bounds=[0.0, 50.0])
    rows = draw.uniform(0.0, 1.0, (20, 60))
    problem = cp.Problem(cp.Maximize(0), [rows @ number <= 97.3])
    problem = cp.Problem(cp.Minimize(-draw.uniform(0.4, 0.6, 60) @ number), problem.constraints)
    late = solve(problem, [], 1.0, SolverSettings(time_limit=0.05, integer_gap=0.0))
    assert [attempt.is_late for attempt in late.attempts] == [True]
    few = solve(problem, [], 1.0, SolverSettings(most_nodes=1, integer_gap=0.0))
    assert [attempt.is_late for attempt in few.attempts] == [False]


def test_a_search_ends_at_what_is_enough_and_its_bound_holds() -> None:
    draw = np.random.default_rng(2)
    switches = cp.Variable(40, boolean=True)
    prices, weights = draw.uniform(1.0, 2.0, 40), draw.uniform(1.0, 2.0, (5, 40))
    problem = cp.Problem(cp.Minimize(prices @ switches + 100.0), [weights @ switches >= 20.0])
    best = solve(problem, [], 10.0, SolverSettings(integer_gap=0.0))
    enough = best.value + 0.5
    found = solve(problem, [], 10.0, SolverSettings(integer_gap=0.0, enough=enough))
    assert best.value <= found.value <= enough
    assert found.lower_bound <= best.value + 1e-9
    plain = solve(problem, [], 10.0, SolverSettings(integer_gap=0.0, has_presolve=False, feasibility=1e-6))
    assert plain.value == pytest.approx(best.value, abs=1e-5)
