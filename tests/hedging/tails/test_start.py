"""The first answer: near the optimum with tail shares that prove it, from a good point or a bad one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.fixtures.tail_problems import allocation, expanded_optimum, heavy_tails, stressed

from stresstest.hedging.tails.certificate import Multipliers, lower_bound
from stresstest.hedging.tails.program import LinearLimits, TailProgram, TailTerm
from stresstest.hedging.tails.scaling import scaling
from stresstest.hedging.tails.start import near_optimum


@pytest.mark.parametrize("probability", [None, stressed(3_000)], ids=["alike", "stressed"])
@pytest.mark.parametrize("level", [0.9, 1.0])
def test_from_even_weights(level: float, probability: np.ndarray | None) -> None:
    program = allocation(heavy_tails(10, 3_000), 0.5, level, probability)
    found = near_optimum(program, scaling(program), np.full(10, 0.1))
    best = expanded_optimum(program)
    assert program.objective(found.variables) == pytest.approx(best, rel=1e-6)
    (share,) = found.shares
    assert share.sum() == pytest.approx(1.0)
    assert (share <= program.terms[0].weight_caps + 1e-9).all()
    losses = -(program.terms[0].unit_pnl @ share)
    cheapest = np.sort(losses)[:2]
    assert lower_bound(program, Multipliers(found.shares, np.array([cheapest[1]]))) == pytest.approx(
        best, rel=1e-6
    )


def test_ranges_and_ends_of_either_side() -> None:
    pnl = heavy_tails(5, 1_200, 3)
    rows = [
        (np.arange(1.0, 6.0), 1.0, 4.0),
        (np.ones(5), -np.inf, 2.0),
        (np.eye(5)[0] - np.eye(5)[1], 0.1, np.inf),
    ]
    limits = LinearLimits.of(
        np.array([-1.0, -np.inf, 0.0, 0.2, -0.5]), np.array([1.0, 1.0, np.inf, 0.2, 0.5]), rows
    )
    term = TailTerm(0.5 * heavy_tails(1, 1_200, 6)[0], pnl, 0.95)
    program = TailProgram((term,), limits, np.full(5, 1e-4))
    found = near_optimum(program, scaling(program), np.array([0.2, 0.0, 0.0, 0.2, 0.0]))
    assert program.objective(found.variables) == pytest.approx(expanded_optimum(program), rel=1e-6)


def test_no_optimum_is_none() -> None:
    term = TailTerm(np.zeros(100), np.ones((1, 100)), 0.9)
    free = LinearLimits.of(np.zeros(1), np.full(1, np.inf))
    program = TailProgram((term,), free, np.zeros(1))
    assert near_optimum(program, scaling(program), np.zeros(1)) is None
