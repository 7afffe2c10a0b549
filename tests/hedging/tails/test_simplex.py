"""Programs given to the solver: columns with gains, and the master of the cuts."""

from __future__ import annotations

import numpy as np
import pytest
from tests.fixtures.tail_problems import allocation, heavy_tails

from stresstest.arrays import frozen
from stresstest.hedging.tails.rows import TailRows
from stresstest.hedging.tails.scaling import scaling
from stresstest.hedging.tails.simplex import Columns, Found, Master, solve_columns


def columns(gain: list[float]) -> Columns:
    return Columns(
        np.array(gain),
        np.zeros(3),
        np.array([1.0, 2.0, np.inf]),
        np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]),
    )


def test_amounts_of_most_gain_and_worth_of_the_ends() -> None:
    amounts, worth = solve_columns(columns([5.0, 1.0, -1.0]), np.array([2.0, 3.0]))
    np.testing.assert_allclose(amounts, [1.0, 1.0, 2.0])
    np.testing.assert_allclose(worth, [1.0, -1.0])


@pytest.mark.parametrize(("gain", "ends"), [([0.0, 0.0, 0.0], [9.0, 0.0]), ([0.0, 0.0, 1.0], [1.0, -1.0])])
def test_no_amounts_are_none(gain: list[float], ends: list[float]) -> None:
    assert solve_columns(columns(gain), np.array(ends)) is None


def test_columns_are_joined_in_order() -> None:
    joined = Columns.joined([columns([1.0, 2.0, 3.0]), columns([4.0, 5.0, 6.0])])
    assert joined.gain.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert joined.matrix.shape == (6, 2)


def test_the_master_rises_with_cuts_to_the_objective() -> None:
    program = allocation(heavy_tails(4, 300))
    master = Master(program, scaling(program))
    rows = TailRows(program.terms[0])
    master.add(0, rows.cut(frozen(np.full(4, 0.25))))
    master.price()
    before = -np.inf
    for _ in range(60):
        assert master.solve() == Found.kOptimal
        point, value = master.point()
        assert value >= before - 1e-9
        assert value <= program.objective(point) + 1e-9
        before = value
        master.add(0, rows.cut(point))
    assert value == pytest.approx(program.objective(point), rel=1e-6)
    prices, cuts = master.prices()
    assert len(prices) == 1
    assert (cuts >= -1e-9).all()
    assert cuts.sum() > 0.0
