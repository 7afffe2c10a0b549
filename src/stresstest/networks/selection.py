"""Parts of a network: edges of some types and statuses, on some day, and the firms that they connect."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from stresstest.errors import Problem
from stresstest.networks.model import Network


def selected(
    network: Network,
    day: date,
    edge_types: Collection[str] = (),
    statuses: Collection[str] = (),
) -> Network:
    """Return the network with only the edges of given types and statuses that are valid on a day.

    What is valid on a day is what a market of that day sees (`Network.on`), less contracts that have ended.
    Nothing given means every type, every status. Firms stay whatever the types and statuses are.
    """
    known = network.on(day)
    edges = tuple(
        edge
        for edge in known.edges
        if (edge.end is None or edge.end >= day)
        and (not edge_types or edge.edge_type in edge_types)
        and (not statuses or edge.status in statuses)
    )
    return replace(known, edges=edges)


def lateness(network: Network, day: date) -> Iterator[Problem]:
    """Yield a problem (ST509) with a network whose amounts are of a later day than a market's."""
    if network.as_of > day:
        got = f"network {network.name} of {network.as_of} with a market of {day}"
        expected = f"a network of {day} or earlier; what is later states valid_from"
        yield Problem("ST509", got, expected, network.location)
