import cvxpy as cp
import numpy as np
import pytest

from stresstest.arrays import frozen
from stresstest.hedging.program.cone_cuts import ModelledCone
from stresstest.hedging.program.trade_rows import AffineMap, ConeRows
from stresstest.hedging.rules.built import Cone

POINT = cp.Variable(3)
"""Two trades and the cost."""


def rows(power: int, bound: float = 1.0, kept: bool = False) -> ConeRows:
    shape = Cone(None, None, power, (lambda _: True) if kept else None)
    vector = AffineMap(frozen([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), frozen([0.0, 0.0]))
    return ConeRows("r", vector, AffineMap(frozen([[0.0, 0.0, 0.0]]), frozen([bound])), shape)


def furthest(cone: ModelledCone) -> float:
    """Return how far along the diagonal the rows of a cone let the trades go."""
    problem = cp.Problem(cp.Maximize(POINT[0] + POINT[1]), [*cone.constraints(), cp.abs(POINT) <= 5.0])
    return float(problem.solve(solver=cp.CLARABEL))


@pytest.mark.parametrize("power", [2, 4])
def test_a_whole_cone_is_exact(power: int) -> None:
    assert furthest(ModelledCone(rows(power), POINT, whole=True)) == pytest.approx(
        2.0 * 0.5 ** (1.0 / power), rel=1e-6
    )


@pytest.mark.parametrize("power", [2, 4])
def test_cuts_hold_for_all_of_the_cone_and_touch_it_where_they_were_made(power: int) -> None:
    cone, exact = ModelledCone(rows(power), POINT, whole=False), 2.0 * 0.5 ** (1.0 / power)
    assert furthest(cone) > exact + 1.0
    cone.cut_at(np.array([1.0, 0.2]), 0.0)
    assert furthest(cone) >= exact - 1e-7
    cone.cut_at(np.full(2, 0.5 * exact), 0.0)
    assert furthest(cone) == pytest.approx(exact, rel=1e-6)


def test_cuts_at_ratios_all_over_come_close_from_every_side() -> None:
    cone = ModelledCone(rows(2), POINT, whole=False)
    cone.spread_cuts(np.array([0.9, 0.4]), 0.0, np.full(2, 1.0))
    assert cone.is_active
    for angle in np.linspace(0.0, 0.5 * np.pi, 7):
        way = np.array([np.cos(angle), np.sin(angle), 0.0])
        reach = cp.Problem(cp.Maximize(way @ POINT), [*cone.constraints(), cp.abs(POINT) <= 5.0]).solve(
            solver=cp.CLARABEL
        )
        assert 1.0 - 1e-7 <= reach <= 1.35


def test_a_cone_that_is_far_from_tight_is_left_out_until_it_is_broken() -> None:
    cone = ModelledCone(rows(2), POINT, whole=False)
    cone.spread_cuts(np.array([0.1, 0.1]), 0.0, np.full(2, 1.0))
    assert not cone.is_active
    assert cone.constraints() == []


def test_a_cone_that_only_implies_its_rule_waits() -> None:
    assert not ModelledCone(rows(2, kept=True), POINT, whole=True).is_active
