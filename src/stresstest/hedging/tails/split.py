"""Scenarios split by what is known of them: surely in the tail, in doubt, surely out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray
from stresstest.hedging.tails.program import TailTerm

_ROUNDING = 1e-12
_IN_DOUBT = 0.3
"""Share of the tail on either side of the quantile that is in doubt by a guess."""
_FEWEST, _A_QUANTITY = 50, 2


@dataclass(frozen=True, eq=False)
class Split:
    """Scenarios surely in the tail, which count as one; those in doubt, one by one; the rest is out.

    Any such split gives less than the shortfall or as much, and exactly it where each scenario is where it
    belongs: those `inside` with a loss of the quantile or more, those left out with no more. `kept` are those
    of the doubtful that once were in a wrong place.
    """

    inside: BoolArray
    doubtful: BoolArray
    kept: BoolArray

    @classmethod
    def guess(cls, term: TailTerm, losses: FloatArray) -> Split:
        """Return the split by the order of `losses` `(n_scenarios,)`, with room around the quantile."""
        order, reached = _worst(term, losses)
        inside, doubtful = _nowhere(term), _nowhere(term)
        low, high = _band(term, reached)
        inside[order[:low]] = True
        doubtful[order[low:high]] = True
        return cls(inside, doubtful, _nowhere(term))

    @classmethod
    def whole(cls, term: TailTerm) -> Split:
        """Return the split that doubts every scenario that has a probability."""
        return cls(_nowhere(term), term.weight_caps > 0.0, _nowhere(term))

    def misplaced(self, term: TailTerm, losses: FloatArray) -> BoolArray:
        """Return `(n_scenarios,)` whether a scenario is inside or out, and by `losses` belongs elsewhere."""
        order, reached = _worst(term, losses)
        belongs = _nowhere(term)
        belongs[order[: _border(reached) + 1]] = True
        return (self.inside & ~belongs) | (belongs & ~self.inside & ~self.doubtful)

    def moved(self, term: TailTerm, losses: FloatArray) -> Split:
        """Return the split by `losses` that doubts for ever the scenarios that were in a wrong place.

        These become more from round to round or there are none, which ends the rounds.
        """
        kept = self.kept | self.misplaced(term, losses)
        anew = Split.guess(term, losses)
        return Split(anew.inside & ~kept, anew.doubtful | kept, kept)


def _nowhere(term: TailTerm) -> BoolArray:
    return np.zeros(term.n_scenarios, np.bool_)


def _border(reached: FloatArray) -> int:
    """Return the place of the scenario that fills the tail."""
    return min(int(np.searchsorted(reached, 1.0 - _ROUNDING)), len(reached) - 1)


def _room(term: TailTerm) -> int:
    return _FEWEST + _A_QUANTITY * term.n_quantities


def _worst(term: TailTerm, losses: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return scenarios by falling loss as far as a band goes, and how much of the tail is full up to each."""
    caps = term.weight_caps
    possible = np.flatnonzero(caps > 0.0)
    count = 2 * _room(term) + int(2.0 * len(possible) * term.tail_size)
    while True:
        chosen = possible
        if count < len(possible):
            chosen = possible[np.argpartition(losses[possible], len(possible) - count)[-count:]]
        order = np.sort(chosen)
        order = order[np.argsort(-losses[order], kind="stable")]
        reached = np.cumsum(caps[order])
        enough = reached[-1] >= 1.0 + _IN_DOUBT and len(order) > _border(reached) + _room(term)
        if enough or len(chosen) == len(possible):
            return order, reached
        count *= 2


def _band(term: TailTerm, reached: FloatArray) -> tuple[int, int]:
    """Return first and last place of the scenarios around the quantile."""
    room, middle = _room(term), _border(reached)
    if term.tail_size == 0.0:
        return 0, min(len(reached), room)
    low = min(int(np.searchsorted(reached, 1.0 - _IN_DOUBT)), middle - room)
    high = max(int(np.searchsorted(reached, 1.0 + _IN_DOUBT)) + 1, middle + room)
    return max(low, 0), min(high, len(reached))
