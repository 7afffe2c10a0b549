"""What of a network is drawn: firms with their size, edges added up by pair, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isnan
from typing import NamedTuple

from stresstest.networks.circles import Circle, circles_of, links_of
from stresstest.networks.exposures import exposures_of, money_of
from stresstest.networks.model import STATUSES, Network, Node
from stresstest.networks.roles import roles_of
from stresstest.report.network.palette import LINES, family_of

MOST_FIRMS = 48
MOST_EDGES = 96
"""What one page can show and still be read."""

_CIRCLES = 100


class DrawnFirm(NamedTuple):
    """A firm of the drawing.

    Attributes
    ----------
    value
        Its equity; of many as one what it lends and holds in the network.
    figure
        What stands below its name.
    """

    id: str
    title: str
    kind: str
    role: str
    value: float
    figure: str = ""


class DrawnEdge(NamedTuple):
    """Edges of one pair, family and line, added up.

    Attributes
    ----------
    amount
        Money in all, with that of a year where nothing in all is known.
    yearly
        Whether all of it is of a year.
    circular
        Whether it lies on a circle.
    """

    first: str
    second: str
    family: str
    status: str
    amount: float
    yearly: bool
    circular: bool


class NetworkView(NamedTuple):
    """What is drawn, and out of how much."""

    firms: tuple[DrawnFirm, ...]
    edges: tuple[DrawnEdge, ...]
    circles: tuple[Circle, ...]
    n_connected: int
    n_edges: int
    n_merged: int


def view_of(network: Network, day: date, roles: Mapping[str, str] | None = None) -> NetworkView:
    """Return what is drawn of a network: firms with edges, the largest where there are too many for a page.

    The largest are those with most money in their edges, then by value. Where no firm has an edge all count.
    """
    circles = circles_of(links_of(exposures_of(network, day)), _CIRCLES).found
    edges = _edges(network, circles)
    weight = _weights(edges)
    connected = [node for node in network.nodes if node.id in weight] or list(network.nodes)
    ranked = sorted(connected, key=lambda node: (-weight.get(node.id, 0.0), -node.equity, node.id))
    kept = {node.id for node in ranked[:MOST_FIRMS]}
    between = [edge for edge in edges if edge.first in kept and edge.second in kept]
    largest = sorted(between, key=lambda edge: (-edge.amount, edge.first, edge.second, edge.family))
    roles = roles or roles_of(network, day)
    firms = tuple(_firm(node, roles, weight) for node in network.nodes if node.id in kept)
    return NetworkView(
        firms, tuple(largest[:MOST_EDGES]), circles, len(connected), len(network.edges), len(edges)
    )


def _firm(node: Node, roles: Mapping[str, str], weight: Mapping[str, float]) -> DrawnFirm:
    value = weight.get(node.id, 0.0) if node.kind == "aggregate" else node.equity
    return DrawnFirm(node.id, node.title or node.id, node.kind, roles[node.id], value)


def _edges(network: Network, circles: tuple[Circle, ...]) -> list[DrawnEdge]:
    """Return the edges with a known amount, those of one pair, family and line added up."""
    circular = {
        (exposure.edge.first, exposure.edge.second, exposure.edge.edge_type)
        for circle in circles
        for link in circle.links
        for exposure in link.exposures
    }
    nodes = {node.id: node for node in network.nodes}
    found: dict[tuple[object, ...], DrawnEdge] = {}
    for edge in network.edges:
        money = money_of(edge, nodes)
        amount = 0.0 if isnan(money.amount) else money.amount
        family, line = family_of(edge.edge_type), str(LINES[edge.status][0])
        on_circle = (edge.first, edge.second, edge.edge_type) in circular
        new = DrawnEdge(edge.first, edge.second, family, edge.status, amount, money.yearly, on_circle)
        key = (edge.first, edge.second, family, line)
        found[key] = _added(found[key], new) if key in found else new
    return list(found.values())


def _added(one: DrawnEdge, other: DrawnEdge) -> DrawnEdge:
    return one._replace(
        status=max(one.status, other.status, key=STATUSES.index),
        amount=one.amount + other.amount,
        yearly=one.yearly and other.yearly,
        circular=one.circular or other.circular,
    )


def _weights(edges: list[DrawnEdge]) -> dict[str, float]:
    weight: dict[str, float] = {}
    for edge in edges:
        for firm in (edge.first, edge.second):
            weight[firm] = weight.get(firm, 0.0) + edge.amount
    return weight
