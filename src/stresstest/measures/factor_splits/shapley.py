"""Shapley values: what each of a few players adds to a game, averaged over all orders to come in."""

from __future__ import annotations

from math import factorial

import numpy as np

from stresstest.arrays import FloatArray

MOST_PLAYERS = 12
"""Players of a game that is solved exactly: 4,096 coalitions."""


def coalitions(n_players: int) -> FloatArray:
    """Return `(2 ** n_players, n_players)`: 1 in row `m` for player `b` where bit b of m is set.

    Examples
    --------
    >>> coalitions(2).tolist()
    [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    """
    masks = np.arange(1 << n_players)[:, np.newaxis]
    members: FloatArray = ((masks >> np.arange(n_players)) & 1).astype(np.float64)
    return members


def shapley_values(worth: FloatArray) -> FloatArray:
    """Return `(n_games, n_players)` Shapley values of games, each given by what every coalition is worth.

    φ_b = Σ over S without b of |S|! (n − |S| − 1)! ÷ n! · (v(S ∪ b) − v(S)). They add up to v(all) − v(none);
    players that add the same to every coalition get the same, one that adds nothing gets 0; the values of a
    sum of games are the sums of their values.

    Parameters
    ----------
    worth
        `(n_games, 2 ** n_players)`, coalitions in the order of `coalitions`.

    References
    ----------
    L. S. Shapley, "A value for n-person games", in Contributions to the Theory of Games II, Annals of
    Mathematics Studies 28 (1953) 307.

    Examples
    --------
    >>> shapley_values(np.array([[0.0, 1.0, 2.0, 5.0]])).tolist()
    [[2.0, 3.0]]
    """
    n_games, n_masks = worth.shape
    n_players = n_masks.bit_length() - 1
    sizes = coalitions(n_players).sum(axis=1).astype(np.int64)
    weight = [factorial(s) * factorial(n_players - s - 1) / factorial(n_players) for s in range(n_players)]
    values = np.empty((n_games, n_players))
    masks = np.arange(n_masks)
    for player in range(n_players):
        without = masks[(masks >> player) & 1 == 0]
        gains = worth[:, without | (1 << player)] - worth[:, without]
        values[:, player] = (gains * np.array(weight)[sizes[without]]).sum(axis=1)
    return values
