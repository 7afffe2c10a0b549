"""Fewer scenarios in the place of many, for a first answer that costs little and proves nothing."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import IntArray
from stresstest.hedging.tails.program import TailTerm


def thinned(term: TailTerm, count: int) -> TailTerm:
    """Return `term` over the scenarios at the middle of every 1 ÷ `count` of the probability."""
    chance = np.full(term.n_scenarios, 1.0 / term.n_scenarios)
    if term.probability is not None:
        chance = term.probability
    places = np.searchsorted(np.cumsum(chance), (np.arange(count) + 0.5) / count)
    rows, times = np.unique(np.minimum(places, term.n_scenarios - 1), return_counts=True)
    return kept(term, rows, times / count, term.confidence_level)


def kept(term: TailTerm, rows: IntArray, probability: np.ndarray, level: float) -> TailTerm:
    """Return `term` over `rows` alone, with other probabilities and another confidence level."""
    unit_pnl = np.take(term.unit_pnl, rows, axis=1)
    unit_pnl.flags.writeable = False
    return TailTerm(term.base_pnl[rows], unit_pnl, level, probability)
