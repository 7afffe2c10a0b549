from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.arrays import frozen
from stresstest.market.keys import RiskFactorKey
from stresstest.reverse.moves import OWN, MoveSpace


def space_of(seed: int, n: int = 5, k: int = 3, years: float = 0.5) -> MoveSpace:
    random = np.random.default_rng(seed)
    root = random.normal(size=(k, k))
    return MoveSpace(
        keys=tuple(RiskFactorKey("spot", f"N{number}") for number in range(n)),
        factors=tuple(f"f{number}" for number in range(k)),
        exposures=frozen(random.normal(size=(n, k))),
        covariance=frozen(root @ root.T + 0.05 * np.eye(k)),
        own_deviation=frozen(random.uniform(0.1, 1.0, n)),
        groups=("a", "a", "b", "b", "c")[:n],
        years=years,
    )


def covariance_of(space: MoveSpace) -> np.ndarray:
    systematic = space.exposures @ space.covariance @ space.exposures.T
    return space.years * (systematic + np.diag(space.own_deviation**2))


@given(st.integers(0, 10_000))
def test_coordinates_are_standard_normals_of_the_covariance(seed: int) -> None:
    space = space_of(seed)
    matrix = np.array([space.move(row) for row in np.eye(8)])
    assert matrix.T @ matrix == pytest.approx(covariance_of(space), rel=1e-9, abs=1e-9)
    assert space.deviations == pytest.approx(np.sqrt(np.diag(covariance_of(space))), rel=1e-12)


@given(st.integers(0, 10_000))
def test_the_distance_is_mahalanobis_and_the_pull_its_shortest_way(seed: int) -> None:
    space = space_of(seed)
    random = np.random.default_rng(seed + 1)
    move, gradient = random.normal(size=(2, 5))
    exact = np.sqrt(move @ np.linalg.solve(covariance_of(space), move))
    assert space.distance(move) == pytest.approx(float(exact), rel=1e-8)
    coordinates = space.pull(gradient)
    assert space.move(coordinates) == pytest.approx(covariance_of(space) @ gradient, rel=1e-9, abs=1e-9)
    length = float(np.sqrt(coordinates @ coordinates))
    assert space.distance(space.move(coordinates)) == pytest.approx(length, rel=1e-8)
    assert space.cosine(move, 2.0 * move) == pytest.approx(1.0, abs=1e-9)
    assert space.cosine(move, np.zeros(5)) == 1.0


@given(st.integers(0, 10_000))
def test_held_drivers_stand_still(seed: int) -> None:
    space = space_of(seed).holding(["f1", OWN + "b"])
    coordinates = np.random.default_rng(seed).normal(size=7)
    assert space.drivers == ("f0", "f2", OWN + "a", OWN + "c")
    assert set(space.shifts(coordinates)) == {"f0", "f2"}
    # Given f1 = 0 and no own moves of b, the covariance is that of the conditional normal.
    whole, still, free = space.covariance, [1], [0, 2]
    given = whole[np.ix_(free, free)] - whole[np.ix_(free, still)] @ whole[np.ix_(still, free)] / whole[1, 1]
    own = np.diag(space.own_deviation**2) * np.array([1.0, 1.0, 0.0, 0.0, 1.0])
    loadings = space.exposures[:, free]
    expected = space.years * (loadings @ given @ loadings.T + own)
    matrix = np.array([space.move(row) for row in np.eye(7)])
    assert matrix.T @ matrix == pytest.approx(expected, rel=1e-8, abs=1e-9)


@given(st.integers(0, 10_000), st.booleans())
def test_parts_by_driver_add_up(seed: int, holds: bool) -> None:
    space = space_of(seed).holding(["f0"] if holds else [])
    random = np.random.default_rng(seed + 2)
    coordinates, gradient = random.normal(size=7 if holds else 8), random.normal(size=5)
    parts = space.parts(coordinates, gradient)
    assert set(parts) == set(space.drivers)
    assert sum(parts.values()) == pytest.approx(float(gradient @ space.move(coordinates)), rel=1e-9, abs=1e-9)


def test_everything_held_leaves_nothing() -> None:
    space = space_of(3).holding(["f0", "f1", "f2", OWN + "a", OWN + "b", OWN + "c"])
    assert space.drivers == ()
    assert space.move(np.ones(5)).tolist() == [0.0] * 5
