"""Between a market and a network: which factors shock firms, and what the firms' losses make of factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels.logarithm import log
from stresstest.market.keys import RiskFactorKey
from stresstest.market.recoveries import CONVENTIONAL_RECOVERY
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import Network, Node
from stresstest.networks.state import DIRECT, State
from stresstest.networks.valuation import Values

Levels = Mapping[RiskFactorKey, float]
Rows = Mapping[RiskFactorKey, FloatArray]

PRIMITIVES = ("capex", "revenue", "funding", "market_value")
"""Kinds of factors that only networks read: what a firm spends, earns, is paid in by investors, and is worth
where a market has no price of it."""

SPREAD_YEARS = 4.0
"""Mean life over which a loss of a debt's worth becomes a spread, continuously compounded."""

_SENIOR, _SECURED, _SUBORDINATED = "senior_unsecured", "secured", "subordinated"
_WHOLE = 1.0 - 1e-9


class FactorMove(NamedTuple):
    """What a network makes of a factor: level = base · ratio + shift, each `(n_columns,)`."""

    ratio: FloatArray
    shift: FloatArray


def primitive_levels(network: Network) -> Iterator[tuple[RiskFactorKey, float]]:
    """Yield the factors that a network needs beside those of a market, with their base levels.

    Those that shock its firms: capex and revenue in money a year, funding 1. And of each firm that owes or
    burns money and may fail, whether it has, and what its claims recover then.
    """
    for node in network.nodes:
        if node.capex > 0.0:
            yield RiskFactorKey("capex", node.issuer), node.capex
        if node.revenue > 0.0:
            yield RiskFactorKey("revenue", node.issuer), node.revenue
        if node.burn > 0.0:
            yield RiskFactorKey("funding", node.issuer), 1.0
        if _may_default(node):
            yield RiskFactorKey("default_state", node.issuer), 0.0
            for seniority, recovery in CONVENTIONAL_RECOVERY.items():
                yield RiskFactorKey("recovery_rate", node.issuer, seniority), recovery


def _may_default(node: Node) -> bool:
    return node.can_default and node.kind in ("public", "private") and (node.debt > 0.0 or node.burn > 0.0)


class Unmapped(NamedTuple):
    """A firm of a network whose price a market does not hold: its losses reach no position."""

    firm: str
    factor: RiskFactorKey


def unmapped(network: Network, base: Levels) -> tuple[Unmapped, ...]:
    """Return the firms with shares or a mark that no factor of a market stands for, in order."""
    return tuple(
        Unmapped(node.id, value_factor(node))
        for node in network.nodes
        if node.kind in ("public", "private") and value_factor(node) not in base
    )


def value_factor(node: Node) -> RiskFactorKey:
    """Return the factor that is the price of a firm: its share, or its mark."""
    return RiskFactorKey("private_mark" if node.kind == "private" else "spot", node.issuer)


def unpriced_levels(network: Network, base: Levels) -> Iterator[tuple[RiskFactorKey, float]]:
    """Yield what firms without a price in a market are worth: lines can shock it, no position reads it."""
    names = {missing.firm for missing in unmapped(network, base)}
    for node in network.nodes:
        if node.id in names and node.equity > 0.0:
            yield RiskFactorKey("market_value", node.issuer), node.equity


def price_factor(node: Node, base: Levels) -> RiskFactorKey:
    """Return the factor that a firm's losses move: its price, or its market value where there is none."""
    key = value_factor(node)
    return key if key in base else RiskFactorKey("market_value", node.issuer)


def start_state(surroundings: Surroundings, base: Levels, moved: Rows, n_columns: int) -> State:
    """Return the state that stated moves of factors put a network in.

    Capex and revenue cut orders and revenue; funding is the part of new money that arrives; a lower price of
    a share or a mark, or a lower market value where there is none, is a loss of the firm's value; rental
    prices are those of chips. A rise is no shock to
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
        lost[:, place] = balance.equity[place] * _fall(base, moved, price_factor(node, base), n_columns)
    assets = dict.fromkeys(edge.asset for edge in network.of_type("collateral"))
    prices = {
        asset: 1.0 - _fall(base, moved, RiskFactorKey("rental_rate", asset), n_columns) for asset in assets
    }
    _put_defaults(network, base, moved, state)
    lost = np.maximum(lost, balance.equity * state.failed)
    return replace(state, losses={DIRECT: lost}, prices=prices)


def _put_defaults(network: Network, base: Levels, moved: Rows, state: State) -> None:
    """Write which firms are in default as lines or events state it, and what claims on them recover."""
    for place, node in enumerate(network.nodes):
        parent = network.nodes[network.index[node.parent]] if node.parent else node
        stated = moved.get(RiskFactorKey("default_state", parent.issuer))
        if stated is None:
            continue
        key = RiskFactorKey("recovery_rate", parent.issuer, _SECURED if node.parent else _SENIOR)
        level = moved.get(key, np.full(len(stated), base.get(key, CONVENTIONAL_RECOVERY[str(key.tenor)])))
        state.failed[:, place] = 0.0 if node.parent else stated
        state.paid[:, place] = np.where(stated > 0.0, level, 1.0)


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
    fails by itself moves nothing. A firm that fails, or pays its debts in part, is in default as an event
    would have it: shares at 0, claims at what they recover; one in default before moves nothing more.

    Parameters
    ----------
    values, states
        Before any mechanism, and where the network ended.
    """
    moves: dict[RiskFactorKey, FactorMove] = {}
    for place in range(len(surroundings.network.nodes)):
        firm = _Firm(surroundings, base, values, states, place)
        moves.update(firm.price_moves())
        moves.update(firm.debt_moves())
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


def _worth(debt: FloatArray) -> FloatArray:
    """Return `(n_columns,)` what a unit of debt is worth over what it is in column 0."""
    return np.minimum(debt / debt[0], 1.0) if debt[0] > 0.0 else np.ones(len(debt))


class _Firm:
    """What becomes of the factors of one firm; its place is `place`."""

    def __init__(
        self, surroundings: Surroundings, base: Levels, values: tuple[Values, Values],
        states: tuple[State, State], place: int,
    ) -> None:  # fmt: skip
        self.surroundings, self.base, self.values, self.place = surroundings, base, values, place
        self.node = surroundings.network.nodes[place]
        self.before, after = (
            (state.failed[:, place] > 0.0) | (state.paid[:, place] < _WHOLE) for state in states
        )
        self.newly = after & ~self.before & ~after[0]
        self.state = RiskFactorKey("default_state", self.node.issuer)

    def price_moves(self) -> Iterator[tuple[RiskFactorKey, FactorMove]]:
        """Yield the move of the share or mark. A mark stays for what fails: its holders read the default."""
        key, place = price_factor(self.node, self.base), self.place
        if key not in self.base:
            return
        ratio = _relative(self.values[1].equity[:, place], self.values[0].equity[:, place])
        if self.state in self.base:
            ratio = np.where(self.newly, 1.0 if key.kind == "private_mark" else 0.0, ratio)
        ratio = np.where(self.before, 1.0, ratio)
        yield key, FactorMove(ratio, np.zeros(len(ratio)))

    def debt_moves(self) -> Iterator[tuple[RiskFactorKey, FactorMove]]:
        """Yield what happens to claims: a wider spread, or a default with what is recovered by rank."""
        worth = _worth(self.values[1].debt[:, self.place])
        one = np.ones(len(worth))
        defaults = self.state in self.base
        spread = RiskFactorKey("credit_spread", self.node.issuer)
        if spread in self.base:
            quiet = self.before | (self.newly if defaults else False)
            wider = np.array([_spread(part) for part in np.where(quiet, 1.0, worth).tolist()])
            yield spread, FactorMove(one, wider)
        if not defaults or self.node.kind == "spv":
            return
        yield self.state, FactorMove(one, self.newly.astype(np.float64))
        for seniority, recovery in self._recoveries(worth).items():
            if not self._owes(seniority):
                continue
            key = RiskFactorKey("recovery_rate", self.node.issuer, seniority)
            if key in self.base:
                kept = np.where(self.newly, 0.0, 1.0)
                yield key, FactorMove(kept, np.where(self.newly, recovery, 0.0))

    def _owes(self, seniority: str) -> bool:
        """Return whether the network knows debt of this rank: otherwise the conventional recovery stays."""
        nodes = self.surroundings.network.nodes
        vehicles = any(node.parent == self.node.id and node.debt > 0.0 for node in nodes)
        return self.node.debt > 0.0 or (vehicles and seniority == _SECURED)

    def _recoveries(self, worth: FloatArray) -> dict[str, FloatArray]:
        """Return what claims recover by rank: secured ones what those on ring-fenced vehicles are paid.

        Without vehicles, ranks stand to one another as their conventional recoveries do.
        """
        network, debt = self.surroundings.network, self.values[1].debt
        senior = CONVENTIONAL_RECOVERY[_SENIOR]
        secured = np.minimum(worth * (CONVENTIONAL_RECOVERY[_SECURED] / senior), 1.0)
        own = [
            place
            for place, node in enumerate(network.nodes)
            if node.parent == self.node.id and node.debt > 0.0
        ]
        if own:
            owed = sum(network.nodes[place].debt for place in own)
            secured = np.zeros(len(worth))
            for place in own:
                secured += _worth(debt[:, place]) * (network.nodes[place].debt / owed)
        subordinated = worth * (CONVENTIONAL_RECOVERY[_SUBORDINATED] / senior)
        return {_SECURED: secured, _SENIOR: worth, _SUBORDINATED: subordinated}


def _spread(worth: float) -> float:
    """Return the spread that makes a debt of `SPREAD_YEARS` worth a part of what it was; at most 100 %."""
    return min(-float(log(worth)) / SPREAD_YEARS, 1.0) if worth > 0.0 else 1.0


def _moves(move: FactorMove) -> bool:
    return bool(np.any(move.ratio != 1.0) or np.any(move.shift != 0.0))
