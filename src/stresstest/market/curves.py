"""Zero curves: rates linear between nodes, flat outside, continuously compounded.

Every time is in years of 365 days from the valuation date (ACT/365F); a node lies at the length of its tenor.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray


class NodeWeights(NamedTuple):
    """Rate at a time as `lower_weight · rate[lower] + upper_weight · rate[upper]`; the weights add to 1.

    On a node and outside the nodes `upper` equals `lower` and its weight is 0: no other node matters.
    """

    lower: int
    upper: int
    lower_weight: float
    upper_weight: float


def interpolation_weights(node_years: Sequence[float] | FloatArray, years: float) -> NodeWeights:
    """Return the nodes that bracket `years` and their weights: linear between nodes, flat outside.

    Parameters
    ----------
    node_years
        Times of the nodes `(n_nodes,)`, in years, strictly ascending, at least one.
    years
        Time asked for, in years; any finite number.

    Examples
    --------
    >>> interpolation_weights([1.0, 2.0, 5.0], 4.25)
    NodeWeights(lower=1, upper=2, lower_weight=0.25, upper_weight=0.75)
    >>> interpolation_weights([1.0, 2.0, 5.0], 30.0)
    NodeWeights(lower=2, upper=2, lower_weight=1.0, upper_weight=0.0)
    """
    nodes = node_years.tolist() if isinstance(node_years, np.ndarray) else node_years
    upper = bisect_left(nodes, years)
    if upper == len(nodes):
        return NodeWeights(upper - 1, upper - 1, 1.0, 0.0)
    if upper == 0 or nodes[upper] == years:
        return NodeWeights(upper, upper, 1.0, 0.0)
    start, end = float(nodes[upper - 1]), float(nodes[upper])
    upper_weight = (years - start) / (end - start)
    return NodeWeights(upper - 1, upper, 1.0 - upper_weight, upper_weight)
