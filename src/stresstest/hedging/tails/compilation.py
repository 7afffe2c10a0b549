"""Kernels of the search compiled ahead of their first use."""

from __future__ import annotations

import numpy as np

from stresstest.hedging.tails.cuts import minimise_shortfall
from stresstest.hedging.tails.program import LinearLimits, TailProgram, TailTerm


def compile_sums() -> None:
    """Search a tiny program once, so that sums over scenarios are compiled in the form that hedges call."""
    limits = LinearLimits.of(np.zeros(2), np.ones(2), [(np.ones(2), 1.0, 1.0)])
    minimise_shortfall(TailProgram((TailTerm(np.zeros(2), np.eye(2), 0.5),), limits, np.zeros(2)))
