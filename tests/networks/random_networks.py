"""Small networks made for tests: by hand, or at random with every type of edge that mechanisms read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from stresstest.errors import ProblemList
from stresstest.networks.balance import Balance, balance_of
from stresstest.networks.cascade import Chosen
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import Edge, Evidence, Network, Node
from stresstest.networks.orders import orders_of
from stresstest.networks.registry import all_mechanisms
from stresstest.networks.state import State

DAY = date(2025, 10, 3)
BASIS = Evidence("judgement", "made for a test")


def firm(name: str, **amounts: Any) -> Node:
    return Node(name, "public", issuer=name, **amounts)


def edge(first: str, second: str, edge_type: str, **what: Any) -> Edge:
    terms = {"amount": float("nan"), "status": "funded", "evidence": BASIS, **what}
    return Edge(first, second, edge_type, **terms)


def network(nodes: list[Node], edges: list[Edge]) -> Network:
    return Network("test", "", DAY, "USD", tuple(nodes), tuple(edges))


def balance(of: Network) -> Balance:
    problems = ProblemList()
    found = balance_of(of, problems)
    assert found is not None, list(problems)
    return found


def surroundings(of: Network) -> Surroundings:
    return Surroundings(of, balance(of), orders_of(of, DAY), DAY, 1.0)


def start(around: Surroundings, n_columns: int) -> State:
    """Return that nothing has happened in any column."""
    firms, orders = len(around.network.nodes), len(around.orders)
    state = State.unshocked(n_columns, firms, orders)
    assets = dict.fromkeys(edge.asset for edge in around.network.of_type("collateral"))
    prices = {asset: np.ones(n_columns) for asset in assets}
    return replace(state, prices=prices, losses={"direct": np.zeros((n_columns, firms))})


def shocked(around: Surroundings, n_columns: int, seed: int) -> State:
    """Return shocks of every kind, of all sizes from nothing, in all columns but the first."""
    generator, state = np.random.default_rng(seed), start(around, n_columns)
    firms, rows = len(around.network.nodes), slice(1, None)
    size = generator.uniform(0.0, 1.0, (n_columns - 1, 1)) * (generator.random((n_columns - 1, 1)) < 0.8)

    def draw() -> Any:
        return size * generator.uniform(0.0, 1.0, (n_columns - 1, firms)) * (generator.random(firms) < 0.6)

    state.purchases_cut[rows] = draw()
    state.revenue_fall[rows] = 0.5 * draw()
    state.funding[rows] = 1.0 - draw()
    state.losses["direct"][rows] = around.balance.equity * 0.7 * draw()
    for price in state.prices.values():
        price[rows] = 1.0 - 0.6 * size[:, 0]
    return state


def chosen(*names: str, **settings: float) -> list[Chosen]:
    """Return mechanisms, all where none is named, with settings in place of their own."""
    known = all_mechanisms()
    return [
        Chosen(known[name], {one.name: settings.get(one.name, one.default) for one in known[name].settings})
        for name in names or known
    ]


def random_network(seed: int, n_firms: int = 7) -> Network:
    """Return a network in which every firm is worth its price before a shock."""
    generator = np.random.default_rng(seed)
    names = [f"F{place}" for place in range(n_firms)]
    nodes = [
        firm(
            name,
            equity=float(generator.uniform(50.0, 200.0)),
            debt=float(generator.uniform(50.0, 150.0)),
            cash=float(generator.uniform(5.0, 20.0)),
            revenue=float(generator.uniform(20.0, 80.0)),
            capex=float(generator.uniform(5.0, 30.0)),
            burn=float(generator.uniform(5.0, 30.0) * (generator.random() < 0.3)),
            debt_service=10.0,
            daily_volume=2.0,
            lets_chips=bool(generator.random() < 0.3),
        )
        for name in names
    ]
    nodes = [
        replace(node, salvage=25.0 + place, asset_volatility=0.6) if place % 3 == 0 else node
        for place, node in enumerate(nodes)
    ]
    nodes += [
        Node("FUND", "aggregate", behaviour="leveraged_fund", leverage=2.0, can_default=False),
        Node("PENSION", "aggregate", behaviour="rebalancer", can_default=False),
    ]
    edges = [_random_edge(generator, names, kind) for kind in _KINDS for _ in range(n_firms)]
    edges += [
        edge(
            holder,
            names[int(generator.integers(n_firms))],
            "holding",
            amount=float(generator.uniform(1.0, 9.0)),
        )
        for holder in ("FUND", "PENSION")
        for _ in range(2)
    ]
    lender, vehicle = generator.permutation(names)[:2].tolist()
    edges.append(edge(lender, vehicle, "collateral", amount=40.0, asset="H100", quantity=1e5))
    return network(nodes, edges)


_KINDS = {
    "equity_stake": lambda generator: {"share": float(generator.uniform(0.0, 0.08))},
    "term_loan": lambda generator: {"amount": float(generator.uniform(1.0, 6.0))},
    "equity_commitment": lambda generator: {
        "amount": float(generator.uniform(1.0, 10.0)),
        "drawn": 0.0,
        "status": str(generator.choice(["committed", "letter_of_intent"])),
    },
    "revenue_dependence": lambda generator: {"per_year": float(generator.uniform(0.5, 3.0))},
    "purchase_commitment": lambda generator: {
        "amount": float(generator.uniform(1.0, 20.0)),
        "status": str(generator.choice(["contract", "conditional"])),
    },
}


def _random_edge(generator: np.random.Generator, names: list[str], kind: str) -> Edge:
    first, second = generator.permutation(names)[:2].tolist()
    return edge(first, second, kind, **_KINDS[kind](generator))


def permuted(of: Network, order: list[int]) -> Network:
    """Return the same network with its firms in another order."""
    return replace(of, nodes=tuple(of.nodes[place] for place in order))
