"""Small networks written in a line: firms with their amounts, edges as `A>B type amount`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from stresstest.networks.model import EDGE_TYPES, NODE_KINDS, STATUSES, Edge, Evidence, Network, Node

DAY = date(2025, 10, 3)
EVIDENCE = Evidence("documented", "a test")


def node(name: str, **amounts: Any) -> Node:
    return Node(name, amounts.pop("kind", "public"), evidence={"": EVIDENCE}, **{"title": name, **amounts})


def edge(ends: str, edge_type: str, amount: float = float("nan"), **terms: Any) -> Edge:
    first, second = ends.split(">")
    status = terms.pop("status", "funded")
    return Edge(first, second, edge_type, amount, status, EVIDENCE, **terms)


def network(nodes: Sequence[Node], edges: Sequence[Edge] = (), **terms: Any) -> Network:
    stated = {"name": "sample", "title": "A sample", "as_of": DAY, "currency": "USD", **terms}
    return Network(nodes=tuple(nodes), edges=tuple(edges), **stated)


@cache
def random_network(n_firms: int, n_edges: int, seed: int) -> Network:
    """Return firms of every kind with edges of every type and status between random pairs."""
    draw = np.random.default_rng(seed)
    sizes = np.exp(draw.normal(24.0, 2.0, n_firms))
    nodes = [
        node(
            f"F{n}",
            title=f"Firm number {n}",
            kind=NODE_KINDS[n % 4],
            equity=size,
            debt=size / 4.0,
            revenue=size / 5.0,
        )
        for n, size in enumerate(sizes.tolist())
    ]
    types, edges = list(EDGE_TYPES), []
    for _ in range(n_edges):
        first, second = draw.choice(n_firms, 2, replace=False).tolist()
        kind, status = types[int(draw.integers(len(types)))], STATUSES[int(draw.integers(len(STATUSES)))]
        pledge = {"asset": "H100", "quantity": 10.0} if kind == "collateral" else {}
        amount = float(sizes[second] * draw.uniform(0.001, 0.05))
        edges.append(edge(f"F{first}>F{second}", kind, amount, status=status, **pledge))
    return network(nodes, edges, title=f"{n_firms} firms drawn at random")
