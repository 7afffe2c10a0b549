"""A scenario's network for the page: firms in fixed places, what each loses, and where losses flow."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from stresstest.explore.recent import Recent
from stresstest.measures.network_losses import NetworkLosses, network_losses
from stresstest.networks.model import Network
from stresstest.report.network.layout import Layout, laid_out
from stresstest.report.network.palette import ROLES
from stresstest.report.network.view import NetworkView, view_of
from stresstest.scenarios.network_moves import NetworkMoves

_MOST_FIRMS = 30

Values = dict[str, Any]


class NetworkDocuments:
    """Makes documents of networks; firms are placed once, so that nothing jumps while sliders move."""

    def __init__(self) -> None:
        self._placed: Recent[str, tuple[NetworkView, Layout]] = Recent(8)

    def of(self, scenario: str, found: NetworkMoves) -> Values:
        """Return the network of a scenario after it."""
        after = network_losses(scenario, found)
        network = found.use.network
        view, layout = self._placed.get(network.name, lambda: _placed(network))
        losses = {
            firm.firm: min(max(-firm.equity_change, 0.0), 1.0)
            for firm in after.firms
            if isfinite(firm.equity_change)
        }
        return {
            "name": network.name,
            "title": network.title or network.name,
            "currency": network.currency,
            "mechanisms": list(after.mechanisms),
            "converged": after.converged,
            "width": layout.width,
            "height": layout.height,
            "bands": [
                {"role": ROLES[band.role], "bottom": band.bottom, "top": band.top} for band in layout.bands
            ],
            "nodes": [_node(placed, layout, losses) for placed in layout.firms],
            "edges": [_edge(edge, losses) for edge in view.edges],
            "firms": _firms(after),
        }


def _placed(network: Network) -> tuple[NetworkView, Layout]:
    view = view_of(network, network.as_of)
    amounts: dict[str, float] = {}
    for edge in view.edges:
        for firm in (edge.first, edge.second):
            amounts[firm] = amounts.get(firm, 0.0) + edge.amount
    kept = set(sorted(amounts, key=lambda firm: (-amounts[firm], firm))[:_MOST_FIRMS])
    edges = tuple(edge for edge in view.edges if edge.first in kept and edge.second in kept)
    joined = {firm for edge in edges for firm in (edge.first, edge.second)}
    firms = tuple(firm for firm in view.firms if firm.id in joined)
    return view._replace(firms=firms, edges=edges), laid_out(firms, edges)


def _node(placed: Any, layout: Layout, losses: Mapping[str, float]) -> Values:
    return {
        "id": placed.firm.id,
        "lines": list(placed.lines),
        "x": placed.x,
        "y": layout.height - placed.y,
        "label_y": layout.height - placed.label.top,
        "radius": placed.radius,
        "loss": losses.get(placed.firm.id, 0.0),
    }


def _edge(edge: Any, losses: Mapping[str, float]) -> Values:
    """Return an edge in the direction of a loss: who cannot pay hurts whom he buys from, or owes."""
    forward = edge.family == "orders"
    source, target = (edge.first, edge.second) if forward else (edge.second, edge.first)
    return {
        "source": source,
        "target": target,
        "family": edge.family,
        "amount": edge.amount,
        "yearly": edge.yearly,
        "carries": losses.get(source, 0.0),
    }


def _firms(after: NetworkLosses) -> list[Values]:
    return [
        {
            "id": firm.firm,
            "title": firm.title or firm.firm,
            "change": firm.equity_change if isfinite(firm.equity_change) else None,
            "direct": firm.direct_change if isfinite(firm.direct_change) else None,
            "debt_worth": firm.debt_worth,
            "failed_month": firm.failed_month,
            "doubt": firm.doubt,
            "unpriced": firm.firm in after.unpriced,
        }
        for firm in after.firms[:_MOST_FIRMS]
    ]
