"""Who depends on whom: customers of each firm, its orders to come, its lenders, and its stakes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import isnan
from typing import NamedTuple

from stresstest.networks.balance import stake_share
from stresstest.networks.exposures import REVENUE_TYPES, runs
from stresstest.networks.model import CLAIM_TYPES, Network, Node

KINDS = {
    "revenue": "share of the annual revenue that a customer is",
    "backlog": "share of the contracted revenue to come that a customer is",
    "debt": "share of the debt that a lender holds",
    "own_value": "share of its own equity that a firm's stake in another is",
}
"""What firms depend on others for."""

_BINDING = ("funded", "committed", "contract")


class Part(NamedTuple):
    """What one partner is of a firm: money, and its share of the whole, in [0, 1]."""

    partner: str
    amount: float
    share: float


class Concentration(NamedTuple):
    """How much of what a firm lives on comes from few.

    Attributes
    ----------
    kind
        One of `KINDS`.
    whole
        Money that shares are parts of.
    parts
        The partners that the network names, the largest first.
    """

    firm: str
    kind: str
    whole: float
    parts: tuple[Part, ...]

    @property
    def known(self) -> float:
        """Return the share that the network's partners are in all; the rest is unnamed."""
        return min(sum(part.share for part in self.parts), 1.0)

    @property
    def herfindahl(self) -> float:
        """Return the sum of squared shares, in [0, 1]: at least; unnamed partners count as very small."""
        return min(sum(part.share * part.share for part in self.parts), 1.0)


def concentrations_of(network: Network, day: date) -> tuple[Concentration, ...]:
    """Return every known dependence: by kind in the order of `KINDS`, the largest single share first.

    Shares of revenue are of orders that run on `day`. The backlog is made of contracts that state money in
    all; shares are of the stated backlog, or where a firm states none, of its annual revenue or of the sum of
    those contracts, whichever is largest. A firm without the whole that a share is of has no such share.
    """
    found = [
        *_by_partner("revenue", _revenue(network, day), network),
        *_by_partner("backlog", _backlog(network), network),
        *_by_partner("debt", _debt(network), network),
        *_by_partner("own_value", _stakes(network), network),
    ]
    order = list(KINDS)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), -one.parts[0].share, one.firm)))


_Flow = tuple[str, str, float]
"""Firm that depends, partner, money."""


def _revenue(network: Network, day: date) -> Iterator[_Flow]:
    for edge in network.of_type(*REVENUE_TYPES):
        if runs(edge, day):
            yield edge.second, edge.first, edge.per_year


def _backlog(network: Network) -> Iterator[_Flow]:
    for edge in network.of_type("purchase_commitment", "lease"):
        if not isnan(edge.amount) and edge.status in _BINDING:
            yield edge.second, edge.first, edge.amount


def _debt(network: Network) -> Iterator[_Flow]:
    for edge in network.of_type(*CLAIM_TYPES):
        yield edge.second, edge.first, edge.outstanding


def _stakes(network: Network) -> Iterator[_Flow]:
    equity = {node.id: node.equity for node in network.nodes}
    for edge in network.of_type("equity_stake"):
        held = equity[edge.second]
        if held > 0.0:
            yield edge.first, edge.second, stake_share(edge, held) * held


def _by_partner(kind: str, flows: Iterator[_Flow], network: Network) -> Iterator[Concentration]:
    nodes = {node.id: node for node in network.nodes}
    summed: dict[str, dict[str, float]] = {}
    for firm, partner, amount in flows:
        if amount > 0.0:
            partners = summed.setdefault(firm, {})
            partners[partner] = partners.get(partner, 0.0) + amount
    for firm, partners in summed.items():
        whole = _whole(kind, nodes[firm], sum(partners.values()))
        if whole > 0.0:
            parts = (Part(partner, amount, min(amount / whole, 1.0)) for partner, amount in partners.items())
            ordered = sorted(parts, key=lambda part: (-part.amount, part.partner))
            yield Concentration(firm, kind, whole, tuple(ordered))


def _whole(kind: str, firm: Node, of_the_network: float) -> float:
    if kind == "backlog":
        return max(firm.backlog or firm.revenue, of_the_network)
    return {"revenue": firm.revenue, "debt": firm.debt, "own_value": firm.equity}[kind]
