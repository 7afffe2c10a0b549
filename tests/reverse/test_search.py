from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.fixtures.books import instrument, portfolio

import stresstest
from stresstest import api
from stresstest.arrays import FloatArray, frozen
from stresstest.market.keys import RiskFactorKey
from stresstest.reverse.linear import central_scenario
from stresstest.reverse.losses import LossFunction
from stresstest.reverse.moves import MoveSpace
from stresstest.reverse.search import FARTHEST, Search

KEYS = tuple(RiskFactorKey("spot", name) for name in ("NVDA", "META", "KO"))


class Smooth:
    """A loss in closed form, with its exact derivative."""

    def __init__(
        self, value: Callable[[FloatArray], float], slope: Callable[[FloatArray], FloatArray]
    ) -> None:
        self.value, self.slope = value, slope

    def __call__(self, moves: Sequence[FloatArray] | FloatArray) -> FloatArray:
        return np.array([self.value(move) for move in moves])

    def gradient(self, move: FloatArray) -> tuple[float, FloatArray]:
        return self.value(move), self.slope(move)


def space_of(covariance: FloatArray) -> MoveSpace:
    """Return a space whose covariance is the one given: eigenvectors as systematic factors."""
    values, vectors = np.linalg.eigh(covariance)
    own = 0.5 * float(values[0])
    n = len(values)
    return MoveSpace(
        KEYS[:n],
        tuple(f"f{number}" for number in range(n)),
        frozen(vectors),
        frozen(np.diag(values - own)),
        frozen(np.full(n, own**0.5)),
        ("all",) * n,
        1.0,
    )


@given(st.integers(0, 10_000), st.floats(0.1, 30.0))
def test_a_linear_loss_has_the_closed_form(seed: int, loss: float) -> None:
    random = np.random.default_rng(seed)
    root = random.normal(size=(3, 3))
    covariance, weights = root @ root.T + 0.1 * np.eye(3), random.normal(size=3)
    expected = central_scenario(covariance, weights, loss)
    linear = Smooth(lambda x: float(weights @ x), lambda _: weights)
    found = Search(linear, space_of(covariance), loss, loss).design_point()
    distance = float(np.sqrt(expected @ np.linalg.solve(covariance, expected)))
    if distance < FARTHEST:
        assert found.reached
        assert found.move == pytest.approx(expected, rel=1e-10, abs=1e-10 * float(np.abs(expected).max()))
        assert found.length == pytest.approx(distance, rel=1e-9)


def test_a_loss_both_ways_without_slope_is_found_from_other_starts() -> None:
    """A short straddle: 2 x² + y², least far along x, either way."""
    curved = Smooth(
        lambda x: float(2.0 * x[0] ** 2 + x[1] ** 2), lambda x: np.array([4.0 * x[0], 2.0 * x[1]])
    )
    search = Search(curved, space_of(np.eye(2)), 8.0, 8.0)
    assert not search.design_point().reached
    found = search.everywhere()
    assert found.reached
    assert np.abs(found.move) == pytest.approx([2.0, 0.0], abs=1e-4)
    assert found.length == pytest.approx(2.0, abs=1e-6)


def test_the_nearer_of_two_valleys_is_found_though_the_slope_at_base_points_to_the_other() -> None:
    def value(x: FloatArray) -> float:
        return float(x[0] + 4.0 * max(-x[0] - 1.0, 0.0) ** 2 + 0.1 * x[1] ** 2)

    def slope(x: FloatArray) -> FloatArray:
        return np.array([1.0 - 8.0 * max(-x[0] - 1.0, 0.0), 0.2 * x[1]])

    search = Search(Smooth(value, slope), space_of(np.eye(2)), 10.0, 10.0)
    assert search.design_point().move[0] == pytest.approx(10.0, abs=1e-4)
    found = search.everywhere()
    assert found.reached
    assert found.move[0] < -2.0
    assert found.length < 4.0


def test_what_is_out_of_reach_gives_the_most_that_can_be_lost() -> None:
    bounded = Smooth(
        lambda x: float(1.0 - np.exp(-max(x[0], 0.0))),
        lambda x: np.array([float(np.exp(-x[0])) if x[0] >= 0.0 else 0.0, 0.0]),
    )
    found = Search(bounded, space_of(np.eye(2)), 1.5, 1.0).everywhere()
    assert not found.reached
    assert found.loss == pytest.approx(1.0, abs=1e-6)
    assert found.length <= FARTHEST * (1.0 + 1e-12)


def test_a_loss_that_nothing_moves_ends_at_once() -> None:
    still = Smooth(lambda _: 0.0, lambda x: np.zeros(len(x)))
    found = Search(still, space_of(np.eye(2)), 1.0, 1.0).everywhere()
    assert (found.reached, found.loss) == (False, 0.0)


# A book with options against brute force: every direction on a fine grid, the target found along each.

MARKET = stresstest.load_market()
OPTIONS = [
    ("nvda", instrument("equity", issuer="NVDA"), 100.0),
    (
        "nvda-put",
        instrument("european_option", underlying="NVDA", right="put", strike=170.0, expiry="2026-03-20"),
        -300.0,
    ),
    (
        "meta-call",
        instrument("european_option", underlying="META", right="call", strike=750.0, expiry="2026-03-20"),
        -120.0,
    ),
    ("ko", instrument("equity", issuer="KO"), 900.0),
]


def option_loss(n: int) -> tuple[LossFunction, MoveSpace, float]:
    model = MARKET.factor_model
    assert model is not None
    book = api.compile_portfolios(portfolio(OPTIONS), MARKET)
    keys = KEYS[:n]
    space = MoveSpace.of(model, "stressed", dict.fromkeys(keys, "shares"), 0.5)
    loss = LossFunction(book, keys, 0, space.deviations)
    return loss, space, float(loss.positions([np.zeros(n)]).base_value)


def directions(n: int, steps: int) -> FloatArray:
    """Return unit vectors of n dimensions: a regular grid of angles."""
    if n == 2:
        angles = 2.0 * np.pi * np.arange(steps) / steps
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)
    grid = [
        (np.sin(a) * np.cos(b), np.sin(a) * np.sin(b), np.cos(a))
        for a, b in product(
            np.pi * (np.arange(steps // 2) + 0.5) / (steps // 2), 2.0 * np.pi * np.arange(steps) / steps
        )
    ]
    return np.array(grid)


def brute_force(loss: LossFunction, space: MoveSpace, target: float, steps: int) -> float:
    """Return the least distance of any direction in the metric of the covariance, by bisection along each."""
    n = len(space.keys)
    root = np.linalg.cholesky(_covariance(space))
    ways = directions(n, steps) @ root.T
    low, high = np.zeros(len(ways)), np.full(len(ways), 6.0)
    radii = np.linspace(0.0, 6.0, 61)
    costs = np.array([loss(radius * ways) for radius in radii])
    first = np.argmax(costs >= target, axis=0)
    reached = (costs >= target).any(axis=0)
    low[reached], high[reached] = radii[first[reached] - 1], radii[first[reached]]
    for _ in range(40):
        middle = 0.5 * (low + high)
        enough = loss(middle[:, np.newaxis] * ways) >= target
        high, low = np.where(enough, middle, high), np.where(enough, low, middle)
    return float(high[reached].min())


def _covariance(space: MoveSpace) -> FloatArray:
    systematic = space.exposures @ space.covariance @ space.exposures.T
    return space.years * (systematic + np.diag(space.own_deviation**2))


@pytest.mark.parametrize(("n", "steps", "near"), [(2, 720, 1e-4), (3, 120, 2e-3)])
def test_a_book_with_options_agrees_with_brute_force(n: int, steps: int, near: float) -> None:
    loss, space, base = option_loss(n)
    for share in (0.1, 0.25):
        target = share * base
        found = Search(loss, space, target, base).everywhere()
        least = brute_force(loss, space, target, steps)
        assert found.reached
        assert found.length <= least * (1.0 + 1e-6)
        assert found.length == pytest.approx(least, rel=near)
        assert float(loss([found.move])[0]) == pytest.approx(target, abs=1e-7 * base)


@settings(max_examples=15)
@example([14, 38, 1, -5], 0.5)  # its least distance lies on the edge of an option that has expired
@given(st.lists(st.integers(-300, 300), min_size=4, max_size=4), st.floats(0.05, 0.5))
def test_no_sampled_move_of_less_distance_costs_the_target(quantities: list[int], share: float) -> None:
    rows = [
        (name, terms, float(amount)) for (name, terms, _), amount in zip(OPTIONS, quantities, strict=True)
    ]
    model = MARKET.factor_model
    assert model is not None
    book = api.compile_portfolios(portfolio(rows), MARKET)
    space = MoveSpace.of(model, "stressed", dict.fromkeys(KEYS, "shares"), 0.5)
    loss = LossFunction(book, KEYS, 0, space.deviations)
    base = abs(float(loss.positions([np.zeros(3)]).base_value)) + 1.0
    found = Search(loss, space, share * base, base).everywhere()
    if found.reached:
        inside = directions(3, 36) @ np.linalg.cholesky(_covariance(space)).T * (found.length * 0.995)
        assert float(loss(inside).max()) < share * base
