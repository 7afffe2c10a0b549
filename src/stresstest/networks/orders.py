"""Orders of customers with suppliers, as shares of the suppliers' revenue and as contracts for years to come."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stresstest.networks.model import STATUSES, Network

ORDER_TYPES = ("revenue_dependence", "purchase_commitment")
"""Edges that are orders of the first firm with the second."""


class Order(NamedTuple):
    """What one customer buys, or has contracted to buy, from one supplier.

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
    """

    customer: int
    supplier: int
    per_year: float
    share: float
    to_come: float
    rank: int


def orders_of(network: Network, as_of: date) -> tuple[Order, ...]:
    """Return the orders of a network in the order of its edges."""
    place = network.index
    found = []
    for edge in network.of_type(*ORDER_TYPES):
        supplier = network.nodes[place[edge.second]]
        runs = edge.per_year == edge.per_year and (edge.start is None or edge.start <= as_of)
        per_year = edge.per_year if runs else 0.0
        share = min(per_year / supplier.revenue, 1.0) if supplier.revenue > 0.0 else 0.0
        to_come = 0.0 if runs or edge.amount != edge.amount else edge.amount
        rank = STATUSES.index(edge.status)
        found.append(Order(place[edge.first], place[edge.second], per_year, share, to_come, rank))
    return tuple(found)
