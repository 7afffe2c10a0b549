from __future__ import annotations

import itertools

import pytest
from tests.networks.graphs import edge, network, node, random_network
from tests.report.network.drawn import steps

from stresstest.report.network.edge_labels import labelled


@pytest.mark.parametrize("seed", range(4))
def test_amounts_meet_no_name_no_firm_and_no_other_amount(seed: int) -> None:
    _, layout, routes = steps(random_network(40, 90, seed))
    labels = labelled(layout, routes)
    assert len(labels) > 8
    for label in labels:
        assert not any(
            label.box.meets(placed.label) or label.box.meets(placed.disc) for placed in layout.firms
        )
    for one, other in itertools.combinations(labels, 2):
        assert not one.box.meets(other.box)


def test_the_largest_come_first_circles_before_them_and_positions_last() -> None:
    firms = [node(name, equity=100.0, revenue=50.0) for name in "ABCD"]
    edges = [
        edge("A>B", "term_loan", 9e9),
        edge("C>D", "equity_stake", 1e9),
        edge("D>C", "revenue_dependence", per_year=2e9),
        edge("B>C", "holding", 99e9),
        edge("A>D", "warrant", quantity=1.0),
    ]
    _, layout, routes = steps(network(firms, edges))
    texts = [label.text for label in labelled(layout, routes)]
    assert set(texts) <= {"2bn a year", "1bn", "9bn", "99bn"}
    assert {label.text for label in labelled(layout, routes, most=2)} <= {"2bn a year", "1bn"}
