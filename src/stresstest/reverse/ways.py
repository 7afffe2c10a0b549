"""Directions in which moves are looked for first: where searches over several hills start."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.reverse.moves import MoveSpace


def all_ways(space: MoveSpace) -> FloatArray:
    """Return unit coordinates `(k, m + n)` of moves of many kinds, each both ways.

    The mean move given each factor alone, and each driver alone: a systematic factor, or what a factor does
    of its own.
    """
    every = np.array([space.pull(row) for row in np.eye(len(space.keys))])
    lengths = np.sqrt((every**2).sum(axis=1))
    means = every[lengths > 0.0] / lengths[lengths > 0.0, np.newaxis]
    drivers = np.eye(every.shape[1])
    return frozen(np.concatenate([means, -means, drivers, -drivers]))
