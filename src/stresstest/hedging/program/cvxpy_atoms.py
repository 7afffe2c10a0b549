"""The few atoms of cvxpy that a hedge is written in, with types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cvxpy as cp
from cvxpy.atoms.affine.binary_operators import multiply
from cvxpy.atoms.affine.hstack import hstack
from cvxpy.atoms.affine.sum import sum as sum_of
from cvxpy.atoms.affine.vstack import vstack
from cvxpy.atoms.norm import norm


def times(first: Any, second: Any) -> cp.Expression:
    """Return the product element by element."""
    product: cp.Expression = multiply(first, second)
    return product


def joined(parts: Sequence[Any]) -> cp.Expression:
    """Return vectors one behind the other."""
    vector: cp.Expression = hstack(list(parts))
    return vector


def stacked(rows: Sequence[Any]) -> cp.Expression:
    """Return vectors as the rows of a matrix."""
    matrix: cp.Expression = vstack(list(rows))
    return matrix


def total(vector: Any) -> cp.Expression:
    """Return the sum of the elements."""
    added: cp.Expression = sum_of(vector)
    return added


def length(vector: Any, axis: int | None = None) -> cp.Expression:
    """Return the Euclidean length, of each column for axis 0."""
    found: cp.Expression = norm(vector, 2, axis=axis)
    return found
