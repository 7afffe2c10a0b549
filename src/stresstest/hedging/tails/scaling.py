"""Units in which a tail program's numbers are near 1, so that a solver's tolerances mean something."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.tails.program import LinearLimits, TailProgram, TailTerm

_LOOSE = 1e-3


class Scaling(NamedTuple):
    """Powers of two, so that scaling rounds nothing.

    Attributes
    ----------
    loss
        `(n_terms,)` size of the losses of each term.
    variable
        `(n_variables,)` size of each variable.
    row
        `(n_rows,)` largest coefficient of each row of the limits, in these units of the variables.
    objective
        Size of the objective.
    """

    loss: FloatArray
    variable: FloatArray
    row: FloatArray
    objective: float


def scaling(program: TailProgram) -> Scaling:
    """Return the units of `program`: those of the book's losses and of what its limits let a variable be."""
    room = _room(program.limits)
    effects = [_effects(program, term) for term in program.terms]
    loss = np.array([_loss(term, e, room) for term, e in zip(program.terms, effects, strict=True)])
    variable = room
    for size, effect in zip(loss, effects, strict=True):
        variable = np.minimum(variable, _ratio(size, effect))
    variable = _power_of_two(np.where(np.isfinite(variable), variable, 1.0))
    rows = np.abs(program.limits.matrix * variable)
    row = _power_of_two(rows.max(axis=1, initial=0.0))
    objective = float(_power_of_two(np.array([np.max(np.array(program.weights) * loss)]))[0])
    return Scaling(frozen(loss), frozen(variable), frozen(row), objective)


def _room(limits: LinearLimits) -> FloatArray:
    """Return what bounds and rows by themselves let each variable be; inf where they leave it open."""
    ends = np.abs([limits.lower, limits.upper])
    room = np.where(np.isfinite(ends) & (ends > 0.0), ends, 0.0).max(axis=0)
    room = np.where(room > 0.0, room, np.inf)
    sides = np.abs([limits.row_lower, limits.row_upper])
    side = np.where(np.isfinite(sides), sides, 0.0).max(axis=0, initial=0.0)
    for coefficients, most in zip(np.abs(limits.matrix), side.tolist(), strict=True):
        if most > 0.0:
            room = np.minimum(room, _ratio(most, coefficients))
    return room


def _effects(program: TailProgram, term: TailTerm) -> FloatArray:
    """Return the mean absolute P&L of one unit of each variable `(n_variables,)`."""
    mean: FloatArray = np.abs(term.unit_pnl).mean(axis=1)
    if program.exposure is None:
        return mean
    effects: FloatArray = (np.abs(program.exposure) * mean[:, np.newaxis]).sum(axis=0)
    return effects


def _loss(term: TailTerm, effects: FloatArray, room: FloatArray) -> float:
    """Return the size of the book's losses; of what the variables add, where the book has next to none."""
    added = effects * np.where(np.isfinite(room), room, 1.0)
    typical = float(np.median(added[added > 0.0])) if (added > 0.0).any() else 0.0
    size = max(float(np.abs(term.base_pnl).mean()), _LOOSE * typical)
    if not term.base_pnl.any():
        size = typical
    return float(_power_of_two(np.array([size]))[0])


def _ratio(numerator: float, denominators: FloatArray) -> FloatArray:
    """Return numerator ÷ denominators, inf where those are 0."""
    positive = denominators > 0.0
    ratio: FloatArray = np.where(positive, numerator / np.where(positive, denominators, 1.0), np.inf)
    return ratio


def _power_of_two(sizes: FloatArray) -> FloatArray:
    """Return the powers of two next below `sizes`, 1 for 0."""
    exponents = np.frexp(np.where(sizes > 0.0, sizes, 1.0))[1] - 1
    powers: FloatArray = np.ldexp(1.0, exponents)
    return powers
