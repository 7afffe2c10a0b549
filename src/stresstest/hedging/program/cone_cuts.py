"""Cones bounded from outside, component by component, and where such cuts have been useful before.

A length (Σ|v|^p)^(1/p) ≤ b is Σ t ≤ b with t_i ≥ |v_i|^p ÷ b^(p−1). Each of these is bounded from below by
tangents: at the ratio r = v_i ÷ b it is t_i ≥ p·r^(p−1)·v_i − (p−1)·r^p·b. Cuts of single components come to
the border in a few rounds where cuts of the whole cone need hundreds (J. P. Vielma, I. Dunning, J. Huchette,
M. Lubin, Extended formulations in mixed integer conic quadratic programming, Math. Prog. Comp. 9 (2017) 369).
A tangent holds for any bound, so that those of one program serve every other over the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.program.cvxpy_atoms import times, total
from stresstest.hedging.rules.built import Cone
from stresstest.hedging.tails.modelled import ModelledTail
from stresstest.hedging.tails.rows import TailCut, TailRows
from stresstest.hedging.tails.split import Split

_KEPT = 12
_SMALLEST_BOUND = 1e-6


@dataclass(eq=False)
class CutPool:
    """Points at which programs over the same inputs were cut, the latest last.

    Attributes
    ----------
    ratios
        By rule and place of its cone: `(n_components,)` ratios of components to the bound.
    trades
        `(n_lines,)` trades at which impact was bounded.
    splits
        Of each tail of the objective, by its place: which draws were in doubt last.
    tails
        Planes below each tail.
    """

    ratios: dict[tuple[str, int], list[FloatArray]] = field(default_factory=dict)
    trades: list[FloatArray] = field(default_factory=list)
    splits: dict[int, Split] = field(default_factory=dict)
    tails: dict[int, list[TailCut]] = field(default_factory=dict)

    def add_ratios(self, key: tuple[str, int], ratios: FloatArray) -> None:
        """Keep the ratios of a cone; the oldest of many go."""
        self.ratios[key] = [*self.ratios.get(key, []), ratios][-_KEPT:]

    def add_tail(self, place: int, tail: ModelledTail) -> None:
        """Keep the plane that touches a tail at the values of its quantities."""
        cut = TailRows(tail.term).cut(frozen(np.asarray(tail.quantities.value)))
        self.tails[place] = [*self.tails.get(place, []), cut][-_KEPT:]

    def add_trades(self, trades: FloatArray) -> None:
        """Keep trades; the oldest of many go."""
        self.trades = [*self.trades, trades][-_KEPT:]


class ConeCuts:
    """One cone of a rule within a linear program.

    Attributes
    ----------
    rows
        Constraints so far: the cone itself where it is `whole`, once it is needed, else cuts.
    """

    def __init__(self, key: tuple[str, int], cone: Cone, pool: CutPool, *, whole: bool) -> None:
        self.key, self.cone, self._pool, self._whole = key, cone, pool, whole
        if whole:
            self.rows: list[cp.Constraint] = cone.constraints() if cone.is_kept is None else []
            return
        count = cone.vector.shape[0]
        self._vector = cp.Variable(count, name="components")
        self._parts = cp.Variable(count, nonneg=True, name="parts")
        self.rows = [self._vector == cone.vector, total(self._parts) <= cone.bound]
        for ratios in pool.ratios.get(key, []):
            self._add(ratios, np.flatnonzero(ratios))

    def cut(self, tolerance: float) -> bool:
        """Add tangents where the point found breaks the cone by more than `tolerance`; tell whether so."""
        vector, bound = self._found()
        if self.cone.breach(vector, bound) <= tolerance or (self._whole and self.rows):
            return False
        if self._whole:
            self.rows = self.cone.constraints()
            return True
        ratios = vector / bound
        short = np.abs(ratios) ** self.cone.power * bound - np.asarray(self._parts.value)
        self._add(_within(ratios), np.flatnonzero(short > 0.1 * tolerance / len(vector)))
        self._pool.add_ratios(self.key, _within(ratios))
        return True

    def remember(self) -> None:
        """Keep the point found as one to cut other programs at."""
        vector, bound = self._found()
        self._pool.add_ratios(self.key, _within(vector / bound))

    def cut_at_latest(self) -> None:
        """Add tangents at the point kept last."""
        for ratios in self._pool.ratios.get(self.key, [])[-1:]:
            self._add(ratios, np.flatnonzero(ratios))

    def _found(self) -> tuple[FloatArray, float]:
        vector = np.asarray(self.cone.vector.value)
        bound = float(getattr(self.cone.bound, "value", self.cone.bound))
        return vector, max(bound, self.cone.length(vector) * _SMALLEST_BOUND, 1e-12)

    def _add(self, ratios: FloatArray, rows: Any) -> None:
        if not len(rows):
            return
        power, chosen = self.cone.power, ratios[rows]
        slope = power * np.sign(chosen) * np.abs(chosen) ** (power - 1)
        offset = (power - 1) * np.abs(chosen) ** power
        self.rows.append(self._parts[rows] >= times(slope, self._vector[rows]) - offset * self.cone.bound)


def _within(ratios: FloatArray) -> FloatArray:
    """Return `ratios` of a component to the bound, none beyond ±1.

    No component of the cone is longer than its bound, so the tangent at 1 cuts off all that is beyond; one
    where the bound was nearly 0 has coefficients that no solver can add up.
    """
    return np.clip(ratios, -1.0, 1.0)
