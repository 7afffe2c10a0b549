"""A firm that burns money and cannot raise more: first it spends less, then it cancels orders, then it fails.

Contracts to buy are executory: when the customer fails, the supplier loses the margin that it would have
earned, and keeps a claim for damages, capped and unsecured; never the contract's face.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.networks.mechanism import Mechanism, Setting, Surroundings, Timescale
from stresstest.networks.model import STATUSES
from stresstest.networks.state import State
from stresstest.networks.valuation import values_of

_NAME = "funding_runway"
_OWN, _CONTRACTS = "funding_runway", "lost_contracts"
_FIRM_STATUSES = ("funded", "committed", "contract")


class _Firm(NamedTuple):
    """A firm that burns money: its place, its orders (the loosest first), who has promised it new money."""

    place: int
    orders: tuple[int, ...]


def run(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with orders cancelled, months of failure, and what suppliers and failed firms lose."""
    arriving = _new_money(surroundings, state, settings)
    failed, month = state.failed.copy(), state.month.copy()
    cuts = state.order_cuts.copy()
    for firm in _firms(surroundings):
        _spend(surroundings, firm, _Purse(state, arriving[:, firm.place], settings), (failed, month, cuts))
    losses = {
        **state.losses,
        _OWN: surroundings.balance.external * failed * (1.0 - settings["liquidation"]),
        _CONTRACTS: _contract_losses(surroundings, failed, settings),
    }
    return replace(state, failed=failed, month=month, order_cuts=cuts, losses=losses)


class _Purse(NamedTuple):
    """What a firm can count on in each column: new money over the horizon `(n_columns,)`."""

    state: State
    arriving: FloatArray
    settings: Mapping[str, float]


def _firms(surroundings: Surroundings) -> list[_Firm]:
    orders = surroundings.orders
    found = []
    for place, node in enumerate(surroundings.network.nodes):
        if node.burn > 0.0 and node.can_default:
            own = [number for number, order in enumerate(orders) if order.customer == place]
            found.append(_Firm(place, tuple(sorted(own, key=lambda number: -orders[number].rank))))
    return found


def _new_money(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> FloatArray:
    """Return `(n_columns, n_firms)` money that investors pay in over the horizon.

    An investor that has lost more than `investor_stop` of its value pays nothing more that is not firmly
    committed: the circle of the article, in which the supplier is the customer's source of money.
    """
    network, balance = surroundings.network, surroundings.balance
    equity = values_of(balance, state).equity
    place = network.index
    arriving = np.zeros(state.paid.shape)
    for edge in network.of_type("equity_commitment"):
        investor, firm = place[edge.first], place[edge.second]
        left = edge.amount - (edge.drawn if edge.drawn == edge.drawn else 0.0)
        due = (
            left if edge.per_year != edge.per_year else min(edge.per_year * surroundings.horizon_years, left)
        )
        lost = 1.0 - equity[:, investor] / balance.equity[investor] if balance.equity[investor] > 0.0 else 0.0
        firmly = edge.status in _FIRM_STATUSES
        limit = settings["investor_stop"] if firmly else settings["conditional_stop"]
        arriving[:, firm] += np.where(lost > limit, 0.0, due) * state.funding[:, firm]
    return arriving


def _spend(
    surroundings: Surroundings, firm: _Firm, purse: _Purse, out: tuple[FloatArray, FloatArray, FloatArray]
) -> None:
    """Write in which columns a firm fails, in which month, and what it cancels before that.

    What it lacks over the horizon is first saved on its own costs, then on orders, the loosest first; it
    fails where that does not do, in the month in which cash and new money end.
    """
    failed, month, cuts = out
    node, years = surroundings.network.nodes[firm.place], surroundings.horizon_years
    state, settings = purse.state, purse.settings
    burn = node.burn + node.revenue * state.revenue_fall[:, firm.place]
    lack = np.maximum(burn * years - purse.arriving - node.cash, 0.0)
    lack = np.maximum(lack - settings["burn_cut"] * burn * years, 0.0)
    for number in firm.orders:
        order = surroundings.orders[number]
        if order.rank < _LOOSE:
            continue
        spare = order.per_year * years
        if spare > 0.0:
            cut = np.minimum(lack / spare, 1.0)
            cuts[:, number] = np.maximum(cuts[:, number], cut)
            lack = lack - cut * spare
        else:
            cuts[:, number] = np.maximum(cuts[:, number], np.where(lack > 0.0, 1.0, 0.0))
    broke = lack > 1e-9 * max(node.burn, 1.0)
    monthly = np.maximum(burn * (1.0 - settings["burn_cut"]) / 12.0, 1e-300)
    runway = (node.cash + purse.arriving) / monthly
    failed[broke, firm.place] = 1.0
    month[broke, firm.place] = np.fmin(month[broke, firm.place], runway[broke])
    for number in firm.orders:
        cuts[broke, number] = 1.0


_LOOSE = STATUSES.index("conditional")


def _contract_losses(
    surroundings: Surroundings, failed: FloatArray, settings: Mapping[str, float]
) -> FloatArray:
    """Return `(n_columns, n_firms)` what suppliers lose by contracts of failed customers for years to come.

    Margin on what is left of the contract, discounted, less damages; and, where the supplier's price rests on
    its backlog, a part of its multiple.
    """
    external = surroundings.balance.external
    margin, backlog = np.zeros(failed.shape), np.zeros(failed.shape)
    for order in surroundings.orders:
        amount = order.to_come * failed[:, order.customer]
        margin[:, order.supplier] += amount * settings["margin"] * settings["present_value"]
        total = surroundings.network.nodes[order.supplier].backlog
        if total > 0.0:
            backlog[:, order.supplier] += amount / total
    kept = np.maximum(external - margin * (1.0 - settings["damages"]), 0.0)
    return external - kept * np.maximum(1.0 - settings["backlog_multiple"] * np.minimum(backlog, 1.0), 0.0)


MECHANISM = Mechanism(
    name=_NAME,
    title="firms that run out of money, and their orders",
    timescale=Timescale.MONTHS,
    settings=(
        Setting("burn_cut", 0.2, 0.0, 1.0, "judgement: what a management saves within months", percent=True),
        Setting(
            "investor_stop",
            0.75,
            0.0,
            1.0,
            "judgement: loss beyond which committed money fails",
            percent=True,
        ),
        Setting(
            "conditional_stop", 0.3, 0.0, 1.0, "judgement: loss beyond which the rest stops", percent=True
        ),
        Setting(
            "liquidation",
            0.1,
            0.0,
            1.0,
            "judgement: what a failed lab's models and staff fetch",
            percent=True,
        ),
        Setting(
            "margin", 0.25, 0.0, 1.0, "judgement: contribution margin on contracts for capacity", percent=True
        ),
        Setting(
            "present_value", 0.6, 0.0, 1.0, "computed: 2027 to 2031 at 9 per cent, after tax", percent=True
        ),
        Setting(
            "damages", 0.05, 0.0, 1.0, "judgement: capped damages that a failed customer pays", percent=True
        ),
        Setting(
            "backlog_multiple",
            0.0,
            0.0,
            1.0,
            "judgement: part of the price that rests on backlog",
            percent=True,
        ),
    ),
    run=run,
    reference="executory contracts: 11 U.S.C. section 365; runway as cash over burn",
)
