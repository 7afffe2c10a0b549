"""What failing does, and the doubt before it: orders end, and a business is worth what it fetches.

Doubt is the probability that a firm's money ends. Until it does, shares, debts and contracts are worth their
expectation over both ends: with it equity is (1 − p)·E and a unit of debt 1 − p·(1 − R), so that nothing
falls by all of its loss on the day that the last coin is spent (R. Jarrow and S. Turnbull, Journal of Finance
50 (1995) 53: a claim as its promise and its recovery, weighted).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isnan

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.networks.mechanism import Setting, Surroundings
from stresstest.networks.state import State
from stresstest.networks.valuation import claims_worth, lowest_price, stakes_worth

CAUSE = "failure"
"""Under which the loss of a failed or doubted firm's own business is kept."""

RECOVERED = Setting(
    "external_recovered",
    0.7,
    0.0,
    1.0,
    "judgement: firms in bankruptcy lose a quarter to a third of their value",
    percent=True,
)
"""Part of what a business fetches that is left for its creditors; as in clearing."""

LIQUIDATION = Setting(
    "liquidation",
    0.1,
    0.0,
    1.0,
    "judgement: what a failed lab's models and staff fetch, where the network states no salvage",
    percent=True,
)
"""The second setting of the mechanisms by which firms fail."""


def with_failures(
    surroundings: Surroundings,
    state: State,
    failing: FloatArray,
    month: FloatArray,
    settings: Mapping[str, float],
) -> State:
    """Return the state in which firms have failed or are doubted, those that were before included.

    Parameters
    ----------
    failing, month
        `(n_columns, n_firms)`: probability with which a firm's money ends, 1 where it does; and the month of
        that, read only there.
    settings
        Those of the mechanism, `LIQUIDATION` and `RECOVERED` among them.
    """
    ending = failing >= 1.0
    failed = np.maximum(state.failed, ending)
    doubt = np.maximum(np.maximum(state.doubt, failing), failed)
    months = np.where(ending, np.fmin(state.month, month), state.month)
    cuts = state.order_cuts.copy()
    for place, order in enumerate(surroundings.orders):
        np.maximum(cuts[:, place], failed[:, order.customer], out=cuts[:, place])
    changed = replace(state, failed=failed, doubt=doubt, month=months, order_cuts=cuts)
    if not np.any(doubt):
        return replace(changed, losses=changed.with_loss(CAUSE, np.zeros(failed.shape)))
    return _valued(surroundings, changed, settings)


def _valued(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with what failed and doubted firms lose, and what their debts are worth.

    What a failed business loses beyond its other losses goes down to what it fetches; of one that lives its
    shareholders lose no more than they have, and the rest is its creditors' loss. Vehicles ring-fenced from
    it end with it, for their lenders and not for its creditors.
    """
    balance = surroundings.balance
    fetched = _fetched(surroundings, state, settings[LIQUIDATION.name])
    vehicles = stakes_worth(balance.claims, np.broadcast_to(_vehicles(surroundings), fetched.shape))
    owned = claims_worth(balance.claims, np.minimum(state.expected, state.paid))
    owned += stakes_worth(balance.claims, np.broadcast_to(balance.equity, owned.shape))
    living = np.maximum(balance.external - _others(state), 0.0)
    ending = np.maximum(living - fetched, 0.0)
    equity = np.maximum(living + owned - balance.owed, 0.0)
    borne = np.where(state.failed > 0.0, ending, np.minimum(np.minimum(ending + vehicles, living), equity))
    owed = np.where(balance.owed > 0.0, balance.owed, 1.0)
    brought = settings[RECOVERED.name] * fetched + (owned - vehicles)
    recovered = np.where(balance.owed > 0.0, np.minimum(brought / owed, 1.0), 1.0)
    expected = np.minimum(state.expected, 1.0 - state.doubt * (1.0 - recovered))
    return replace(state, expected=expected, losses=state.with_loss(CAUSE, state.doubt * borne))


def _vehicles(surroundings: Surroundings) -> FloatArray:
    """Return the equity of vehicles ring-fenced from some firm, 0 for other firms."""
    nodes = surroundings.network.nodes
    return np.array([node.equity if node.parent else 0.0 for node in nodes])


def _others(state: State) -> FloatArray:
    """Return the losses of businesses to everything else."""
    total = np.zeros(state.failed.shape)
    for cause, loss in state.losses.items():
        if cause != CAUSE:
            total += loss
    return total


def _fetched(surroundings: Surroundings, state: State, liquidation: float) -> FloatArray:
    """Return what businesses fetch once they have failed."""
    external, lowest = surroundings.balance.external, lowest_price(state)
    fetched = np.empty(state.failed.shape)
    for place, node in enumerate(surroundings.network.nodes):
        worth = liquidation * external[place] if isnan(node.salvage) else node.salvage
        fetched[:, place] = min(worth, external[place]) * (lowest if node.lets_chips else 1.0)
    return fetched
