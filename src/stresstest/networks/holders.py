"""Institutions that hold shares of the network's firms: those of the file, and a user's portfolios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

from stresstest.networks.model import Network

_TRADING_DAYS = 250.0


@dataclass(frozen=True, slots=True)
class Holder:
    """An institution that the network's file does not hold.

    Attributes
    ----------
    behaviour
        One of `stresstest.networks.model.BEHAVIOURS`.
    leverage
        Its assets over its own money, at least 1.
    amounts
        Money held by issuer, as firms' nodes name theirs: of a portfolio its linear exposures, change of
        value over relative change of the price at base. A short position is negative and is not sold.
    elsewhere
        Money of its assets that are no firm of the network.
    """

    name: str
    behaviour: str
    leverage: float
    amounts: Mapping[str, float]
    elsewhere: float = 0.0


@dataclass(frozen=True, slots=True)
class Institution:
    """What an institution holds in a network.

    Attributes
    ----------
    firms, amounts
        Places of firms, and money in each.
    assets
        Money of everything that it holds, in the network or not.
    buying
        Money of a day that it buys whatever happens.
    """

    name: str
    behaviour: str
    leverage: float
    firms: tuple[int, ...]
    amounts: tuple[float, ...]
    assets: float
    buying: tuple[float, ...]


def institutions(network: Network, holders: tuple[Holder, ...]) -> list[Institution]:
    """Return the institutions of the file that behave in some way, in order, then the others."""
    held: dict[int, list[tuple[int, float, float]]] = {}
    for edge in network.of_type("holding"):
        daily = 0.0 if isnan(edge.per_year) else edge.per_year / _TRADING_DAYS
        held.setdefault(network.index[edge.first], []).append(
            (network.index[edge.second], edge.amount, daily)
        )
    found = []
    for place, rows in held.items():
        node = network.nodes[place]
        if node.behaviour:
            firms, amounts, buying = zip(*rows, strict=True)
            terms = node.id, node.behaviour, node.leverage
            found.append(Institution(*terms, firms, amounts, sum(amounts), buying))
    return found + [_of_holder(network, holder) for holder in holders]


def _of_holder(network: Network, holder: Holder) -> Institution:
    by_issuer = {node.issuer: place for place, node in enumerate(network.nodes)}
    rows = [
        (by_issuer[name], amount)
        for name, amount in holder.amounts.items()
        if name in by_issuer and amount > 0.0
    ]
    assets = sum(amount for amount in holder.amounts.values() if amount > 0.0) + holder.elsewhere
    firms, amounts = tuple(place for place, _ in rows), tuple(amount for _, amount in rows)
    terms = holder.name, holder.behaviour, holder.leverage
    return Institution(*terms, firms, amounts, assets, (0.0,) * len(rows))
