"""Orders of a network: what runs today, what is to come, and how firm it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.networks.random_networks import DAY, edge, firm, network

from stresstest.networks.model import Edge
from stresstest.networks.orders import LOOSE, Order, orders_of


def order(one: Edge, revenue: float = 50.0) -> Order:
    (found,) = orders_of(network([firm("A", revenue=20.0), firm("B", revenue=revenue)], [one]), DAY)
    return found


def test_an_order_that_runs_is_a_share_of_revenue() -> None:
    found = order(edge("A", "B", "revenue_dependence", per_year=10.0))
    assert found == Order(0, 1, 10.0, 0.2, 0.0, 0)
    assert order(edge("A", "B", "revenue_dependence", per_year=80.0)).share == 1.0
    assert order(edge("A", "B", "revenue_dependence", per_year=80.0), revenue=0.0).share == 0.0


def test_a_contract_that_begins_later_is_to_come() -> None:
    later = edge(
        "A", "B", "purchase_commitment", amount=90.0, per_year=9.0, start=date(2026, 1, 1), status="contract"
    )
    assert order(later) == Order(0, 1, 0.0, 0.0, 90.0, 2)
    dated = order(replace(later, end=date(2028, 12, 31)))
    assert (dated.begins, dated.coming) == (date(2026, 1, 1), pytest.approx(90.0 / 3.0, rel=1e-3))
    loose = order(replace(later, end=date(2028, 12, 31), status="conditional"))
    assert (loose.begins, loose.coming) == (None, 0.0)
    undated = edge("A", "B", "purchase_commitment", amount=90.0, status="committed")
    assert order(undated).to_come == 90.0


def test_a_contract_that_runs_for_a_stated_time_is_kept_until_then() -> None:
    bound = edge(
        "A", "B", "purchase_commitment", amount=90.0, per_year=9.0, end=date(2030, 1, 1), status="contract"
    )
    assert order(bound).until == date(2030, 1, 1)
    assert order(replace(bound, end=None)).until is None
    assert order(replace(bound, status="committed")).until is None


def test_a_share_of_revenue_is_money_of_who_passes_it_on() -> None:
    found = order(edge("A", "B", "revenue_share", share=0.25))
    assert found.per_year == pytest.approx(5.0)
    assert found.follows_revenue
    assert order(edge("A", "B", "revenue_share", share=0.25, per_year=7.0)).per_year == 7.0


def test_loose_is_what_waits_for_something_or_is_only_intended() -> None:
    ranks = {
        status: order(edge("A", "B", "purchase_commitment", amount=1.0, status=status)).rank >= LOOSE
        for status in ("funded", "committed", "contract", "conditional", "letter_of_intent", "article_claim")
    }
    assert ranks == {
        "funded": False, "committed": False, "contract": False,
        "conditional": True, "letter_of_intent": True, "article_claim": True,
    }  # fmt: skip
