"""Shortfalls in cvxpy problems by partition: exact against expanded programs, with cones and integers."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest
from tests.fixtures.tail_problems import expanded, heavy_tails, stressed

from stresstest.hedging.tails.modelled import ModelledTail
from stresstest.hedging.tails.partition import solve_modelled
from stresstest.hedging.tails.program import Status, TailTerm
from stresstest.hedging.tails.solvers import SolverSettings


def term(n: int, n_scenarios: int, level: float = 0.95, probability: np.ndarray | None = None) -> TailTerm:
    return TailTerm(np.zeros(n_scenarios), heavy_tails(n, n_scenarios, 2), level, probability)


def weights(n: int, most: float = 0.4) -> tuple[cp.Variable, list[cp.Constraint]]:
    w = cp.Variable(n, nonneg=True)
    return w, [cp.sum(w) == 1, w <= most]


def solve_expanded(
    tail: ModelledTail, rows: list[cp.Constraint], cost: cp.Expression | float, **options: object
) -> float:
    shortfall, more = expanded(tail.term, tail.quantities)
    return float(cp.Problem(cp.Minimize(shortfall + cost), rows + more).solve(**options))


@pytest.mark.parametrize("n_scenarios", [300, 6_000])
@pytest.mark.parametrize("level", [0.9, 1.0])
def test_linear(n_scenarios: int, level: float) -> None:
    w, rows = weights(8)
    tail = ModelledTail.of(w, term(8, n_scenarios, level))
    answer = solve_modelled(cp.Problem(cp.Minimize(tail.shortfall), rows), [tail])
    assert answer.status is Status.OPTIMAL
    assert answer.gap <= 1e-8
    assert answer.value == tail.term.shortfall(w.value)
    assert answer.value == pytest.approx(solve_expanded(tail, rows, 0.0, solver="HIGHS"), rel=1e-7)


def test_concentrated_probabilities_in_a_cone_problem() -> None:
    w, rows = weights(6)
    rows.append(cp.norm(w - 1 / 6) <= 0.3)
    tail = ModelledTail.of(w, term(6, 4_000, 0.95, stressed(4_000)))
    answer = solve_modelled(cp.Problem(cp.Minimize(tail.shortfall + 1e-3 * cp.norm(w)), rows), [tail])
    assert answer.status is Status.OPTIMAL
    best = solve_expanded(tail, rows, 1e-3 * cp.norm(w), solver="CLARABEL")
    assert answer.value <= best * (1.0 + 1e-6)
    assert answer.lower_bound <= answer.value * (1.0 + 1e-12)


def test_few_rows_of_many_scenarios() -> None:
    w, rows = weights(10)
    rows.append(cp.sum_squares(w) <= 0.15)
    tail = ModelledTail.of(w, term(10, 20_000))
    answer = solve_modelled(cp.Problem(cp.Minimize(tail.shortfall), rows), [tail])
    assert answer.status is Status.OPTIMAL
    assert answer.explicit < 2_000
    assert answer.violation <= 1e-7
    assert answer.value == pytest.approx(solve_expanded(tail, rows, 0.0, solver="CLARABEL"), rel=1e-6)


def test_a_limit_on_one_tail_with_another_in_the_objective() -> None:
    w, rows = weights(8)
    first = ModelledTail.of(w, term(8, 3_000, 0.9))
    second = ModelledTail.of(w, term(8, 2_500, 0.99))
    free = solve_modelled(cp.Problem(cp.Minimize(first.shortfall), rows), [first])
    before = second.term.shortfall(w.value)
    limit = second.shortfall <= 0.95 * before
    answer = solve_modelled(cp.Problem(cp.Minimize(first.shortfall), [*rows, limit]), [first, second])
    assert answer.status is Status.OPTIMAL
    assert answer.value > free.value
    assert second.term.shortfall(w.value) <= 0.95 * before * (1.0 + 1e-7)
    assert limit.dual_value > 0.0


def test_dual_values_are_the_price_of_a_limit() -> None:
    def optimum(most: float) -> tuple[float, float]:
        w, rows = weights(6, 1.0)
        cap = cp.sum(w[:3]) <= most
        tail = ModelledTail.of(1e6 * w, term(6, 4_000))
        answer = solve_modelled(cp.Problem(cp.Minimize(tail.shortfall), [*rows, cap]), [tail])
        return answer.value, float(cap.dual_value)

    value, price = optimum(0.2)
    below, above = optimum(0.2 - 1e-4)[0], optimum(0.2 + 1e-4)[0]
    assert price > 1.0
    assert (below - value) / 1e-4 >= price * (1 - 1e-4)
    assert (value - above) / 1e-4 <= price * (1 + 1e-4)


def test_whole_lots_are_exact() -> None:
    lots = cp.Variable(8, integer=True)
    rows = [lots >= 0, lots <= 30, cp.sum(lots) == 60]
    tail = ModelledTail.of(lots / 60, term(8, 2_000))
    settings = SolverSettings(integer_gap=1e-6)
    answer = solve_modelled(cp.Problem(cp.Minimize(tail.shortfall), rows), [tail], settings)
    assert answer.status is Status.OPTIMAL
    assert answer.lower_bound <= answer.value <= answer.lower_bound * (1 + 1e-6)
    np.testing.assert_allclose(lots.value, np.round(lots.value), atol=1e-9)
    best = solve_expanded(tail, rows, 0.0, solver="HIGHS", mip_rel_gap=1e-7)
    assert answer.value == pytest.approx(best, rel=1e-6)


def test_a_number_of_holdings() -> None:
    w, rows = weights(8)
    held = cp.Variable(8, boolean=True)
    rows += [w <= held, w >= 0.1 * held, cp.sum(held) <= 4]
    tail = ModelledTail.of(w, term(8, 1_500))
    answer = solve_modelled(cp.Problem(cp.Minimize(tail.shortfall), rows), [tail])
    assert answer.status is Status.OPTIMAL
    assert answer.gap <= 1e-4
    assert int((w.value > 1e-6).sum()) <= 4
    best = solve_expanded(tail, rows, 0.0, solver="HIGHS", mip_rel_gap=1e-7)
    assert best * (1 - 1e-7) <= answer.value <= best * (1 + 1e-4)


def test_no_answer_is_said() -> None:
    w, rows = weights(4)
    tail = ModelledTail.of(w, term(4, 3_000))
    answer = solve_modelled(cp.Problem(cp.Minimize(tail.shortfall), [*rows, tail.shortfall <= -1.0]), [tail])
    assert answer.status is Status.INFEASIBLE
    assert np.isnan(answer.value)
    free = cp.Variable(1)
    certain = ModelledTail.of(free, TailTerm(np.zeros(3_000), np.ones((1, 3_000)), 0.95))
    assert solve_modelled(cp.Problem(cp.Minimize(certain.shortfall)), [certain]).status is Status.UNBOUNDED


def test_a_failed_solver_is_recorded_and_the_next_one_used() -> None:
    w, rows = weights(4)
    tail = ModelledTail.of(w, term(4, 400))
    problem = cp.Problem(cp.Minimize(tail.shortfall), [*rows, cp.norm(w) <= 0.8])
    answer = solve_modelled(problem, [tail], SolverSettings(order=("HIGHS", "CLARABEL")))
    assert [attempt.solver for attempt in answer.attempts] == ["HIGHS", "CLARABEL"]
    assert answer.attempts[0].status.startswith("SolverError")
    assert answer.attempts[1].status == "optimal"
    assert answer.status is Status.OPTIMAL
    only = solve_modelled(problem, [tail], SolverSettings(order=("HIGHS",)))
    assert only.status is Status.STOPPED


def test_what_cannot_be_minimised_is_refused() -> None:
    w, rows = weights(4)
    tail = ModelledTail.of(w, term(4, 50))
    with pytest.raises(ValueError, match="to be minimised"):
        solve_modelled(cp.Problem(cp.Maximize(-tail.shortfall), rows), [tail])
    with pytest.raises(ValueError, match="convex"):
        solve_modelled(cp.Problem(cp.Minimize(-cp.norm(w)), rows), [tail])
    with pytest.raises(ValueError, match="not affine"):
        ModelledTail.of(cp.square(w), term(4, 50))
    with pytest.raises(ValueError, match="of 5"):
        ModelledTail.of(w, term(5, 50))


def test_a_hedge_that_leaves_next_to_nothing_is_proven_too() -> None:
    book = 1e6 * heavy_tails(1, 4_000)[0]
    mirror = -book / 1e3 + 1e-3 * heavy_tails(1, 4_000, 9)[0]
    short = cp.Variable(1, nonneg=True)
    tail = ModelledTail.of(short, TailTerm(book, np.ascontiguousarray(mirror[np.newaxis]), 0.95))
    answer = solve_modelled(cp.Problem(cp.Minimize(0.5 * tail.shortfall + 1e-6 * cp.sum(short))), [tail])
    assert answer.status is Status.OPTIMAL
    assert short.value[0] == pytest.approx(1e3, rel=1e-3)
    assert answer.value < 1e-4 * tail.term.shortfall(np.zeros(1))
