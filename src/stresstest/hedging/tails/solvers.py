"""Solvers by name for cvxpy problems, in a recorded order, with a lower bound from the dual answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray

_TOLERANCE = 1e-9
FOUND = {cp.OPTIMAL, cp.OPTIMAL_INACCURATE, cp.USER_LIMIT}
"""An inaccurate answer is one: whether it is good enough its bound decides."""
BOUNDED = "bounded"
"""A search over integers ended at its limits without an answer; its bound holds all the same."""
_ENDS = {BOUNDED, cp.OPTIMAL, cp.OPTIMAL_INACCURATE, cp.INFEASIBLE, cp.UNBOUNDED}
_FEASIBLE_POINT = 2
_LATE = ("kTimeLimit", "MaxTime")
_DIVES = (
    "mip_heuristic_run_rins",
    "mip_heuristic_run_rens",
    "mip_heuristic_run_root_reduced_cost",
    "mip_allow_cut_separation_at_nodes",
)
_ROOM = 2.0
"""A variable without limits counts as free up to so many times its own size when a bound is worked out."""


@dataclass(frozen=True, slots=True)
class SolverSettings:
    """Which solvers to try, and when a search over integers may stop.

    Attributes
    ----------
    order
        Names of cvxpy; empty: by the kind of the problem. Each is tried where the one before it fails.
    gap
        Relative gap of a problem without integers.
    integer_gap, time_limit
        Relative gap of one with integers, and seconds for each solver call.
    most_nodes
        Nodes of one search over integers, which unlike seconds end it at the same place anywhere.
    has_dives
        Whether a search over integers looks for answers by smaller searches within, and for cuts below its
        root; of no use to one that is given good answers and cuts from outside.
    feasibility
        By how much a search over integers may break rows: tight for answers, the solver's own default of 1e-6
        for bounds. With less, HiGHS 1.15 takes more programs for infeasible that have answers.
    has_presolve
        Whether a search over integers starts from a smaller program; without, it errs less often.
    enough
        Objective at which a search over integers ends. That answers above some objective are of no use has to
        be a row of the problem: with presolve, the solver's own bound for it (HiGHS 1.15) drops better ones.
    """

    order: tuple[str, ...] = ()
    gap: float = 1e-8
    integer_gap: float = 1e-4
    time_limit: float = 600.0
    most_nodes: int | None = None
    has_dives: bool = True
    feasibility: float = _TOLERANCE
    has_presolve: bool = True
    enough: float = -np.inf

    def scaled(self, size: float) -> SolverSettings:
        """Return the settings for an objective divided by `size`."""
        return replace(self, enough=self.enough / size)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a solver: its name, the status of cvxpy or the error, and whether time ended it."""

    solver: str
    status: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solvers made of a problem; `lower_bound` is −inf where nothing was proven."""

    status: str
    value: float
    lower_bound: float
    attempts: tuple[Attempt, ...]


def solve(problem: cp.Problem, rows: list[cp.Constraint], size: float, settings: SolverSettings) -> Solved:
    """Solve `problem`, a minimisation, with `rows` on top, by the first solver that does.

    Its variables and constraints get their values. What the solver sees is the objective divided by `size`,
    so that its tolerances mean something in any currency.
    """
    scaled = cp.Problem(cp.Minimize(problem.objective.args[0] / size), [*problem.constraints, *rows])
    solved = _first_solved(scaled, settings.scaled(size))
    for variable in (dual for constraint in problem.constraints for dual in constraint.dual_variables):
        if variable.value is not None:
            variable.save_value(variable.value * size)
    return replace(solved, value=solved.value * size, lower_bound=solved.lower_bound * size)


def _first_solved(problem: cp.Problem, settings: SolverSettings) -> Solved:
    attempts: list[Attempt] = []
    for name in settings.order or _order(problem):
        try:
            status, bound, is_late = _attempt(problem, name, settings)
        except (cp.SolverError, ValueError) as error:
            attempts.append(Attempt(name, f"{type(error).__name__}: {error}"))
            continue
        attempts.append(Attempt(name, status, is_late))
        if status in _ENDS or (status == cp.USER_LIMIT and problem.value is not None):
            value = float(problem.value) if problem.value is not None and status != BOUNDED else np.nan
            return Solved(status, value, bound, tuple(attempts))
    return Solved(cp.SOLVER_ERROR, np.nan, -np.inf, tuple(attempts))


def _order(problem: cp.Problem) -> tuple[str, ...]:
    """Return the solvers for the kind of `problem`: simplex for linear ones, interior point for cones."""
    if problem.is_mixed_integer():
        return (cp.HIGHS,)
    return (cp.HIGHS, cp.CLARABEL) if problem.is_lp() else (cp.CLARABEL,)


def _attempt(problem: cp.Problem, name: str, settings: SolverSettings) -> tuple[str, float, bool]:
    """Return status and lower bound of one solver, and whether its time was over."""
    options = _options(name, problem, settings)
    data, chain, inverse = problem.get_problem_data(name, solver_opts=options)
    if name == cp.HIGHS and problem.is_mixed_integer() and np.isfinite(settings.enough):
        options["objective_target"] = float(settings.enough - inverse[-1][cp.settings.OFFSET])
    raw = chain.solve_via_data(problem, data, False, False, dict(options))
    ended = raw["model_status"] if name == cp.HIGHS else getattr(raw, "status", "")
    return *_judged(problem, name, raw, (data, chain, inverse)), str(ended) in _LATE


def _judged(problem: cp.Problem, name: str, raw: Any, compiled: tuple[Any, ...]) -> tuple[str, float]:
    """Return status and lower bound of what a solver returned, and give the problem its values."""
    data, chain, inverse = compiled
    # Not `unpack_results`, which warns of inaccurate answers: here the bound decides, and says so as data.
    if problem.is_mixed_integer() and _is_without_answer(raw):
        return BOUNDED, float(raw["info"].mip_dual_bound + inverse[-1][cp.settings.OFFSET])
    solution = chain.invert(raw, inverse)
    if solution.status in cp.settings.ERROR:
        return str(solution.status), -np.inf
    problem.unpack(solution)
    if problem.status not in FOUND or problem.value is None:
        return str(problem.status), -np.inf
    if problem.is_mixed_integer():
        info = raw["info"]
        return problem.status, float(problem.value - info.objective_function_value + info.mip_dual_bound)
    found = _vectors(name, raw)
    if found is None or "dims" not in data:
        return problem.status, -np.inf
    primal, dual = found
    shift = float(problem.value) - _objective(data, primal)
    return problem.status, shift + cone_bound(data, primal, dual)


def _is_without_answer(raw: Any) -> bool:
    """Tell whether HiGHS came to a limit before it found any integers that keep to the rows."""
    return "Limit" in raw["model_status"] and raw["info"].primal_solution_status != _FEASIBLE_POINT


def _options(name: str, problem: cp.Problem, settings: SolverSettings) -> dict[str, Any]:
    if name == cp.CLARABEL:
        tight = {"tol_gap_abs": 1e-11, "tol_gap_rel": 1e-11, "tol_feas": _TOLERANCE}
        return {"direct_solve_method": "qdldl", "time_limit": settings.time_limit, **tight}
    if name != cp.HIGHS:
        return {}
    tolerances = {
        "primal_feasibility_tolerance": _TOLERANCE,
        "dual_feasibility_tolerance": _TOLERANCE,
        "parallel": "off",
        "time_limit": settings.time_limit,
    }
    if problem.is_mixed_integer():
        tolerances |= {
            "mip_rel_gap": settings.integer_gap / 2.0,
            "mip_feasibility_tolerance": settings.feasibility,
        }
        if settings.most_nodes is not None:
            tolerances["mip_max_nodes"] = settings.most_nodes
        if not settings.has_presolve:
            tolerances["presolve"] = "off"
        if not settings.has_dives:
            tolerances |= dict.fromkeys(_DIVES, False)
    return tolerances


def _vectors(name: str, raw: Any) -> tuple[FloatArray, FloatArray] | None:
    """Return variables and multipliers of the standard form `A x + s = b`, s in a cone."""
    if name == cp.CLARABEL:
        return np.array(raw.x), np.array(raw.z)
    if name == cp.HIGHS:
        return np.array(raw["solution"].col_value), -np.array(raw["solution"].row_dual)
    return None


def _objective(data: dict[str, Any], primal: FloatArray) -> float:
    quadratic = 0.5 * float(primal @ (data["P"] @ primal)) if "P" in data else 0.0
    return float(data["c"] @ primal) + quadratic


def cone_bound(data: dict[str, Any], primal: FloatArray, dual: FloatArray) -> float:
    """Return a number that no answer of the standard form goes below, from multipliers of any quality.

    The multipliers are first brought into the dual cone; what then is left of the gradient is charged with
    the bounds of the variables, or twice the answer's own size where there are none. Zero, nonnegative and
    second-order cones are known; −inf for others.

    Parameters
    ----------
    data
        Standard form of cvxpy: minimise ½ x·Px + c·x with A x + s = b, s in the cone `dims`, and bounds on x.
    primal, dual
        `(n,)` answer and `(m,)` multipliers.
    """
    dims = data["dims"]
    if dims.exp or dims.psd or len(dims.p3d):
        return -np.inf
    multipliers = _in_dual_cone(dual, dims)
    gradient = data["c"] + data["A"].T @ multipliers
    constant = -float(data["b"] @ multipliers)
    if "P" in data:
        bent = data["P"] @ primal
        gradient, constant = gradient + bent, constant - 0.5 * float(primal @ bent)
    room = _ROOM * np.abs(primal)
    lower, upper = data.get("lower_bounds"), data.get("upper_bounds")
    low = -room if lower is None else np.where(np.isfinite(lower), lower, -room)
    high = room if upper is None else np.where(np.isfinite(upper), upper, room)
    return constant + float((gradient * np.where(gradient > 0.0, low, high)).sum())


def _in_dual_cone(dual: FloatArray, dims: Any) -> FloatArray:
    """Return `dual` with negative multipliers of inequalities at 0 and those of cones shrunk into them."""
    multipliers = dual.copy()
    first = dims.zero + dims.nonneg
    multipliers[dims.zero : first] = np.maximum(multipliers[dims.zero : first], 0.0)
    for size in dims.soc:
        cone = multipliers[first : first + size]
        length = float(np.sqrt((cone[1:] * cone[1:]).sum()))
        cone[0] = max(cone[0], length)
        first += size
    return multipliers
