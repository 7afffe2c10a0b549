"""What firms' shares and debts are worth in a state of the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.claims import Claims, Cleared, DefaultCosts, Means
from stresstest.kernels.clearing import clear
from stresstest.networks.balance import Balance
from stresstest.networks.state import State

_NO_COSTS = DefaultCosts(1.0, 1.0)


class Values(NamedTuple):
    """`(n_columns, n_firms)` money of equity, and worth of one unit of debt in [0, 1]."""

    equity: FloatArray
    debt: FloatArray


def values_of(balance: Balance, state: State) -> Values:
    """Return what everything is worth: equity is what is left of assets after debts, never negative.

    A debt is worth what is paid on it or what is expected, whichever is less. Stakes are those of before the
    shock, or, once they are marked, the joint solution s = (e + claims + C·s − b)⁺ (Suzuki 2002; Elsinger
    2009).
    """
    debt = np.minimum(state.expected, state.paid)
    assets = business(balance, state) + claims_worth(balance.claims, debt)
    if not state.stakes_marked:
        assets += stakes_worth(balance.claims, np.broadcast_to(balance.equity, debt.shape))
        return Values(np.maximum(assets - balance.owed, 0.0), debt)
    return Values(marked_equity(balance.claims, assets), debt)


def business(balance: Balance, state: State) -> FloatArray:
    """Return `(n_columns, n_firms)` what firms own outside the network: at least what creditors would sell.

    A business that is worth less as a going concern than what its plant fetches is worth what it fetches: its
    creditors close it.
    """
    floor = balance.salvage
    if np.any(floor * balance.chips > 0.0):
        floor = floor * np.where(balance.chips > 0.0, lowest_price(state)[:, None], 1.0)
    return np.maximum(balance.external - state.total_loss, floor)


def lowest_price(state: State) -> FloatArray:
    """Return `(n_columns,)` the lowest price of any generation of chips, over its base."""
    lowest = np.ones(state.n_columns)
    for price in state.prices.values():
        np.minimum(lowest, price, out=lowest)
    return lowest


def claims_worth(claims: Claims, debt: FloatArray) -> FloatArray:
    """Return `(n_columns, n_firms)` the money that claims in the network are worth."""
    worth = np.zeros(debt.shape)
    for owner, debtor, share in _entries(claims.claim_offsets, claims.claim_debtors, claims.claim_shares):
        worth[:, owner] += share * claims.obligations[debtor] * debt[:, debtor]
    return worth


def stakes_worth(claims: Claims, equity: FloatArray) -> FloatArray:
    """Return `(n_columns, n_firms)` the money that stakes in the network are worth."""
    worth = np.zeros(equity.shape)
    for owner, firm, share in _entries(claims.stake_offsets, claims.stake_firms, claims.stake_shares):
        worth[:, owner] += share * equity[:, firm]
    return worth


def marked_equity(claims: Claims, assets: FloatArray) -> FloatArray:
    """Return the equity of firms that own `assets` `(n_columns, n_firms)` and stakes in one another."""
    without = claims._replace(
        claim_offsets=np.zeros_like(claims.claim_offsets),
        claim_debtors=claims.claim_debtors[:0],
        claim_shares=claims.claim_shares[:0],
    )
    out = Cleared(*(np.empty(assets.shape) for _ in range(3)))
    means = Means(np.ascontiguousarray(assets), claims.obligations[None, :])
    clear(without, _NO_COSTS, means, True, out)
    return out.equity


def _entries(offsets: IntArray, columns: IntArray, values: FloatArray) -> Iterator[tuple[int, int, float]]:
    """Yield (row, column, value) of a ragged table, row by row."""
    bounds = offsets.tolist()
    for row in range(len(bounds) - 1):
        for place in range(bounds[row], bounds[row + 1]):
            yield row, int(columns[place]), float(values[place])
