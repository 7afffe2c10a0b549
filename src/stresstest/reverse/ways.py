"""Directions in which moves are looked for first: where searches over several hills start."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.inverse_normal import fill_normals
from stresstest.reverse.moves import MoveSpace

_SEED = 1978
_ANGLES = (0.4, 0.15, 0.05, 0.015)
"""Tangents of the angles at which directions close to another are looked at."""


def all_ways(space: MoveSpace) -> FloatArray:
    """Return unit coordinates `(k, m + n)` of moves of many kinds, each both ways.

    The mean move given each factor alone, and each driver alone: a systematic factor, or what a factor does
    of its own.
    """
    every = np.array([space.pull(row) for row in np.eye(len(space.keys))])
    means = _of_length_one(every)
    drivers = np.eye(every.shape[1])
    return frozen(np.concatenate([means, -means, drivers, -drivers]))


def spread_ways(space: MoveSpace, n_pairs: int) -> FloatArray:
    """Return unit coordinates `(2·n_pairs, m + n)` all round, each both ways, the same at every call.

    With nothing held they are spread evenly over the sphere of moves at one distance: for moves of standard
    normal coordinates, the coordinates that are the least far.
    """
    n_coordinates = len(space.pull(np.zeros(len(space.keys))))
    normals = np.empty((n_coordinates, n_pairs))
    fill_normals(_SEED, np.arange(n_coordinates), 0, normals)
    weights = space.weighed(frozen(space.move(normals.T).T))
    ways = _of_length_one(np.array([space.pull(weight) for weight in weights.T]))
    return frozen(np.concatenate([ways, -ways]))


def ways_about(coordinates: FloatArray, spread: FloatArray) -> FloatArray:
    """Return unit coordinates `(k, m + n)` at small angles about those given, towards ways spread evenly."""
    towards = coordinates / np.sqrt(coordinates @ coordinates)
    shares = np.array_split(spread, len(_ANGLES))
    near = np.concatenate([towards + angle * share for angle, share in zip(_ANGLES, shares, strict=True)])
    return frozen(_of_length_one(near))


def _of_length_one(ways: FloatArray) -> FloatArray:
    """Return coordinates `(k, m + n)` scaled to length 1, without those that lead nowhere."""
    lengths = np.sqrt((ways**2).sum(axis=1))
    scaled: FloatArray = ways[lengths > 0.0] / lengths[lengths > 0.0, np.newaxis]
    return scaled
