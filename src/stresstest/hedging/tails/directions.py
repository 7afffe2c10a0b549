"""Directions in which a tail program's variables may go for ever, and what its objective does along them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.tails.program import LinearLimits, TailProgram, TailTerm
from stresstest.hedging.tails.scaling import Scaling

_TOLERANCE = 1e-9


def directions(program: TailProgram, units: Scaling) -> TailProgram:
    """Return the program of the best direction, at most one unit of `units` a variable.

    The book's own P&L is left out and every finite limit is 0: along a direction the shortfall in the end
    grows with that of the units alone. The best one has an objective below 0 where `program` is unbounded.
    """
    limits = program.limits
    size = units.variable
    bounded = LinearLimits(
        np.where(np.isfinite(limits.lower), 0.0, -size),
        np.where(np.isfinite(limits.upper), 0.0, size),
        limits.matrix,
        np.where(np.isfinite(limits.row_lower), 0.0, -np.inf),
        np.where(np.isfinite(limits.row_upper), 0.0, np.inf),
    )
    return replace(program, terms=_without_book(program), limits=bounded)


def is_improving_ray(program: TailProgram, ray: FloatArray) -> bool:
    """Tell whether going along `ray` `(n_variables,)` is allowed for ever and always lowers the objective."""
    limits = program.limits
    size = _TOLERANCE * float(np.abs(ray).max(initial=0.0))
    parts = limits.matrix * ray
    along, noise = parts.sum(axis=1), _TOLERANCE * np.abs(parts).sum(axis=1)
    held = (
        (ray >= -size) | np.isneginf(limits.lower),
        (ray <= size) | np.isposinf(limits.upper),
        (along >= -noise) | np.isneginf(limits.row_lower),
        (along <= noise) | np.isposinf(limits.row_upper),
    )
    if not all(bool(kept.all()) for kept in held):
        return False
    quantities = program.quantities(ray)
    terms = _without_book(program)
    rounding = float(np.abs(program.cost * ray).sum())
    rounding += sum(float(np.abs(term.losses(quantities)).mean()) for term in terms)
    return replace(program, terms=terms).objective(frozen(ray)) < -_TOLERANCE * rounding


def _without_book(program: TailProgram) -> tuple[TailTerm, ...]:
    return tuple(
        TailTerm(np.zeros(term.n_scenarios), term.unit_pnl, term.confidence_level, term.probability)
        for term in program.terms
    )
