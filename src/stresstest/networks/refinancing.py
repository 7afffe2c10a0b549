"""Debt that falls due within the horizon, and who can borrow again to repay it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.networks.failures import CAUSE
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import Node
from stresstest.networks.runway import MONTHS_OF_YEAR, cash_left
from stresstest.networks.state import State
from stresstest.networks.valuation import business, claims_worth, stakes_worth

_RELATIVE = 1e-9


class Wall(NamedTuple):
    """What cannot be repaid; each `(n_columns, n_firms)`.

    Attributes
    ----------
    unpaid
        Money that falls due within the horizon and is neither refinanced nor in cash that burn has left.
    month
        Of the first day on which that is so; NaN where all is paid.
    """

    unpaid: FloatArray
    month: FloatArray


def maturity_wall(surroundings: Surroundings, state: State, advance: float) -> Wall:
    """Return what firms cannot repay: lenders lend again up to a part of what a firm is worth now.

    A firm that owes more than that part today is lent as much of its worth as it owes today, so that
    without a shock everything is refinanced. Doubt whether it lives is the lenders' question here, and no
    loss that answers it: worth is that of the firm that does.

    Parameters
    ----------
    advance
        Part of a firm's worth that lenders lend against.
    """
    balance = surroundings.balance
    worth = business(balance, replace(state, losses=_without_doubt(state)))
    worth = worth + claims_worth(balance.claims, np.minimum(state.expected, state.paid))
    worth += stakes_worth(balance.claims, np.broadcast_to(balance.equity, worth.shape))
    unpaid, month = np.zeros(worth.shape), np.full(worth.shape, np.nan)
    for place, node in enumerate(surroundings.network.nodes):
        if node.can_default and node.maturities:
            today = node.equity + node.debt
            limit = max(advance, node.debt / today) * worth[:, place]
            unpaid[:, place], month[:, place] = unpaid_of(surroundings, node, node.debt - limit)
    return Wall(unpaid, month)


def _without_doubt(state: State) -> Mapping[str, FloatArray]:
    """Return the losses, that of failure only where a firm has failed."""
    return {cause: loss * state.failed if cause == CAUSE else loss for cause, loss in state.losses.items()}


def unpaid_of(
    surroundings: Surroundings, node: Node, over_limit: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return `(n_columns,)` what a firm cannot repay within the horizon, and the month of the first such day.

    Parameters
    ----------
    over_limit
        `(n_columns,)` debt beyond what lenders would hold.
    """
    last = surroundings.as_of + timedelta(days=round(surroundings.horizon_years * DAYS_PER_YEAR))
    unpaid, month = np.zeros(len(over_limit)), np.full(len(over_limit), np.nan)
    due = 0.0
    for maturity in node.maturities:
        if surroundings.as_of <= maturity.due <= last:
            due += maturity.amount
            cash = cash_left(node, (maturity.due - surroundings.as_of).days / DAYS_PER_YEAR)
            lack = np.minimum(due, np.maximum(over_limit, 0.0)) - cash
            lack = np.where(lack > _RELATIVE * node.debt, lack, 0.0)
            first = (lack > 0.0) & (unpaid == 0.0)
            month = np.where(first, _months(surroundings.as_of, maturity.due), month)
            unpaid = np.maximum(unpaid, lack)
    return unpaid, month


def _months(start: date, end: date) -> float:
    return (end - start).days / DAYS_PER_YEAR * MONTHS_OF_YEAR
