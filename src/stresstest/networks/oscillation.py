"""What keeps a network from coming to rest: the firms that still change, and the circle they stand in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from stresstest.networks.cascade import Outcome
from stresstest.networks.model import CLAIM_TYPES, Network

_TO_SECOND = frozenset(
    {
        "equity_commitment",
        "purchase_commitment",
        "revenue_dependence",
        "revenue_share",
        "lease",
        "capacity_backstop",
        "holding",
    }
)
"""Types of edges along which a loss of the first firm reaches the second: orders, money promised, sales."""

_TO_FIRST = frozenset({*CLAIM_TYPES, "equity_stake", "warrant", "collateral", "holding"})
"""Types of edges along which a loss of the second firm reaches the first: what it owns of it."""


class Oscillation(NamedTuple):
    """Firms of a column that did not come to rest.

    Attributes
    ----------
    firms
        All that the last round still changed, in the order of the network.
    circle
        The shortest circle of them in which each one's losses reach the next, and the last one's the first;
        it begins with the first of the network. Empty where edges join none, as where one price joins them.
    """

    firms: tuple[str, ...]
    circle: tuple[str, ...]

    def __str__(self) -> str:
        """Return the circle as an arrow from name to name, or the names."""
        if self.circle:
            return " → ".join((*self.circle, self.circle[0]))
        return ", ".join(self.firms)


def oscillation(network: Network, outcome: Outcome, column: int) -> Oscillation:
    """Return the firms that kept a column from coming to rest; none where it did."""
    rows = outcome.unsettled[column].tolist()
    firms = tuple(node.id for node, moving in zip(network.nodes, rows, strict=True) if moving)
    return Oscillation(firms, shortest_circle(network, firms))


def shortest_circle(network: Network, firms: Sequence[str]) -> tuple[str, ...]:
    """Return the shortest circle among some firms along which losses travel, the first by name if several."""
    reached = _reached(network, set(firms))
    circles = (circle for firm in firms if (circle := _back_to(firm, reached)))
    shortest = min(circles, key=lambda circle: (len(circle), circle), default=())
    if not shortest:
        return ()
    start = shortest.index(min(shortest, key=list(network.index).index))
    return (*shortest[start:], *shortest[:start])


def _reached(network: Network, firms: set[str]) -> Mapping[str, list[str]]:
    """Return whom the losses of each firm reach, in order."""
    found: dict[str, dict[str, None]] = {firm: {} for firm in firms}
    for source, target in _ways(network):
        if source in firms and target in firms and source != target:
            found[source][target] = None
    return {firm: sorted(targets) for firm, targets in found.items()}


def _ways(network: Network) -> Iterator[tuple[str, str]]:
    for edge in network.edges:
        if edge.edge_type in _TO_SECOND:
            yield edge.first, edge.second
        if edge.edge_type in _TO_FIRST:
            yield edge.second, edge.first


def _back_to(firm: str, reached: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the shortest way from a firm back to itself, without its end; empty where there is none."""
    ways: deque[tuple[str, ...]] = deque([(firm,)])
    seen: set[str] = set()
    while ways:
        way = ways.popleft()
        for target in reached[way[-1]]:
            if target == firm:
                return way
            if target not in seen:
                seen.add(target)
                ways.append((*way, target))
    return ()
