"""Circles along which losses come back to where they began."""

from __future__ import annotations

import pytest
from tests.networks.random_networks import edge, firm, network

from stresstest.networks.model import EDGE_TYPES
from stresstest.networks.oscillation import Oscillation, shortest_circle

NODES = [firm(name) for name in "DABC"]


@pytest.mark.parametrize(
    ("edges", "circle"),
    [
        ([("A", "B", "revenue_dependence"), ("B", "C", "lease"), ("C", "A", "purchase_commitment")], "ABC"),
        # What is owed to C by A is lost to C: with the arrow, not against it.
        ([("A", "B", "revenue_dependence"), ("C", "B", "term_loan"), ("A", "C", "equity_stake")], "ABC"),
        ([("A", "B", "revenue_dependence"), ("B", "C", "term_loan"), ("A", "C", "equity_stake")], ""),
        # The shorter one of two; an institution and what it holds push each other.
        ([("A", "B", "holding"), ("B", "C", "lease"), ("C", "A", "lease")], "AB"),
        ([("A", "D", "lease"), ("D", "A", "lease")], "DA"),
        ([("A", "A", "lease")], ""),
        ([("A", "B", "lease")], ""),
    ],
)
def test_the_shortest_circle_of_losses_is_found(edges: list[tuple[str, str, str]], circle: str) -> None:
    of = network(NODES, [edge(*ends) for ends in edges])
    assert shortest_circle(of, ["A", "B", "C", "D"]) == tuple(circle)


def test_only_firms_that_still_change_are_on_it() -> None:
    of = network(NODES, [edge("A", "B", "lease"), edge("B", "A", "lease")])
    assert shortest_circle(of, ["A", "C"]) == ()
    assert shortest_circle(of, ["B", "A"]) == ("A", "B")


@pytest.mark.parametrize("edge_type", EDGE_TYPES)
def test_every_type_of_edge_carries_losses_one_way_or_the_other(edge_type: str) -> None:
    ways = [edge("A", "B", edge_type), edge("A", "B", "lease"), edge("B", "A", "lease")]
    back, forth = (shortest_circle(network(NODES, [ways[0], way]), ["A", "B"]) for way in ways[1:])
    assert back or forth


def test_it_reads_as_an_arrow_or_as_names() -> None:
    assert str(Oscillation(("A", "B", "C"), ("A", "C"))) == "A → C → A"
    assert str(Oscillation(("A", "B"), ())) == "A, B"
