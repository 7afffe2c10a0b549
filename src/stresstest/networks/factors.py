"""Between a market and a network: which factors shock firms, and what the firms' losses make of factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels.logarithm import log
from stresstest.market.keys import RiskFactorKey
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import Network, Node
from stresstest.networks.state import State
from stresstest.networks.valuation import Values

Levels = Mapping[RiskFactorKey, float]
Rows = Mapping[RiskFactorKey, FloatArray]

PRIMITIVES = ("capex", "revenue", "funding")
"""Kinds of factors that only networks read: what a firm spends, earns, and is paid in by investors."""

SPREAD_YEARS = 4.0
"""Mean life over which a loss of a debt's worth becomes a spread, continuously compounded."""

_SENIOR, _SECURED, _SUBORDINATED = "senior_unsecured", "secured", "subordinated"
_DIRECT = "direct"


class FactorMove(NamedTuple):
    """What a network makes of a factor: level = base · ratio + shift, each `(n_columns,)`."""

    ratio: FloatArray
    shift: FloatArray


def primitive_levels(network: Network) -> Iterator[tuple[RiskFactorKey, float]]:
    """Yield the factors that shock a network's firms, with their base levels: money a year, funding 1."""
    for node in network.nodes:
        if node.capex > 0.0:
            yield RiskFactorKey("capex", node.issuer), node.capex
        if node.revenue > 0.0:
            yield RiskFactorKey("revenue", node.issuer), node.revenue
        if node.burn > 0.0:
            yield RiskFactorKey("funding", node.issuer), 1.0


def value_factor(node: Node) -> RiskFactorKey:
    """Return the factor that is the price of a firm: its share, or its mark."""
    return RiskFactorKey("private_mark" if node.kind == "private" else "spot", node.issuer)


def start_state(surroundings: Surroundings, base: Levels, moved: Rows, n_columns: int) -> State:
    """Return the state that stated moves of factors put a network in.

    Capex and revenue cut orders and revenue; funding is the part of new money that arrives; a lower price of
    a share or a mark is a loss of the firm's value; rental prices are those of chips. A rise is no shock to
    a network, and a factor that does not move is none.

    Parameters
    ----------
    base
        Levels of the market.
    moved
        `(n_columns,)` levels by factor that lines state; element 0 is the base.
    """
    network, balance = surroundings.network, surroundings.balance
    state = State.unshocked(n_columns, len(network.nodes), len(surroundings.orders))
    lost = np.zeros(state.paid.shape)
    for place, node in enumerate(network.nodes):
        state.purchases_cut[:, place] = _fall(base, moved, RiskFactorKey("capex", node.issuer), n_columns)
        state.revenue_fall[:, place] = _fall(base, moved, RiskFactorKey("revenue", node.issuer), n_columns)
        state.funding[:, place] = 1.0 - _fall(base, moved, RiskFactorKey("funding", node.issuer), n_columns)
        lost[:, place] = balance.equity[place] * _fall(base, moved, value_factor(node), n_columns)
    assets = dict.fromkeys(edge.asset for edge in network.of_type("collateral"))
    prices = {
        asset: 1.0 - _fall(base, moved, RiskFactorKey("rental_rate", asset), n_columns) for asset in assets
    }
    return replace(state, losses={_DIRECT: lost}, prices=prices)


def _fall(base: Levels, moved: Rows, key: RiskFactorKey, n_columns: int) -> FloatArray:
    """Return the part of its base that a factor has lost, 0 where it has not fallen."""
    row, level = moved.get(key), base.get(key, 0.0)
    if row is None or not level > 0.0:
        return np.zeros(n_columns)
    return np.clip(1.0 - row / level, 0.0, 1.0)


def factor_moves(
    surroundings: Surroundings, base: Levels, values: tuple[Values, Values], states: tuple[State, State]
) -> dict[RiskFactorKey, FactorMove]:
    """Return what a network does to factors beyond what was stated: from the first state to the second.

    All is relative to column 0, the network without a shock, so that nothing moves there and a firm that
    fails by itself moves nothing.

    Parameters
    ----------
    values, states
        Before any mechanism, and where the network ended.
    """
    moves: dict[RiskFactorKey, FactorMove] = {}
    before, after = values
    for place, node in enumerate(surroundings.network.nodes):
        key = value_factor(node)
        if key in base:
            ratio = _relative(after.equity[:, place], before.equity[:, place])
            moves[key] = FactorMove(ratio, np.zeros(len(ratio)))
        moves.update(_debt_moves(node, base, after.debt[:, place]))
    for asset, price in states[1].prices.items():
        ratio = _relative(price, states[0].prices[asset])
        for key in base:
            if key.kind == "rental_rate" and key.name == asset:
                moves[key] = FactorMove(ratio, np.zeros(len(ratio)))
    return {key: move for key, move in moves.items() if _moves(move)}


def _relative(after: FloatArray, before: FloatArray) -> FloatArray:
    """Return after over before, over the same of column 0; 0 where nothing is left."""
    ratio = np.where(before > 0.0, after / np.where(before > 0.0, before, 1.0), 0.0)
    return ratio / ratio[0] if ratio[0] > 0.0 else np.ones(len(ratio))


def _debt_moves(node: Node, base: Levels, debt: FloatArray) -> Iterator[tuple[RiskFactorKey, FactorMove]]:
    """Yield what happens to claims on a firm: a wider spread, or a default with what is recovered."""
    worth = np.minimum(debt / debt[0], 1.0) if debt[0] > 0.0 else np.ones(len(debt))
    one, zero = np.ones(len(debt)), np.zeros(len(debt))
    spread = RiskFactorKey("credit_spread", node.issuer)
    if spread in base:
        yield spread, FactorMove(one, np.array([_spread(part) for part in worth.tolist()]))


def _spread(worth: float) -> float:
    """Return the spread under which a debt of `SPREAD_YEARS` is worth a part of what it was; at most 100 %."""
    return min(-float(log(worth)) / SPREAD_YEARS, 1.0) if worth > 0.0 else 1.0


def _moves(move: FactorMove) -> bool:
    return bool(np.any(move.ratio != 1.0) or np.any(move.shift != 0.0))
