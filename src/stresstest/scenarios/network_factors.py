"""Factors that networks of scenarios need beside those of the market: what shocks their firms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot, Provenance
from stresstest.networks.factors import PRIMITIVES, primitive_levels, unpriced_levels
from stresstest.networks.model import Network
from stresstest.scenarios.network_use import NetworkUse
from stresstest.scenarios.scenario import Scenario

_FIRM_KINDS = frozenset(
    (
        *PRIMITIVES,
        "spot",
        "private_mark",
        "credit_spread",
        "hazard_rate",
        "default_state",
        "recovery_rate",
        "rental_rate",
    )
)


def with_network_factors(market: MarketSnapshot, scenarios: Iterable[Scenario]) -> MarketSnapshot:
    """Return `market` with the factors that shock the firms of the networks of `scenarios`.

    Capex, revenue and funding of each firm, and the market value of those that the market has no price of, so
    that lines can select them. Without networks it is `market`.
    """
    networks = {use.network.name: use.network for scenario in scenarios for use in uses_of(scenario)}
    if not networks:
        return market
    levels, provenance = dict(market.levels), dict(market.provenance)
    for network in networks.values():
        for key, level in (*primitive_levels(network), *unpriced_levels(network, market.levels)):
            if key not in levels:
                levels[key] = level
                provenance[key] = Provenance("judgement", f"network {network.name}", network.as_of)
    return replace(market, levels=levels, provenance=provenance)


def firm_factors(network: Network, keys: Iterable[RiskFactorKey]) -> frozenset[RiskFactorKey]:
    """Return those of `keys` that are prices, marks, spreads, defaults or chips of a network's firms.

    What is private to a position counts with its public factor. Where a scenario has a network only its lines
    and the network move these.
    """
    names = {firm.issuer for firm in network.nodes} | {edge.asset for edge in network.of_type("collateral")}
    return frozenset(key for key in keys if key.kind in _FIRM_KINDS and key.public_name in names)


def uses_of(scenario: Scenario) -> Iterator[NetworkUse]:
    """Yield the networks of a scenario and of what it includes."""
    if scenario.network is not None:
        yield scenario.network
    for item in scenario.include:
        yield from uses_of(item.scenario)
