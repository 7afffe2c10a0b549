"""A problem with continuous variables in the place of integer ones: easier, and a bound from below."""

from __future__ import annotations

from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.hedging.tails.modelled import ModelledTail


def relaxed(problem: cp.Problem, tails: list[ModelledTail]) -> tuple[cp.Problem, list[ModelledTail]]:
    """Return copies of `problem` and `tails` over continuous variables."""
    copies = {id(variable): _continuous(variable) for variable in problem.variables()}
    objective = problem.objective.tree_copy(copies)
    constraints = [constraint.tree_copy(copies) for constraint in problem.constraints]
    continuous = [ModelledTail(tail.quantities.tree_copy(copies), tail.term, tail.multiple) for tail in tails]
    return cp.Problem(objective, constraints), continuous


def _continuous(variable: cp.Variable) -> cp.Variable:
    """Return a continuous variable in the place of an integer or boolean one; others as they are."""
    attributes: dict[str, Any] = variable.attributes
    if not (attributes["integer"] or attributes["boolean"]):
        return variable
    lower, upper = np.full(variable.shape, -np.inf), np.full(variable.shape, np.inf)
    if attributes["bounds"] is not None:
        lower, upper = (np.broadcast_to(end, variable.shape).copy() for end in attributes["bounds"])
    boolean = attributes["boolean"]
    switches = np.full(variable.shape, boolean is True)
    for place in boolean if isinstance(boolean, list) else ():
        switches[place] = True
    if attributes["nonneg"] or attributes["pos"]:
        lower = np.maximum(lower, 0.0)
    if attributes["nonpos"] or attributes["neg"]:
        upper = np.minimum(upper, 0.0)
    lower = np.where(switches, np.maximum(lower, 0.0), lower)
    upper = np.where(switches, np.minimum(upper, 1.0), upper)
    return cp.Variable(variable.shape, bounds=[lower, upper])
