"""What each firm is in a network where its file does not say so: read off its edges and amounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from stresstest.networks.exposures import runs
from stresstest.networks.model import CLAIM_TYPES, ROLES, Network, Node
from stresstest.networks.orders import ORDER_TYPES


def roles_of(network: Network, day: date) -> Mapping[str, str]:
    """Return the role of each firm, one of `ROLES`: as stated, or the first of these that holds.

    institution: its tier or behaviour says so, or it only holds shares. financier: its tier says so, or it
    lends and nobody orders from it. lab: private, with burn. builder: a vehicle, one that lets chips, a
    landlord, or another private firm. spender: it orders more in a year of today than is ordered from it.
    Else supplier.
    """
    facts = _Facts(network, day)
    return {
        node.id: node.role or next(role for role, holds in facts.rules if holds(node))
        for node in network.nodes
    }


class _Facts:
    """What edges say of firms."""

    def __init__(self, network: Network, day: date) -> None:
        self.lends = {edge.first for edge in network.of_type(*CLAIM_TYPES, "collateral")}
        self.holds = {edge.first for edge in network.of_type("holding")}
        self.lets = {edge.second for edge in network.of_type("lease")}
        others = [edge for edge in network.edges if edge.edge_type != "holding"]
        self.busy = {firm for edge in others for firm in (edge.first, edge.second)}
        self.spent: dict[str, float] = {}
        self.sold: dict[str, float] = {}
        for edge in network.of_type(*ORDER_TYPES):
            money = edge.per_year if runs(edge, day) else 0.0
            self.spent[edge.first] = self.spent.get(edge.first, 0.0) + money
            self.sold[edge.second] = self.sold.get(edge.second, 0.0) + money
        self.rules: tuple[tuple[str, Callable[[Node], bool]], ...] = (
            ("institution", self._is_institution),
            ("financier", self._is_financier),
            ("lab", lambda node: node.kind == "private" and node.burn > 0.0),
            ("builder", self._is_builder),
            ("spender", lambda node: self.spent.get(node.id, 0.0) > self.sold.get(node.id, 0.0)),
            ("supplier", lambda _node: True),
        )
        assert {role for role, _ in self.rules} == set(ROLES)  # noqa: S101 - both tables are ours

    def _is_institution(self, node: Node) -> bool:
        only_holds = node.id in self.holds and node.id not in self.busy
        return node.tier == "institution" or bool(node.behaviour) or only_holds

    def _is_financier(self, node: Node) -> bool:
        return node.tier == "financier" or (node.id in self.lends and node.id not in self.sold)

    def _is_builder(self, node: Node) -> bool:
        vehicle = node.kind == "spv" or node.lets_chips or node.kind == "private"
        return vehicle or (node.id in self.lets and node.id not in self.sold)
