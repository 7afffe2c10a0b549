"""What became of networks, and the part of one that carries the largest losses."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from stresstest.measures.network_losses import FirmLoss, NetworkLosses, network_losses
from stresstest.networks.model import Network
from stresstest.report.building.material import Material
from stresstest.report.view.networks import FirmLine, NetworkPart

DRAWN = 14
"""Firms of a drawing: what a page shows so that every edge can be followed."""

_LISTED = 12


def network_parts(material: Material) -> tuple[NetworkPart, ...]:
    """Return the networks of the scenarios in focus of any portfolio."""
    wanted = dict.fromkeys(
        name
        for held in material.result.portfolios
        for name in material.focus(held)
        if name in material.compiled.networks
    )
    return tuple(network_part(material, name) for name in wanted)


def network_part(material: Material, scenario: str) -> NetworkPart:
    """Return the network of a scenario."""
    found = material.compiled.networks[scenario]
    after = network_losses(scenario, found)
    network = found.use.network
    losses = {
        firm.firm: -firm.equity_change
        for firm in after.firms
        if isfinite(firm.equity_change) and firm.equity_before > 0.0
    }
    return NetworkPart(
        scenario,
        after.network,
        network.title or network.name,
        after.mechanisms,
        after.converged,
        tuple(_line(after, firm) for firm in after.firms[:_LISTED]),
        tuple(losses.items()),
        carrying(network, after),
    )


def _line(after: NetworkLosses, firm: FirmLoss) -> FirmLine:
    has_value = isfinite(firm.equity_change)
    return FirmLine(
        firm.firm,
        firm.title or firm.firm,
        firm.equity_change if has_value else None,
        firm.direct_change if isfinite(firm.direct_change) else None,
        firm.debt_worth,
        firm.failed_month,
        firm.firm in after.unpriced,
    )


def carrying(network: Network, after: NetworkLosses) -> Network:
    """Return the firms that lose most money, or fail, with the edges between them.

    Firms that lose are taken in turn: those whose money ends, then by loss of money; only those that an edge
    joins to another one are kept, for a loss to be seen to flow.
    """
    ranked = [firm.firm for firm in after.firms if firm.failed_month is not None]
    ranked += [firm.firm for firm in after.firms if firm.equity_change < 0.0]
    kept = set(list(dict.fromkeys(ranked))[:DRAWN])
    edges = tuple(edge for edge in network.edges if edge.first in kept and edge.second in kept)
    joined = {name for edge in edges for name in (edge.first, edge.second)}
    nodes = tuple(node for node in network.nodes if node.id in joined)
    return replace(network, nodes=nodes, edges=edges)
