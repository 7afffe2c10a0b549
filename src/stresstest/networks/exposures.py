"""What an edge amounts to in money, and which part of what keeps its second firm going it is.

Along every edge but a pledge money goes, or is promised, from the first firm to the second: it buys, leases,
invests, lends or stands behind. So the share of an edge says how much its second firm depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isnan
from typing import NamedTuple

from stresstest.networks.model import CLAIM_TYPES, Edge, Network, Node

FUNDING_TYPES = ("equity_stake", "equity_commitment", "warrant", "capacity_backstop", *CLAIM_TYPES)
"""Edges by which a firm finances another or stands behind it."""

REVENUE_TYPES = ("purchase_commitment", "revenue_dependence", "revenue_share", "lease")
"""Edges by which a firm is revenue of another."""

UNDATED_YEARS = 5.0
"""Years over which a contract without an end is spread: a judgement, about the life of a chip."""

_DAYS_OF_A_YEAR = 365.25
_NAN = float("nan")


class Money(NamedTuple):
    """What an edge amounts to: money in all, or of a year where that alone is known; NaN if neither is."""

    amount: float
    yearly: bool


class Exposure(NamedTuple):
    """An edge with its money and its share of what its second firm lives on, in [0, 1]; NaN where unknown."""

    edge: Edge
    money: Money
    share: float


def exposures_of(network: Network, day: date) -> tuple[Exposure, ...]:
    """Return every edge by which money goes from its first firm to its second, in the order of the edges.

    The share of an edge by which a firm **finances** another is its money over the equity and debt of the
    second firm; what is not yet paid in comes on top of these. The share of an edge that is **revenue** is
    its money of a year over the annual revenue of the second firm; an order that does not run on `day` comes
    on top of that revenue. A contract that states no money of a year is spread evenly over its years to come,
    one without an end over `UNDATED_YEARS`. Pledges and positions of institutions move no money to the firm
    and are left out.
    """
    nodes = {node.id: node for node in network.nodes}
    found = network.of_type(*FUNDING_TYPES, *REVENUE_TYPES)
    return tuple(Exposure(edge, money_of(edge, nodes), _share(edge, nodes, day)) for edge in found)


def money_of(edge: Edge, nodes: Mapping[str, Node]) -> Money:
    """Return what an edge amounts to: its amount, else a stated share's worth, else its money of a year."""
    if not isnan(edge.amount):
        return Money(edge.amount, yearly=False)
    if not isnan(edge.per_year):
        return Money(edge.per_year, yearly=True)
    if isnan(edge.share):
        return Money(_NAN, yearly=False)
    if edge.edge_type in REVENUE_TYPES:
        return Money(edge.share * nodes[edge.first].revenue, yearly=True)
    # A warrant is on shares of the firm that gives it.
    owned = edge.first if edge.edge_type == "warrant" else edge.second
    return Money(edge.share * nodes[owned].equity, yearly=False)


def yearly_money(edge: Edge, nodes: Mapping[str, Node], day: date) -> float:
    """Return the money of a year of an edge that is revenue: as stated, or spread over its years to come."""
    if not isnan(edge.per_year):
        return edge.per_year
    money = money_of(edge, nodes)
    if money.yearly or isnan(money.amount):
        return money.amount
    if edge.end is None:
        return money.amount / UNDATED_YEARS
    first = day if edge.start is None else max(edge.start, day)
    return money.amount / max((edge.end - first).days / _DAYS_OF_A_YEAR, 1.0)


def runs(edge: Edge, day: date) -> bool:
    """Tell whether an edge that is revenue is part of the revenue of today."""
    return not isnan(edge.per_year) and (edge.start is None or edge.start <= day)


def _share(edge: Edge, nodes: Mapping[str, Node], day: date) -> float:
    second = nodes[edge.second]
    if edge.edge_type in REVENUE_TYPES:
        money, whole = yearly_money(edge, nodes, day), second.revenue
        on_top = 0.0 if runs(edge, day) else money
    else:
        money, whole = money_of(edge, nodes).amount, second.equity + second.debt
        on_top = max(money - _paid_in(edge, money), 0.0)
    if whole <= 0.0 or isnan(money):
        return _NAN
    return min(money / (whole + on_top), 1.0)


def _paid_in(edge: Edge, money: float) -> float:
    """Return the part of an edge that finances which is in the second firm's equity and debt already."""
    if not isnan(edge.drawn):
        return edge.drawn
    paid = edge.edge_type in CLAIM_TYPES or (edge.edge_type == "equity_stake" and edge.status == "funded")
    return money if paid else 0.0
