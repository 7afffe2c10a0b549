"""Units are powers of two near the size of the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from tests.fixtures.tail_problems import allocation, heavy_tails

from stresstest.hedging.tails.program import LinearLimits, TailProgram, TailTerm
from stresstest.hedging.tails.scaling import scaling


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e9])
def test_units_follow_the_currency(size: float) -> None:
    returns = heavy_tails(4, 300)
    units = scaling(allocation(size * returns))
    for unit in (*units.loss, *units.variable, *units.row, units.objective):
        assert np.frexp(unit)[0] == 0.5
    assert 0.1 < units.loss[0] / np.median(np.abs(size * returns).mean(axis=1)) < 2.0


def test_a_variable_without_limit_is_sized_by_the_books_losses() -> None:
    term = TailTerm(np.full(10, -1_000.0), np.full((1, 10), 2.0), 0.9)
    free = LinearLimits.of(np.full(1, -np.inf), np.full(1, np.inf))
    units = scaling(TailProgram((term,), free, np.zeros(1)))
    assert 250.0 <= units.variable[0] <= 500.0


def test_nothing_to_measure_by_is_one() -> None:
    term = TailTerm(np.zeros(3), np.zeros((2, 3)), 0.9)
    free = LinearLimits.of(np.full(2, -np.inf), np.full(2, np.inf))
    units = scaling(TailProgram((term,), free, np.zeros(2)))
    assert units.loss.tolist() == [1.0]
    assert units.variable.tolist() == [1.0, 1.0]
