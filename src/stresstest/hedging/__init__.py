"""Hedges and allocations of least tail loss, with proof, and expressions for other people's cvxpy problems.

`tails` holds what is solved and how: `tails.program` the linear program of shortfalls, `tails.cuts` its
search, `tails.partition` shortfalls in any cvxpy problem, integers and cones included. The names below are
loaded when they are first asked for: importing this package loads neither cvxpy nor a solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "LinearLimits": "tails.program",
    "ModelledTail": "tails.modelled",
    "SolverSettings": "tails.solvers",
    "TailProgram": "tails.program",
    "TailTerm": "tails.program",
    "minimise_shortfall": "tails.cuts",
    "solve_modelled": "tails.partition",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
