"""Drawn vols that leave their smile positive: how deep a smile is, and a fall bent above that."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import kernel
from stresstest.kernels.exponential import exp
from stresstest.kernels.volatility import smile_depth

LEAST_VOL = 0.001
"""A tenth of a vol point: what the lowest vol of a smile falls towards, and never reaches. A positive number
keeps rounding from turning a smile negative at its lowest strike."""


class DrawnSmiles(NamedTuple):
    """Smiles that rows are the level of, vol = level + skew·x + curvature·x²; each array `(n_rows,)`.

    Attributes
    ----------
    lower, upper
        Range of x; 0 and 0 for rows that are no level of a smile.
    skew, curvature
        At the base.
    skew_row, curvature_row
        Rows that they are drawn in, before this one; −1 where they do not move.
    """

    lower: FloatArray
    upper: FloatArray
    skew: FloatArray
    curvature: FloatArray
    skew_row: IntArray
    curvature_row: IntArray


@kernel
def fill_depths(smiles: DrawnSmiles, i: int, levels: FloatArray, out: FloatArray) -> None:
    """Fill `out` `(n_columns,)` with how far the smile of row `i` lies below its level; 0 without a smile.

    `levels` `(n_rows, n_columns)` holds the skews and curvatures that are drawn before.
    """
    lower, upper = smiles.lower[i], smiles.upper[i]
    skew_row, curvature_row = smiles.skew_row[i], smiles.curvature_row[i]
    depth = smile_depth(smiles.skew[i], smiles.curvature[i], lower, upper)
    for j in range(out.shape[0]):
        out[j] = depth
    if skew_row >= 0 or curvature_row >= 0:
        for j in range(out.shape[0]):
            skew = levels[skew_row, j] if skew_row >= 0 else smiles.skew[i]
            curvature = levels[curvature_row, j] if curvature_row >= 0 else smiles.curvature[i]
            out[j] = smile_depth(skew, curvature, lower, upper)


@kernel
def bent_level(level: float, change: float, depth: float) -> float:
    """Return level + change, and for a fall what bends with the same slope at 0 and never gets to 0.

    Without depth that is level·e^(change/level). The lowest vol of a smile lies `depth` below its level:
    there it is this vol that is bent, down to `LEAST_VOL` or half of what it is. One that is not positive to
    begin with, or a level of 0, does not fall.
    """
    lowest = level - depth
    least = min(LEAST_VOL, 0.5 * lowest) if depth > 0.0 else 0.0
    room = lowest - least
    inside = room if lowest > 0.0 else 1.0
    fallen = (depth + least) + room * exp(min(change, 0.0) / inside)
    fall = fallen if lowest > 0.0 else level
    return fall if change < 0.0 else level + change


class FollowingSmile(NamedTuple):
    """Smile whose level follows another vol: at the base, and the range of x."""

    level: float
    skew: float
    curvature: float
    lower: float
    upper: float


@kernel
def bend_followers(smile: FollowingSmile, skew: FloatArray, curvature: FloatArray, level: FloatArray) -> None:
    """Bend vols `level` `(n_columns,)` that follow others where their smile is lower than half of its base.

    Down to there they are left as they are; below, the lowest vol falls as in `bent_level`.

    Parameters
    ----------
    skew, curvature
        `(n_columns,)` of the smile in the same draws.
    """
    half = 0.5 * (smile.level - smile_depth(smile.skew, smile.curvature, smile.lower, smile.upper))
    for j in range(level.shape[0]):
        depth = smile_depth(skew[j], curvature[j], smile.lower, smile.upper)
        start = depth + half
        level[j] = bent_level(start, level[j] - start, depth) if level[j] < start else level[j]
