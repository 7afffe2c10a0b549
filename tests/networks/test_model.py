"""Networks as values: what is drawn, and what is known on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.networks.random_networks import edge, firm, network

from stresstest.networks.model import BEHAVIOURS, SELLERS


def test_what_is_outstanding_is_what_is_drawn_or_all() -> None:
    assert edge("A", "B", "term_loan", amount=5.0).outstanding == 5.0
    assert edge("A", "B", "term_loan", amount=5.0, drawn=0.0).outstanding == 0.0


def test_a_market_of_an_earlier_day_holds_nothing_later() -> None:
    nodes = [firm("A"), firm("B"), replace(firm("C"), valid_from=date(2025, 10, 21))]
    old = edge("A", "B", "equity_stake", share=0.3, valid_until=date(2025, 10, 28))
    new = edge("A", "B", "equity_stake", share=0.27, valid_from=date(2025, 10, 28))
    to_later = edge("A", "C", "equity_stake", share=0.1)
    whole = network(nodes, [old, new, to_later])
    early = whole.on(date(2025, 10, 3))
    assert [node.id for node in early.nodes] == ["A", "B"]
    assert early.edges == (old,)
    assert whole.on(date(2025, 10, 21)).edges == (old, to_later)
    assert whole.on(date(2025, 10, 28)).edges == (new, to_later)


def test_a_vehicle_stands_alone_until_its_parent_is_known() -> None:
    parent, vehicle = replace(firm("A"), valid_from=date(2025, 10, 21)), replace(firm("V"), parent="A")
    whole = network([parent, vehicle], [])
    assert [node.parent for node in whole.on(date(2025, 10, 3)).nodes] == [""]
    assert [node.parent for node in whole.on(date(2025, 10, 21)).nodes] == ["", "A"]


def test_edges_come_by_type_in_the_order_of_the_file() -> None:
    edges = [edge("A", "B", "term_loan", amount=1.0), edge("A", "B", "lease", amount=2.0)]
    edges.append(edge("B", "A", "term_loan", amount=3.0))
    assert [one.amount for one in network([firm("A"), firm("B")], edges).of_type("term_loan")] == [1.0, 3.0]


def test_all_but_two_behaviours_sell() -> None:
    assert set(BEHAVIOURS) - set(SELLERS) == {"rebalancer", "buy_back"}
