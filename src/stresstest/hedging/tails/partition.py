"""Expected shortfall in any cvxpy problem, integers included, with rows only for the scenarios in doubt.

Write a problem of your own, a minimisation with any convex constraints and any integers. For each shortfall
make `tail = ModelledTail.of(quantities, term)`: `quantities` is an affine expression of your variables,
`term` a `TailTerm` (unit P&L `(n_quantities, n_scenarios)`, P&L of the book, confidence level, 1 for the
worst loss, probabilities). Use the variable `tail.shortfall` in the objective, or on the smaller side of
`<=`, and
call `solve_modelled(problem, tails)`. Values are then in your variables, and without integers the dual values
in your constraints (`constraint.dual_value`, as cvxpy signs them); the `ModelAnswer` holds status, value,
certified lower bound and gap, and every call of a solver in its order.

Scenarios are split into surely in the tail, surely out and uncertain; the small problem is solved; where its
answer shows a scenario in the wrong place that one gets a row, and again. Each small problem bounds the whole
one from below, so that the last answer, whose shortfall over all scenarios is no larger, is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.tails.modelled import ModelledTail, Partition
from stresstest.hedging.tails.program import Status
from stresstest.hedging.tails.solvers import Attempt, Solved, SolverSettings, solve
from stresstest.hedging.tails.thinning import thinned

_MOST_ROUNDS = 30
_FEW_SCENARIOS = 2_000
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
        Recomputed, with each shortfall over all scenarios.
    lower_bound
        Of the last small problem, which bounds the whole one; with integers the solver's own.
    gap
        |value − lower bound| ÷ |value|.
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
    >>> tail = ModelledTail.of(weights, TailTerm(np.zeros(4), pnl, 0.5))
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

    def answer(self) -> ModelAnswer:
        partitions = self._first()
        for number in range(1, _MOST_ROUNDS + 1):
            solved = self._solve(partitions)
            if solved.status not in (cp.OPTIMAL, cp.USER_LIMIT):
                return self._ended(_STATUS.get(solved.status, Status.STOPPED), solved, number, partitions)
            found, excess = self._checked(solved, number, partitions)
            if found.status is Status.OPTIMAL or excess <= _EXACT or solved.status == cp.USER_LIMIT:
                return found
            losses = self._losses()
            partitions = [
                part.moved(tail.term, loss)
                for part, tail, loss in zip(partitions, self._tails, losses, strict=True)
            ]
        return found

    def _first(self) -> list[Partition]:
        """Return partitions by the answer of an easier problem: without integers, or of fewer scenarios."""
        if self._is_integer:
            easier = _relaxed(self._problem, self._tails)
        elif max(tail.term.n_scenarios for tail in self._tails) > _FEW_SCENARIOS:
            fewer = [replace(tail, term=thinned(tail.term, _FEW_SCENARIOS)) for tail in self._tails]
            easier = (self._problem, fewer)
        else:
            return [Partition.whole(tail.term) for tail in self._tails]
        rounds = _Rounds(*easier, self._settings)
        rounds.answer()
        self._attempts += rounds._attempts
        guesses = [tail.quantities.value for tail in easier[1]]
        return [
            Partition.guess(tail.term, tail.term.losses(_or_zeros(guess, tail)))
            for tail, guess in zip(self._tails, guesses, strict=True)
        ]

    def _solve(self, partitions: list[Partition]) -> Solved:
        rows = [row for part, tail in zip(partitions, self._tails, strict=True) for row in part.rows(tail)]
        small = cp.Problem(self._problem.objective, [*self._problem.constraints, *rows])
        solved = solve(small, self._settings)
        self._attempts += solved.attempts
        return solved

    def _losses(self) -> list[FloatArray]:
        return [tail.term.losses(np.asarray(tail.quantities.value)) for tail in self._tails]

    def _checked(self, solved: Solved, number: int, partitions: list[Partition]) -> tuple[ModelAnswer, float]:
        """Return the answer over all scenarios, and how far a shortfall is above that of its partition."""
        excess = 0.0
        for tail in self._tails:
            true = tail.term.shortfall(np.asarray(tail.quantities.value))
            modelled = float(np.asarray(tail.shortfall.value))
            excess = max(excess, (true - modelled) / max(abs(true), 1e-300))
            tail.shortfall.value = np.float64(true)
        objective = float(np.asarray(self._problem.objective.value))
        violation = max((float(np.max(_violation(c))) for c in self._problem.constraints), default=0.0)
        gap = abs(objective - solved.lower_bound) / abs(objective) if objective else abs(solved.lower_bound)
        wanted = self._settings.integer_gap if self._is_integer else self._settings.gap
        is_good = gap <= wanted and violation <= _FEASIBILITY
        status = Status.OPTIMAL if is_good else Status.STOPPED
        explicit = sum(int(part.uncertain.sum()) for part in partitions)
        answer = ModelAnswer(
            status, objective, solved.lower_bound, gap, violation, number, explicit, tuple(self._attempts)
        )
        return answer, excess

    def _ended(self, status: Status, solved: Solved, number: int, partitions: list[Partition]) -> ModelAnswer:
        explicit = sum(int(part.uncertain.sum()) for part in partitions)
        nan = np.nan
        return ModelAnswer(status, nan, solved.lower_bound, nan, nan, number, explicit, tuple(self._attempts))


_STATUS = {cp.INFEASIBLE: Status.INFEASIBLE, cp.UNBOUNDED: Status.UNBOUNDED}


def _violation(constraint: Any) -> FloatArray:
    return np.asarray(constraint.violation())


def _or_zeros(value: FloatArray | None, tail: ModelledTail) -> FloatArray:
    return np.zeros(tail.term.n_quantities) if value is None else np.asarray(value)


def _relaxed(problem: cp.Problem, tails: list[ModelledTail]) -> tuple[cp.Problem, list[ModelledTail]]:
    """Return problem and tails with continuous variables in the place of integer ones."""
    copies = {id(variable): _continuous(variable) for variable in problem.variables()}
    objective = problem.objective.tree_copy(copies)
    constraints = [constraint.tree_copy(copies) for constraint in problem.constraints]
    relaxed = [
        ModelledTail(tail.quantities.tree_copy(copies), tail.term, tail.shortfall.tree_copy(copies))
        for tail in tails
    ]
    return cp.Problem(objective, constraints), relaxed


def _continuous(variable: cp.Variable) -> cp.Variable:
    """Return a continuous variable in the place of an integer or boolean one; others as they are."""
    attributes: dict[str, Any] = variable.attributes
    if not (attributes["integer"] or attributes["boolean"]):
        return variable
    lower, upper = np.full(variable.shape, -np.inf), np.full(variable.shape, np.inf)
    if attributes["bounds"] is not None:
        lower, upper = (np.broadcast_to(end, variable.shape).copy() for end in attributes["bounds"])
    switches = np.zeros(variable.shape, np.bool_)
    places: Any = variable.boolean_idx
    if places:
        switches[tuple(np.transpose(places))] = True
    if attributes["nonneg"] or attributes["pos"]:
        lower = np.maximum(lower, 0.0)
    if attributes["nonpos"] or attributes["neg"]:
        upper = np.minimum(upper, 0.0)
    lower = np.where(switches, np.maximum(lower, 0.0), lower)
    upper = np.where(switches, np.minimum(upper, 1.0), upper)
    return cp.Variable(variable.shape, bounds=[lower, upper])
