"""Orders of customers with suppliers: shares of the suppliers' revenue, and contracts for years to come."""

from __future__ import annotations

from datetime import date
from math import isnan
from typing import NamedTuple

from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.networks.model import STATUSES, Edge, Network, Node

ORDER_TYPES = ("revenue_dependence", "purchase_commitment", "revenue_share")
"""Edges that are revenue of the second firm from the first."""

LOOSE = STATUSES.index("conditional")
"""Rank from which an order may be dropped without damages, and is no asset of the supplier."""


class Order(NamedTuple):
    """What one customer buys, or has contracted to buy, from one supplier, or passes on to it.

    Attributes
    ----------
    customer, supplier
        Places of the firms.
    per_year
        Money of a year that runs today; 0 where it begins later or no year is stated.
    share
        The same over the supplier's revenue, at most 1.
    to_come
        Contracted money that no year of today holds.
    rank
        How firm it is: 0 funded, larger is looser; the loosest is cut first.
    follows_revenue
        Whether it goes with the customer's revenue instead of what the customer spends.
    until
        Last day of a contract that runs and states one; None where the customer may order less before.
    begins, coming
        First day of a firm contract that begins later and states both its days, and its money of a year.
    """

    customer: int
    supplier: int
    per_year: float
    share: float
    to_come: float
    rank: int
    follows_revenue: bool = False
    until: date | None = None
    begins: date | None = None
    coming: float = 0.0


def orders_of(network: Network, as_of: date) -> tuple[Order, ...]:
    """Return the orders of a network in the order of its edges."""
    place = network.index
    found = []
    for edge in network.of_type(*ORDER_TYPES):
        customer, supplier = network.nodes[place[edge.first]], network.nodes[place[edge.second]]
        stated = _per_year(edge, customer)
        runs = not isnan(stated) and (edge.start is None or edge.start <= as_of)
        per_year = stated if runs else 0.0
        share = min(per_year / supplier.revenue, 1.0) if supplier.revenue > 0.0 else 0.0
        to_come = 0.0 if runs or isnan(edge.amount) else edge.amount
        ends = place[edge.first], place[edge.second]
        passed_on = edge.edge_type == "revenue_share"
        rank, until = STATUSES.index(edge.status), edge.end if runs and edge.status == "contract" else None
        begins, coming = (None, 0.0) if runs or rank >= LOOSE else _later(edge)
        found.append(Order(*ends, per_year, share, to_come, rank, passed_on, until, begins, coming))
    return tuple(found)


def _later(edge: Edge) -> tuple[date | None, float]:
    """Return the first day of a contract and its money of a year; none where a day is missing."""
    if edge.start is None or edge.end is None or isnan(edge.amount) or edge.end <= edge.start:
        return None, 0.0
    return edge.start, edge.amount / ((edge.end - edge.start).days / DAYS_PER_YEAR)


def _per_year(edge: Edge, customer: Node) -> float:
    """Return money of a year: as stated, or for a revenue share the part of the customer's revenue."""
    if isnan(edge.per_year) and edge.edge_type == "revenue_share" and not isnan(edge.share):
        return edge.share * customer.revenue
    return edge.per_year
