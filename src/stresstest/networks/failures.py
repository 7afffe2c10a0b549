"""What failing does at once: the firm's orders end, and its business is worth what it fetches in failure."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.networks.mechanism import Setting, Surroundings
from stresstest.networks.state import State

CAUSE = "failure"
"""Under which the loss of a failed firm's own business is kept."""

LIQUIDATION = Setting(
    "liquidation",
    0.1,
    0.0,
    1.0,
    "judgement: what a failed lab's models and staff fetch, where the network states no salvage",
    percent=True,
)
"""Setting of the mechanisms by which firms fail."""


def with_failures(
    surroundings: Surroundings, state: State, failing: BoolArray, month: FloatArray, liquidation: float
) -> State:
    """Return the state in which firms have failed, those that had before included.

    Parameters
    ----------
    failing, month
        `(n_columns, n_firms)`: who fails, and in which month; read only where one fails.
    liquidation
        Part of its business that a failed firm fetches where its node states no salvage.
    """
    failed = np.maximum(state.failed, failing)
    months = np.where(failing, np.fmin(state.month, month), state.month)
    cuts = state.order_cuts.copy()
    for place, order in enumerate(surroundings.orders):
        np.maximum(cuts[:, place], failed[:, order.customer], out=cuts[:, place])
    changed = replace(state, failed=failed, month=months, order_cuts=cuts)
    loss = _own_loss(surroundings, changed, liquidation) if np.any(failed) else np.zeros(failed.shape)
    return replace(changed, losses=changed.with_loss(CAUSE, loss))


def _own_loss(surroundings: Surroundings, state: State, liquidation: float) -> FloatArray:
    """Return what a failed business loses beyond its other losses, down to what it fetches."""
    external = surroundings.balance.external
    others = np.zeros(state.failed.shape)
    for cause, loss in state.losses.items():
        if cause != CAUSE:
            others += loss
    fetched = np.empty(state.failed.shape)
    for place, node in enumerate(surroundings.network.nodes):
        worth = liquidation * external[place] if isnan(node.salvage) else node.salvage
        fetched[:, place] = min(worth, external[place]) * (_lowest_price(state) if node.lets_chips else 1.0)
    return np.asarray(state.failed * np.maximum(external - others - fetched, 0.0))


def _lowest_price(state: State) -> FloatArray:
    """Return `(n_columns,)` the lowest price of any generation of chips, over its base."""
    lowest = np.ones(len(state.failed))
    for price in state.prices.values():
        np.minimum(lowest, price, out=lowest)
    return lowest
