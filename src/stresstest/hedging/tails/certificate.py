"""Proof of an answer, recomputed from the data alone with numpy: no solver's word is taken.

The shortfall is the largest Σ share · loss over shares that add to 1 and keep to their caps. So any such
shares and any multipliers of the limits' rows give a number that no allowed choice of variables can go below
(weak duality). An answer is as good as the distance of its objective from the best number so found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.tails.program import LinearLimits, TailProgram, TailTerm

_OPEN_TOLERANCE = 1e-9
"""Slope of the bound in a variable without limit that counts as none, as a share of what adds up to it."""


class Multipliers(NamedTuple):
    """What proves a lower bound.

    Attributes
    ----------
    shares
        For each term `(n_scenarios,)` shares of the tail.
    rows
        `(n_rows,)` multipliers of the limits' rows: positive where the lower end binds, negative the upper.
    """

    shares: tuple[FloatArray, ...]
    rows: FloatArray


@dataclass(frozen=True, slots=True)
class Certificate:
    """How far an answer can be from the best, and from its limits.

    Attributes
    ----------
    objective
        Cost plus weighted shortfalls, recomputed.
    lower_bound
        No allowed choice has an objective below it; −inf where the multipliers prove nothing.
    gap
        |objective − lower bound| ÷ the larger of |objective| and the mean absolute loss.
    violation
        Largest breach of a limit: of a bound, relative to the larger of it and 1; of a row, relative to the
        sum of the absolute values that it adds, or its own size.
    multiplier_violation
        Largest breach of the rules for shares: below 0, above the cap, or a sum that is not 1.
    """

    objective: float
    lower_bound: float
    gap: float
    violation: float
    multiplier_violation: float

    def proves(self, gap: float, tolerance: float = 1e-9) -> bool:
        """Tell whether the answer is allowed and within `gap` of the best."""
        kept = self.violation <= tolerance and self.multiplier_violation <= tolerance
        return bool(kept and self.gap <= gap)


def certify(program: TailProgram, variables: FloatArray, multipliers: Multipliers) -> Certificate:
    """Return the certificate of `variables` `(n_variables,)` for `program`."""
    objective = program.objective(variables)
    bound = lower_bound(program, multipliers)
    size = max(abs(objective), loss_size(program, variables))
    gap = abs(objective - bound) / size if size else 0.0
    breaches = [
        _share_breach(term, share) for term, share in zip(program.terms, multipliers.shares, strict=True)
    ]
    return Certificate(objective, bound, gap, limit_breach(program.limits, variables), max(breaches))


def lower_bound(program: TailProgram, multipliers: Multipliers) -> float:
    """Return the least of the program with each shortfall at fixed shares and rows priced: Σ is separable."""
    slope, size = [program.cost], [np.abs(program.cost)]
    constant = 0.0
    for term, weight, share in zip(program.terms, program.weights, multipliers.shares, strict=True):
        constant -= weight * float((share * term.base_pnl).sum())
        used = np.flatnonzero(share)
        parts = np.take(term.unit_pnl, used, axis=1) * share[used]
        slope.append(-weight * program.by_variable(parts.sum(axis=1)))
        size.append(weight * program.size_by_variable(np.abs(parts).sum(axis=1)))
    limits, price = program.limits, multipliers.rows
    slope.extend(-limits.matrix * price[:, np.newaxis])
    size.extend(np.abs(limits.matrix * price[:, np.newaxis]))
    ends = np.where(price > 0.0, limits.row_lower, limits.row_upper)
    if not np.isfinite(ends[price != 0.0]).all():
        return -np.inf
    constant += float((price * np.where(price != 0.0, ends, 0.0)).sum())
    total = np.sum(slope, axis=0)
    noise = _OPEN_TOLERANCE * np.sum(size, axis=0)
    return constant + _least_in_bounds(total, noise, limits)


def loss_size(program: TailProgram, variables: FloatArray) -> float:
    """Return the weighted mean absolute loss at `variables`: what rounding of the objective scales with."""
    quantities = program.quantities(variables)
    sizes = [float(np.abs(term.losses(quantities)).mean()) for term in program.terms]
    return sum(weight * size for weight, size in zip(program.weights, sizes, strict=True))


def limit_breach(limits: LinearLimits, variables: FloatArray) -> float:
    """Return the largest relative breach of bounds and rows at `variables`; inf where one is not finite."""
    if not np.isfinite(variables).all():
        return np.inf
    below = _relative(limits.lower - variables, np.ones_like(variables), limits.lower)
    above = _relative(variables - limits.upper, np.ones_like(variables), limits.upper)
    added = limits.matrix * variables
    total, size = added.sum(axis=1), np.abs(added).sum(axis=1)
    short = _relative(limits.row_lower - total, size, limits.row_lower)
    over = _relative(total - limits.row_upper, size, limits.row_upper)
    return float(max(0.0, *(breach.max(initial=0.0) for breach in (below, above, short, over))))


def proves_infeasible(limits: LinearLimits, ray: FloatArray) -> bool:
    """Tell whether `ray` `(n_rows,)` shows that no variables keep to `limits` (Farkas).

    Rows times `ray` add up to one inequality `slope · variables >= needed` that the bounds do not allow.
    """
    ends = np.where(ray > 0.0, limits.row_lower, limits.row_upper)
    used = ray != 0.0
    if not used.any() or not np.isfinite(ends[used]).all():
        return False
    parts = limits.matrix * ray[:, np.newaxis]
    slope, size = parts.sum(axis=0), np.abs(parts).sum(axis=0)
    needed = float((ray[used] * ends[used]).sum())
    most = -_least_in_bounds(-slope, _OPEN_TOLERANCE * size, limits)
    reach = np.where(np.isfinite(limits.lower), np.abs(limits.lower), 0.0)
    reach = np.maximum(reach, np.where(np.isfinite(limits.upper), np.abs(limits.upper), 0.0))
    rounding = 1e-12 * (float((np.abs(slope) * reach).sum()) + float(np.abs(ray[used] * ends[used]).sum()))
    return bool(needed - most > rounding)


def _least_in_bounds(slope: FloatArray, noise: FloatArray, limits: LinearLimits) -> float:
    """Return the least of slope · variables within the bounds; a slope of rounding needs none."""
    ends = np.where(slope > 0.0, limits.lower, limits.upper)
    is_open = ~np.isfinite(ends)
    if (is_open & (np.abs(slope) > noise)).any():
        return -np.inf
    return float((slope * np.where(is_open, 0.0, ends)).sum())


def _share_breach(term: TailTerm, share: FloatArray) -> float:
    over = float((share - term.weight_caps).max())
    return max(0.0, float(-share.min()), over, abs(float(share.sum()) - 1.0))


def _relative(breach: FloatArray, size: FloatArray, end: FloatArray) -> FloatArray:
    """Return breaches as shares of the larger of `size` and |end|; an end at infinity cannot be breached."""
    finite = np.isfinite(end)
    scale = np.maximum(size, np.where(finite, np.abs(end), 0.0))
    return np.where(finite, breach, 0.0) / np.where(scale > 0.0, scale, 1.0)
