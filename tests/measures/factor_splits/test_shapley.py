"""Shapley values against all orders written out, and their axioms."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.measures.factor_splits.shapley import coalitions, shapley_values


def by_orders(worth: list[float], n_players: int) -> list[float]:
    """Return the mean of what each player adds over all orders: the definition."""
    added = [0.0] * n_players
    orders = list(permutations(range(n_players)))
    for order in orders:
        mask = 0
        for player in order:
            added[player] += worth[mask | 1 << player] - worth[mask]
            mask |= 1 << player
    return [total / len(orders) for total in added]


games = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.floats(-1e6, 1e6), min_size=2**n, max_size=2**n).map(lambda worth: (n, worth))
)


@given(games)
def test_they_are_the_mean_over_all_orders(game: tuple[int, list[float]]) -> None:
    n_players, worth = game
    found = shapley_values(np.array([worth]))[0]
    assert found == pytest.approx(by_orders(worth, n_players), abs=1e-8)
    assert found.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-8)


@given(games, st.integers(0, 4), st.floats(-1e3, 1e3))
def test_who_adds_the_same_to_all_gets_that(game: tuple[int, list[float]], place: int, gain: float) -> None:
    n_players, worth = game
    place %= n_players
    members = coalitions(n_players)[:, place] == 1.0
    without = np.array(worth)[np.arange(2**n_players) & ~(1 << place)]
    found = shapley_values((without + gain * members)[np.newaxis])[0]
    assert found[place] == pytest.approx(gain, abs=1e-8)


def test_twelve_players_of_a_product() -> None:
    members = coalitions(12)
    worth = (1.0 + 0.1 * members).prod(axis=1)[np.newaxis]
    assert shapley_values(worth)[0] == pytest.approx([(1.1**12 - 1.0) / 12.0] * 12, rel=1e-12)


def test_nobody_plays() -> None:
    assert shapley_values(np.array([[3.0], [4.0]])).shape == (2, 0)
