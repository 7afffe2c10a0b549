"""Networks written as the papers write them, dense, for the clearing kernels; and their answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.kernels.claims import Claims, Cleared, DefaultCosts, Means
from stresstest.kernels.clearing import clear

NO_COSTS = DefaultCosts(1.0, 1.0)


def rows_of(matrix: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return offsets, columns and values of what is not 0 in a matrix."""
    rows, columns = np.nonzero(matrix)
    counts = np.bincount(rows, minlength=len(matrix))
    return (
        frozen_int(np.concatenate([[0], np.cumsum(counts)])),
        frozen_int(columns),
        frozen(matrix[rows, columns]),
    )


def claims_of(owed: Any, outside: Any = None, held: Any = None) -> Claims:
    """Return claims: firm i owes `owed[i, j]` to j, `outside[i]` to others, and holds `held[i, j]` of j."""
    owed = np.asarray(owed, dtype=float)
    total = owed.sum(axis=1) + (0.0 if outside is None else np.asarray(outside, dtype=float))
    shares = np.divide(owed, total[:, None], out=np.zeros_like(owed), where=total[:, None] > 0.0)
    stakes = np.zeros_like(owed) if held is None else np.asarray(held, dtype=float)
    return Claims(frozen(total), *rows_of(shares.T), *rows_of(stakes))


def cleared(
    claims: Claims, external: Any, costs: DefaultCosts = NO_COSTS, *, greatest: bool = True
) -> Cleared:
    """Return a solution of external assets `(n_columns, n_firms)`, or `(n_firms,)` as one column."""
    columns = frozen(np.atleast_2d(np.asarray(external, dtype=float)))
    out = Cleared(np.empty(columns.shape), np.empty(columns.shape), np.empty(columns.shape))
    clear(claims, costs, Means(columns, claims.obligations[None, :]), greatest, out)
    return out
