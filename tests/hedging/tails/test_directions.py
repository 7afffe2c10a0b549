"""Directions without end: those that lower the objective for ever, and those that only seem to."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.hedging.tails.directions import directions, is_improving_ray
from stresstest.hedging.tails.program import LinearLimits, TailProgram, TailTerm
from stresstest.hedging.tails.scaling import scaling

PNL = np.array([[1.0, 2.0, 1.0], [-1.0, 3.0, 1.0]])


def program(upper: float = np.inf, rows: list = (), cost: float = 0.0) -> TailProgram:
    limits = LinearLimits.of(np.zeros(2), np.full(2, upper), rows)
    return TailProgram((TailTerm(np.array([-5.0, 0.0, 1.0]), PNL, 0.9),), limits, np.full(2, cost))


@pytest.mark.parametrize(
    ("made", "ray", "improves"),
    [
        (program(), [1.0, 0.0], True),
        (program(), [0.0, 1.0], False),
        (program(), [-1.0, 0.0], False),
        (program(upper=7.0), [1.0, 0.0], False),
        (program(cost=1.5), [1.0, 0.0], False),
        (program(rows=[(np.ones(2), -np.inf, 4.0)]), [1.0, 0.0], False),
        (program(rows=[(np.ones(2), 4.0, np.inf)]), [1.0, 0.0], True),
    ],
)
def test_what_improves_for_ever(made: TailProgram, ray: list[float], improves: bool) -> None:
    assert is_improving_ray(made, np.array(ray)) is improves


def test_the_program_of_directions_leaves_book_and_ends_out() -> None:
    made = program(rows=[(np.ones(2), 1.0, 4.0)])
    found = directions(made, scaling(made))
    assert found.terms[0].base_pnl.tolist() == [0.0, 0.0, 0.0]
    assert (found.limits.row_lower.tolist(), found.limits.row_upper.tolist()) == ([0.0], [0.0])
    assert found.limits.lower.tolist() == [0.0, 0.0]
    assert np.isfinite(found.limits.upper).all()
