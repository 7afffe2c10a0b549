"""Relaxed copies: bounds of booleans and integers kept, partly integer variables too."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest

from stresstest.hedging.tails.modelled import ModelledTail
from stresstest.hedging.tails.program import TailTerm
from stresstest.hedging.tails.relaxation import relaxed


@pytest.mark.parametrize(
    ("variable", "lowest", "highest"),
    [
        (cp.Variable(2, boolean=True), [0.0, 0.0], [1.0, 1.0]),
        (cp.Variable(2, boolean=[(1,)]), [-9.0, 0.0], [9.0, 1.0]),
        (cp.Variable(2, integer=True), [-9.0, -9.0], [9.0, 9.0]),
        (cp.Variable(2, integer=True, bounds=[-2.5, 3.5]), [-2.5, -2.5], [3.5, 3.5]),
        (cp.Variable(2, nonneg=True), [0.0, 0.0], [9.0, 9.0]),
    ],
)
def test_ends_of_the_relaxed_variable(variable: cp.Variable, lowest: list, highest: list) -> None:
    tail = ModelledTail.of(variable, TailTerm(np.zeros(2), np.eye(2), 0.5))
    for sign, ends in ((1.0, lowest), (-1.0, highest)):
        problem = cp.Problem(cp.Minimize(sign * cp.sum(variable)), [cp.abs(variable) <= 9.0])
        copy, (tail_copy,) = relaxed(problem, [tail])
        copy.solve(solver="HIGHS")
        np.testing.assert_allclose(tail_copy.quantities.value, ends, atol=1e-9)
        assert not copy.is_mixed_integer()
    assert tail_copy.multiple is tail.multiple
