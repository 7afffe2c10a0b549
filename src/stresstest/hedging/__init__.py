"""Hedges and allocations of least tail loss, with proof, and expressions for other people's cvxpy problems.

`tails` holds what is solved and how: `tails.program` the linear program of shortfalls, `tails.cuts` its
search, `tails.partition` shortfalls in any cvxpy problem, integers and cones included. `policies`, `inputs`,
`rules`, `program`, `plans` and `diagnosis` are the hedge of a book, in the order of the data; `embedding`
holds expressions for other people's cvxpy problems and an estimator for scikit-learn pipelines. The names
below are loaded when they are first asked for: importing this package loads neither cvxpy nor a solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "LinearLimits": "tails.program",
    "ModelledTail": "tails.modelled",
    "ScenarioReturns": "embedding.scenario_returns",
    "SolverSettings": "tails.solvers",
    "StressHedger": "embedding.stress_hedger",
    "StressReturns": "embedding.stress_hedger",
    "TailProgram": "tails.program",
    "TailTerm": "tails.program",
    "drawn_returns": "embedding.scenario_returns",
    "expected_shortfall": "embedding.weight_expressions",
    "minimise_shortfall": "tails.cuts",
    "named_returns": "embedding.scenario_returns",
    "scenario_loss": "embedding.weight_expressions",
    "solve_modelled": "tails.partition",
    "worst_loss": "embedding.weight_expressions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
