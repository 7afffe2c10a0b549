"""Which views contradict one another: a smallest set of them that no probabilities satisfy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stresstest.arrays import BoolArray
from stresstest.scenarios.views import View


def conflicting_views(views: Sequence[View], kept: BoolArray) -> tuple[str, ...]:
    """Return the names of views that cannot hold together, each needed for the conflict; empty without one.

    A linear program asks whether probabilities exist; views are then left out one by one for as long as the
    conflict stays (the deletion filter of J. W. Chinneck, Feasibility and Infeasibility in Optimization
    (2008), section 6.2.2).

    Parameters
    ----------
    kept
        `(n_columns,)` which columns have a positive prior.
    """
    if _can_hold(views, kept):
        return ()
    left = list(views)
    for view in views:
        others = [other for other in left if other is not view]
        if not _can_hold(others, kept):
            left = others
    return tuple(view.name for view in left)


def _can_hold(views: Sequence[View], kept: BoolArray) -> bool:
    from scipy.optimize import linprog

    if not views:
        return bool(kept.any())
    gaps = np.array([view.gap[kept] for view in views])
    gaps /= np.maximum(np.abs(gaps).max(axis=1, keepdims=True), 1e-300)
    equal = np.array([view.relation == "==" for view in views])
    ones = np.ones((1, gaps.shape[1]))
    answer = linprog(
        np.zeros(gaps.shape[1]),
        A_ub=-gaps[~equal] if (~equal).any() else None,
        b_ub=np.zeros(int((~equal).sum())) if (~equal).any() else None,
        A_eq=np.vstack([ones, gaps[equal]]),
        b_eq=np.concatenate(([1.0], np.zeros(int(equal.sum())))),
        bounds=(0.0, None),
        method="highs",
    )
    return bool(answer.status == 0)
