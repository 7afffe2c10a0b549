"""Expected shortfall in any cvxpy problem, integers included, with rows only for the scenarios in doubt.

Write a problem of your own, a minimisation with any convex constraints and any integers. For each shortfall
make `tail = ModelledTail.of(quantities, term)`: `quantities` is an affine expression of your variables,
`term` a `TailTerm` (unit P&L `(n_quantities, n_scenarios)`, P&L of the book, confidence level, 1 for the
worst loss, probabilities). Use the variable `tail.shortfall` in the objective, or on the smaller side of
`<=`, and call `solve_modelled(problem, tails)`. Values are then in your variables, and without integers the
dual values in your constraints (`constraint.dual_value`, as cvxpy signs them); the `ModelAnswer` holds
status, value, certified lower bound and gap, and every call of a solver in its order.

Scenarios are split into surely in the tail, surely out and in doubt; the small problem is solved; where its
answer shows a scenario in the wrong place that one gets a row, and again. Each small problem bounds the whole
one from below, so that the last answer, whose shortfall over all scenarios is no larger, is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.hedging.tails.modelled import ModelledTail
from stresstest.hedging.tails.program import Status
from stresstest.hedging.tails.relaxation import relaxed
from stresstest.hedging.tails.solvers import FOUND, Attempt, Solved, SolverSettings, solve
from stresstest.hedging.tails.split import Split
from stresstest.hedging.tails.thinning import thinned

_MOST_ROUNDS = 30
_FEW_SCENARIOS, _A_QUANTITY = 500, 10
_THINNING = 15
_FEASIBILITY = 1e-7
_EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What was found; the values are in the variables of the problem.

    Attributes
    ----------
    status
        `OPTIMAL` where constraints, recomputed with numpy, hold to 1e-7 and the gap is as asked for.
    value
        Objective, recomputed, with each shortfall over all scenarios; nan where there is no answer.
    lower_bound
        Of the last small problem, which bounds the whole one; with integers the solver's own.
    gap
        |value − lower bound| ÷ the larger of |value| and the mean absolute losses of the tails, before or
        after and each with its factor in the objective: what rounding scales with where a hedge leaves next
        to nothing.
    violation
        Largest breach of a constraint, absolute.
    rounds, explicit
        Small problems solved, and scenarios with rows in the last.
    attempts
        Every call of a solver, in order.
    """

    status: Status
    value: float
    lower_bound: float
    gap: float
    violation: float
    rounds: int
    explicit: int
    attempts: tuple[Attempt, ...]


def solve_modelled(
    problem: cp.Problem, tails: Sequence[ModelledTail], settings: SolverSettings | None = None
) -> ModelAnswer:
    """Solve `problem`, in which the `shortfall` of each of `tails` may appear, over all scenarios.

    Raises
    ------
    ValueError
        For a maximisation, or a problem that is not convex apart from its integers.

    Examples
    --------
    >>> from stresstest.hedging.tails.program import TailTerm
    >>> weights = cp.Variable(2, nonneg=True)
    >>> pnl = np.array([[-2.0, 1.0, 1.0, 1.0], [1.0, -2.0, 1.0, 1.0]])
    >>> tail = ModelledTail.of(weights, TailTerm(np.zeros(4), pnl, 0.75))
    >>> problem = cp.Problem(cp.Minimize(tail.shortfall), [cp.sum(weights) == 1])
    >>> solve_modelled(problem, [tail]).status.value, weights.value.round(6).tolist()
    ('optimal', [0.5, 0.5])
    """
    if not isinstance(problem.objective, cp.Minimize) or not problem.is_dcp():
        raise ValueError("a convex problem to be minimised is needed: write a maximum as minus a minimum")
    return _Rounds(problem, list(tails), settings or SolverSettings()).answer()


class _Rounds:
    """The small problems of one set of scenarios, one after the other."""

    def __init__(self, problem: cp.Problem, tails: list[ModelledTail], settings: SolverSettings) -> None:
        self._problem, self._tails, self._settings = problem, tails, settings
        self._attempts: list[Attempt] = []
        self._is_integer = problem.is_mixed_integer()
        self._splits: list[Split] = []
        self._scale = max((tail.size for tail in self._tails), default=1.0)
        self._number = 0

    def answer(self) -> ModelAnswer:
        """Return the answer after as many rounds as it takes."""
        self._splits = self._first()
        while True:
            solved = self._solve()
            if solved.status == cp.UNBOUNDED and self._is_partial():
                self._splits = [Split.whole(tail.term) for tail in self._tails]
                continue
            if solved.status not in FOUND:
                return self._ended(solved)
            excess = self._correct()
            found = self._checked(solved)
            is_last = self._number == _MOST_ROUNDS or solved.status == cp.USER_LIMIT
            if is_last or excess <= _EXACT or found.status is Status.OPTIMAL:
                return found
            self._splits = [
                split.moved(tail.term, tail.losses())
                for split, tail in zip(self._splits, self._tails, strict=True)
            ]

    def _first(self) -> list[Split]:
        """Return splits by the answer of an easier problem: without integers, or of fewer scenarios."""
        if self._is_integer:
            easier = relaxed(self._problem, self._tails)
        elif any(tail.term.n_scenarios > 2 * _few(tail) for tail in self._tails):
            easier = (
                self._problem,
                [replace(tail, term=thinned(tail.term, _few(tail))) for tail in self._tails],
            )
        else:
            return [Split.whole(tail.term) for tail in self._tails]
        rounds = _Rounds(*easier, self._settings)
        rounds.answer()
        self._attempts += rounds._attempts
        return [
            Split.guess(whole.term, replace(tail, term=whole.term).losses())
            for whole, tail in zip(self._tails, easier[1], strict=True)
        ]

    def _is_partial(self) -> bool:
        """Tell whether scenarios are without a row: then the whole may be bounded where this is not."""
        return any(
            not split.doubtful[tail.term.weight_caps > 0.0].all()
            for split, tail in zip(self._splits, self._tails, strict=True)
        )

    def _solve(self) -> Solved:
        rows = [
            row for split, tail in zip(self._splits, self._tails, strict=True) for row in tail.rows(split)
        ]
        solved = solve(self._problem, rows, self._scale, self._settings)
        self._attempts += solved.attempts
        self._number += 1
        return solved

    def _correct(self) -> float:
        """Set shortfalls to those over all scenarios; return by how much, relatively, they were too low."""
        return max((tail.correct() for tail in self._tails), default=0.0)

    def _checked(self, solved: Solved) -> ModelAnswer:
        """Return the answer, recomputed over all scenarios."""
        value = float(np.asarray(self._problem.objective.value))
        violation = max((_violation(constraint) for constraint in self._problem.constraints), default=0.0)
        size = max(abs(value), self._loss_size(value))
        gap = abs(value - solved.lower_bound) / size if size else abs(solved.lower_bound)
        wanted = self._settings.integer_gap if self._is_integer else self._settings.gap
        is_good = gap <= wanted and violation <= _FEASIBILITY
        return self._with(Status.OPTIMAL if is_good else Status.STOPPED, value, solved, (gap, violation))

    def _loss_size(self, value: float) -> float:
        """Return the mean absolute losses of the tails, of the book if larger, each with its factor."""
        size = 0.0
        for tail in self._tails:
            with tail.raised():
                factor = (float(np.asarray(self._problem.objective.value)) - value) / tail.size
            book = float(np.abs(tail.term.base_pnl).mean())
            size += factor * max(book, float(np.abs(tail.losses()).mean()))
        return size

    def _ended(self, solved: Solved) -> ModelAnswer:
        """Return the answer where the small problem had none; infeasible, it shows that the whole one is."""
        status = {cp.INFEASIBLE: Status.INFEASIBLE, cp.UNBOUNDED: Status.UNBOUNDED}.get(solved.status)
        return self._with(status or Status.STOPPED, np.nan, solved, (np.nan, np.nan))

    def _with(self, status: Status, value: float, solved: Solved, checks: tuple[float, float]) -> ModelAnswer:
        explicit = sum(int(split.doubtful.sum()) for split in self._splits)
        attempts = tuple(self._attempts)
        return ModelAnswer(status, value, solved.lower_bound, *checks, self._number, explicit, attempts)


def _few(tail: ModelledTail) -> int:
    """Return how many scenarios are enough to begin with: fewer of them in turn are where that begins."""
    return max(_FEW_SCENARIOS, _A_QUANTITY * tail.term.n_quantities, tail.term.n_scenarios // _THINNING)


def _violation(constraint: Any) -> float:
    return float(np.max(constraint.violation()))
