"""Least shortfall by cuts: the same optimum as expanded programs and peers, proofs, edges, determinism."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.tail_problems import allocation, expanded_optimum, heavy_tails, sp500, stressed

from stresstest.hedging.tails.certificate import certify
from stresstest.hedging.tails.cuts import SearchLimits, minimise_shortfall
from stresstest.hedging.tails.directions import is_improving_ray
from stresstest.hedging.tails.program import LinearLimits, Status, TailProgram, TailTerm


def proven(program: TailProgram):
    answer = minimise_shortfall(program)
    assert answer.status is Status.OPTIMAL
    assert answer.certificate.gap <= 1e-8
    assert answer.certificate.violation <= 1e-9
    assert answer.certificate == certify(program, answer.variables, answer.multipliers)
    return answer


@pytest.mark.parametrize("solver", ["HIGHS", "CLARABEL"])
@pytest.mark.parametrize(("n", "n_scenarios", "level"), [(5, 400, 0.95), (20, 2_000, 0.9), (8, 777, 0.975)])
def test_the_optimum_is_that_of_the_expanded_program(solver, n, n_scenarios, level) -> None:
    program = allocation(heavy_tails(n, n_scenarios), level=level)
    answer = proven(program)
    assert answer.certificate.objective == pytest.approx(expanded_optimum(program, solver), rel=1e-6)


def test_the_optimum_on_a_real_history() -> None:
    program = allocation(sp500())
    assert proven(program).certificate.objective == pytest.approx(expanded_optimum(program), rel=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_given_probabilities(seed: int) -> None:
    chance = np.random.default_rng(seed).dirichlet(np.ones(600))
    program = allocation(heavy_tails(7, 600, seed), probability=chance)
    assert proven(program).certificate.objective == pytest.approx(expanded_optimum(program), rel=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_concentrated_probabilities(seed: int) -> None:
    program = allocation(heavy_tails(20, 3_000, seed), probability=stressed(3_000, seed))
    assert proven(program).certificate.objective == pytest.approx(expanded_optimum(program), rel=1e-7)


def test_worst_loss() -> None:
    program = allocation(heavy_tails(10, 3_000), level=1.0)
    assert proven(program).certificate.objective == pytest.approx(expanded_optimum(program), rel=1e-8)


def trades(n: int = 6, n_scenarios: int = 900) -> TailProgram:
    """Return a book that may buy and sell at a cost, over two sets of scenarios."""
    generator = np.random.default_rng(9)
    unit = 100.0 * heavy_tails(n, n_scenarios, 4)
    base = 1e4 * generator.dirichlet(np.ones(n)) @ unit
    crash = np.vstack([generator.normal(-30.0, 20.0, (n - 1, 12)), generator.normal(60.0, 10.0, (1, 12))])
    book = 50.0 * crash.sum(axis=0)
    exposure = np.hstack([np.eye(n), -np.eye(n)])
    cost = np.r_[np.full(n, 0.3), np.full(n, 0.2)]
    turnover = (np.full(2 * n, 100.0), -np.inf, 50_000.0)
    limits = LinearLimits.of(np.zeros(2 * n), np.full(2 * n, 400.0), [turnover])
    terms = (TailTerm(base, unit, 0.95), TailTerm(book, crash, 1.0))
    return TailProgram(terms, limits, cost, (1.0, 0.5), exposure)


def test_buying_and_selling_against_two_tails() -> None:
    program = trades()
    answer = proven(program)
    assert answer.certificate.objective == pytest.approx(expanded_optimum(program), rel=1e-8)
    assert answer.certificate.objective < program.objective(np.zeros(12))


def test_a_book_that_needs_no_trade_gets_none() -> None:
    pnl = np.abs(heavy_tails(3, 200)) + 0.01
    costly = LinearLimits.of(np.zeros(3), np.full(3, 10.0))
    program = TailProgram((TailTerm(np.full(200, 1.0), -pnl, 0.9),), costly, np.full(3, 0.5))
    assert proven(program).variables.tolist() == [0.0, 0.0, 0.0]


def test_contradicting_limits_are_proven_infeasible() -> None:
    rows = [(np.ones(3), 2.0, 2.0), (np.ones(3), -np.inf, 1.0)]
    limits = LinearLimits.of(np.zeros(3), np.ones(3), rows)
    answer = minimise_shortfall(
        TailProgram((TailTerm(np.zeros(50), heavy_tails(3, 50), 0.9),), limits, np.zeros(3))
    )
    assert answer.status is Status.INFEASIBLE
    assert answer.ray @ limits.matrix == pytest.approx(np.zeros(3), abs=1e-12)
    assert answer.ray @ np.where(answer.ray > 0, limits.row_lower, limits.row_upper) > 0.0


def test_a_free_lunch_is_proven_unbounded() -> None:
    pnl = np.vstack([np.full(50, 1.0), heavy_tails(2, 50)])
    limits = LinearLimits.of(np.zeros(3), np.full(3, np.inf))
    program = TailProgram((TailTerm(np.zeros(50), pnl, 0.9),), limits, np.full(3, 0.1))
    answer = minimise_shortfall(program)
    assert answer.status is Status.UNBOUNDED
    assert is_improving_ray(program, answer.ray)
    assert answer.ray[0] > 0.0


def test_no_limits_at_all_but_a_risk_that_grows() -> None:
    pnl = heavy_tails(4, 500)
    free = LinearLimits.of(np.full(4, -np.inf), np.full(4, np.inf))
    program = TailProgram((TailTerm(heavy_tails(1, 500, 8)[0], pnl, 0.95),), free, np.zeros(4))
    assert proven(program).certificate.objective == pytest.approx(expanded_optimum(program), rel=1e-7)


@pytest.mark.parametrize(
    "pnl",
    [
        np.zeros((2, 5)),
        np.ones((1, 1)),
        np.tile(heavy_tails(1, 30), (4, 1)),
        np.repeat(heavy_tails(3, 10), 20, axis=1),
        np.array([[1e-4, -1e-4, 0.0], [1e4, -1e4, 1e3]]),
    ],
    ids=["no P&L", "one scenario", "one thing four times", "ties", "8 orders of magnitude"],
)
def test_degenerate_problems(pnl: np.ndarray) -> None:
    program = allocation(pnl, level=0.6)
    answer = proven(program)
    size = np.abs(pnl).max()
    assert answer.certificate.objective == pytest.approx(expanded_optimum(program), rel=1e-7, abs=1e-9 * size)


def test_a_search_that_may_not_cut_says_stopped() -> None:
    answer = minimise_shortfall(trades(), SearchLimits(most_cuts=1))
    assert answer.status in (Status.STOPPED, Status.OPTIMAL)
    assert answer.certificate is None or answer.certificate.gap >= 0.0


def test_the_same_bits_from_any_thread() -> None:
    program = allocation(heavy_tails(15, 4_000))
    first = minimise_shortfall(program)
    found = []
    threads = [threading.Thread(target=lambda: found.append(minimise_shortfall(program))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert {answer.variables.tobytes() for answer in found} == {first.variables.tobytes()}


def test_the_unit_of_currency_changes_nothing_but_the_numbers() -> None:
    returns = heavy_tails(12, 1_500)
    one, million = proven(allocation(returns)), proven(allocation(2.0**20 * returns))
    assert million.certificate.objective == 2.0**20 * one.certificate.objective
    assert million.variables.tobytes() == one.variables.tobytes()


SEEDS = st.integers(0, 10_000)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, n=st.integers(1, 6), n_scenarios=st.integers(1, 80), level=st.floats(0.05, 1.0))
def test_never_above_the_expanded_program(seed: int, n: int, n_scenarios: int, level: float) -> None:
    generator = np.random.default_rng(seed)
    pnl = np.round(generator.standard_t(3, size=(n, n_scenarios)), 2)
    chance = generator.dirichlet(np.full(n_scenarios, 0.3)) if seed % 2 else None
    lower, upper = np.full(n, -1.0), generator.uniform(0.0, 2.0, n)
    rows = [(generator.normal(size=n), -np.inf, 1.0)]
    program = TailProgram(
        (TailTerm(generator.normal(size=n_scenarios), pnl, level, chance),),
        LinearLimits.of(lower, upper, rows),
        generator.normal(0.0, 0.1, n),
    )
    best = expanded_optimum(program)
    answer = proven(program)
    size = max(abs(best), 1e-2)
    assert answer.certificate.objective <= best + 1e-6 * size
    assert answer.certificate.lower_bound <= best + 1e-6 * size
