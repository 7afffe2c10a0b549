from __future__ import annotations

import pytest
from tests.networks.graphs import DAY, edge, network, node, random_network

from stresstest.report.network.view import MOST_EDGES, MOST_FIRMS, view_of

FIRMS = (
    node("A", equity=100.0, revenue=10.0),
    node("B", equity=50.0, revenue=10.0),
    node("FUND", kind="aggregate", equity=9e9),
    node("ALONE", equity=5.0),
)


def test_edges_alike_of_one_pair_are_added_up() -> None:
    edges = [
        edge("A>B", "term_loan", 3.0),
        edge("A>B", "senior_notes", 4.0),
        edge("A>B", "term_loan", 5.0, status="committed"),
        edge("A>B", "lease", per_year=1.0, status="contract"),
        edge("A>B", "purchase_commitment", 2.0, status="committed"),
        edge("FUND>A", "holding", 7.0),
    ]
    view = view_of(network(FIRMS, edges), DAY)
    drawn = [(one.first, one.second, one.family, one.status, one.amount, one.yearly) for one in view.edges]
    assert drawn == [
        ("A", "B", "money", "funded", 7.0, False),
        ("FUND", "A", "holdings", "funded", 7.0, False),
        ("A", "B", "money", "committed", 5.0, False),
        ("A", "B", "orders", "contract", 3.0, False),
    ]
    assert (view.n_edges, view.n_merged) == (6, 4)


def test_firms_without_edges_are_left_out_unless_none_has_one() -> None:
    view = view_of(network(FIRMS, [edge("A>B", "term_loan", 3.0)]), DAY)
    assert [firm.id for firm in view.firms] == ["A", "B"]
    assert view.n_connected == 2
    assert len(view_of(network(FIRMS), DAY).firms) == 4


def test_many_as_one_are_as_large_as_what_they_hold_here() -> None:
    view = view_of(network(FIRMS, [edge("FUND>A", "holding", 7.0), edge("FUND>B", "holding", 2.0)]), DAY)
    assert {firm.id: firm.value for firm in view.firms} == {"A": 100.0, "B": 50.0, "FUND": 9.0}


def test_edges_on_circles_are_marked() -> None:
    edges = [
        edge("A>B", "equity_stake", 3.0),
        edge("B>A", "revenue_dependence", per_year=2.0),
        edge("A>B", "collateral", 3.0, asset="H100", quantity=1.0),
        edge("FUND>A", "holding", 7.0),
    ]
    view = view_of(network(FIRMS, edges), DAY)
    assert {(one.first, one.family): one.circular for one in view.edges} == {
        ("A", "money"): True,
        ("B", "orders"): True,
        ("A", "pledges"): False,
        ("FUND", "holdings"): False,
    }
    assert [circle.firms for circle in view.circles] == [("A", "B")]


def test_the_largest_are_kept_where_there_are_too_many() -> None:
    whole = random_network(200, 900, seed=3)
    view = view_of(whole, DAY)
    assert len(view.firms) == MOST_FIRMS
    assert len(view.edges) <= MOST_EDGES
    assert view.n_connected == pytest.approx(200, abs=3)
    kept = {firm.id for firm in view.firms}
    weight: dict[str, float] = {}
    for one in whole.edges:
        for firm in (one.first, one.second):
            weight[firm] = weight.get(firm, 0.0) + one.amount
    assert min(weight[firm] for firm in kept) >= max(weight[firm] for firm in weight if firm not in kept)


def test_unknown_amounts_are_drawn_thin_and_not_as_nan() -> None:
    (drawn,) = view_of(network(FIRMS, [edge("A>B", "warrant", quantity=5.0)]), DAY).edges
    assert drawn.amount == 0.0
