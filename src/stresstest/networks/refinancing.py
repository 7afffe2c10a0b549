"""Debt that falls due within the horizon, and who can borrow again to repay it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import Node
from stresstest.networks.state import State
from stresstest.networks.valuation import business, claims_worth, stakes_worth

_DAYS_OF_YEAR = 365.0
_MONTHS_OF_YEAR = 12.0
_RELATIVE = 1e-9


class Wall(NamedTuple):
    """What cannot be repaid; each `(n_columns, n_firms)`.

    Attributes
    ----------
    unpaid
        Money that falls due within the horizon and is neither refinanced nor in cash.
    month
        Of the first day on which that is so; NaN where all is paid.
    """

    unpaid: FloatArray
    month: FloatArray


def maturity_wall(surroundings: Surroundings, state: State, advance: float) -> Wall:
    """Return what firms cannot repay: lenders lend again up to a part of what a firm is worth now.

    A firm that owes more than that part today is lent as much of its worth as it owes today, so that
    without a shock everything is refinanced.

    Parameters
    ----------
    advance
        Part of a firm's worth that lenders lend against.
    """
    balance = surroundings.balance
    worth = business(balance, state)
    worth = worth + claims_worth(balance.claims, np.minimum(state.expected, state.paid))
    worth += stakes_worth(balance.claims, np.broadcast_to(balance.equity, worth.shape))
    unpaid, month = np.zeros(worth.shape), np.full(worth.shape, np.nan)
    for place, node in enumerate(surroundings.network.nodes):
        if node.can_default and node.maturities:
            today = node.equity + node.debt
            limit = max(advance, node.debt / today) * worth[:, place]
            unpaid[:, place], month[:, place] = unpaid_of(surroundings, node, node.debt - limit)
    return Wall(unpaid, month)


def unpaid_of(
    surroundings: Surroundings, node: Node, over_limit: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return `(n_columns,)` what a firm cannot repay within the horizon, and the month of the first such day.

    Parameters
    ----------
    over_limit
        `(n_columns,)` debt beyond what lenders would hold.
    """
    last = surroundings.as_of + timedelta(days=round(surroundings.horizon_years * _DAYS_OF_YEAR))
    unpaid, month = np.zeros(len(over_limit)), np.full(len(over_limit), np.nan)
    due = 0.0
    for maturity in node.maturities:
        if surroundings.as_of < maturity.due <= last:
            due += maturity.amount
            lack = np.minimum(due, np.maximum(over_limit, 0.0)) - node.cash
            lack = np.where(lack > _RELATIVE * node.debt, lack, 0.0)
            first = (lack > 0.0) & (unpaid == 0.0)
            month = np.where(first, _months(surroundings.as_of, maturity.due), month)
            unpaid = np.maximum(unpaid, lack)
    return unpaid, month


def _months(start: date, end: date) -> float:
    return (end - start).days / _DAYS_OF_YEAR * _MONTHS_OF_YEAR
