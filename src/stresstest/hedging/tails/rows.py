"""The tail at a point: which scenarios are in it and with what share, hence a cut below the shortfall.

With shares w that add to 1 and keep to the caps of the term, Σ w · loss is a linear function of the
quantities that lies nowhere above the shortfall; with the shares of the tail at a point it touches there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.hedging.tails.program import TailTerm
from stresstest.kernels.scenario_sums import fill_weighted_sums

_ROUNDING = 1e-12
_FIRST_LOOK = 256


class TailCut(NamedTuple):
    """The tail at a point, and the cut `value = intercept + slope · quantities` through it.

    `rows` `(n_tail,)` are scenarios of the whole term, `share` `(n_tail,)` adds to 1.
    """

    value: float
    intercept: float
    slope: FloatArray
    rows: IntArray
    share: FloatArray


class TailRows:
    """Tails of a term."""

    def __init__(self, term: TailTerm) -> None:
        self._term = term
        self._caps = frozen(term.weight_caps)
        self._alike = term.probability is None and term.tail_size > 0.0

    def cut(self, quantities: FloatArray) -> TailCut:
        """Return the tail with `quantities` and its cut."""
        losses = self._term.losses(quantities)
        rows, share = self._even_tail(losses) if self._alike else self._tail(losses)
        return self.cut_of(rows, share, quantities)

    def cut_of(self, rows: IntArray, share: FloatArray, quantities: FloatArray) -> TailCut:
        """Return the cut of any shares, with its value for `quantities`."""
        slope = np.empty(self._term.n_quantities)
        fill_weighted_sums(rows, share, self._term.unit_pnl, slope)
        np.negative(slope, out=slope)
        intercept = -float((self._term.base_pnl[rows] * share).sum())
        return TailCut(intercept + float((slope * quantities).sum()), intercept, slope, rows, share)

    def _even_tail(self, losses: FloatArray) -> tuple[IntArray, FloatArray]:
        """Return rows and shares where all caps are alike: all full, but for the least of the losses."""
        cap = float(self._caps[0])
        count = min(int(np.ceil(1.0 / cap - _ROUNDING)), len(losses))
        first = len(losses) - count
        rows = np.sort(np.argpartition(losses, first)[first:]) if first else np.arange(count)
        share = np.full(count, cap)
        share[np.argmin(losses[rows])] = 1.0 - (count - 1) * cap
        return frozen_int(rows), frozen(share)

    def _tail(self, losses: FloatArray) -> tuple[IntArray, FloatArray]:
        """Return rows and shares, the largest losses first up to their caps until the shares add to 1."""
        count = _FIRST_LOOK
        while count < len(losses):
            chosen = np.argpartition(losses, len(losses) - count)[len(losses) - count :]
            if self._caps[chosen].sum() > 1.0:
                return self._filled(losses, np.sort(chosen))
            count *= 4
        return self._filled(losses, np.arange(len(losses)))

    def _filled(self, losses: FloatArray, chosen: IntArray) -> tuple[IntArray, FloatArray]:
        rows = chosen[self._caps[chosen] > 0.0]
        rows = rows[np.argsort(-losses[rows], kind="stable")]
        reached = np.cumsum(self._caps[rows])
        last = min(int(np.searchsorted(reached, 1.0 - _ROUNDING)), len(rows) - 1)
        rows = rows[: last + 1]
        share = self._caps[rows].copy()
        share[-1] = 1.0 - share[:-1].sum()
        return frozen_int(rows), frozen(share)
