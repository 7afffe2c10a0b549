from __future__ import annotations

from datetime import date

import pytest
from tests.networks.graphs import DAY, edge, network, node

from stresstest.networks.concentration import Concentration, concentrations_of
from stresstest.networks.model import Edge, Node
from stresstest.networks.reading import load_network

FIRMS = (
    node("S", equity=900.0, revenue=100.0, debt=200.0),
    node("T", equity=50.0, revenue=10.0, backlog=400.0),
    node("A", equity=1_000.0),
    node("B", equity=500.0),
)


def found(edges: list[Edge], firms: tuple[Node, ...] = FIRMS) -> dict[tuple[str, str], Concentration]:
    return {(one.firm, one.kind): one for one in concentrations_of(network(firms, edges), DAY)}


def test_customers_are_shares_of_revenue() -> None:
    edges = [
        edge("A>S", "revenue_dependence", per_year=20.0),
        edge("A>S", "lease", per_year=10.0),
        edge("B>S", "purchase_commitment", 70.0, per_year=20.0),
        edge("T>S", "purchase_commitment", 70.0, per_year=50.0, start=date(2026, 1, 1)),
    ]
    one = found(edges)["S", "revenue"]
    assert [(part.partner, part.amount, part.share) for part in one.parts] == [
        ("A", 30.0, 0.3),
        ("B", 20.0, 0.2),
    ]
    assert one.known == pytest.approx(0.5)
    assert one.herfindahl == pytest.approx(0.3**2 + 0.2**2)


def test_the_backlog_is_what_is_contracted_in_all() -> None:
    edges = [
        edge("A>T", "purchase_commitment", 300.0, status="contract"),
        edge("B>T", "purchase_commitment", 900.0, status="letter_of_intent"),
        edge("A>S", "lease", 40.0, status="contract"),
        edge("B>S", "lease", 500.0, status="committed"),
    ]
    by_firm = found(edges)
    assert by_firm["T", "backlog"].parts[0].share == 300.0 / 400.0
    # S states no backlog: of the sum of the contracts, which is more than a year's revenue.
    assert by_firm["S", "backlog"].parts[0][0::2] == ("B", 500.0 / 540.0)


def test_lenders_are_shares_of_debt_by_what_is_drawn() -> None:
    edges = [
        edge("A>S", "term_loan", 80.0),
        edge("B>S", "senior_notes", 40.0, drawn=20.0),
        edge("B>S", "vendor_loan", 30.0),
    ]
    one = found(edges)["S", "debt"]
    assert [(part.partner, part.share) for part in one.parts] == [("A", 0.4), ("B", 0.25)]


def test_stakes_are_shares_of_the_owners_own_equity() -> None:
    edges = [edge("B>S", "equity_stake", share=0.1), edge("B>T", "equity_stake", 5.0)]
    one = found(edges)["B", "own_value"]
    assert [(part.partner, part.share) for part in one.parts] == [("S", 0.18), ("T", 0.01)]


def test_a_whole_that_is_not_known_gives_no_share() -> None:
    assert found([edge("S>A", "revenue_dependence", per_year=20.0), edge("S>A", "term_loan", 3.0)]) == {}


def test_by_kind_and_then_the_largest_share_first() -> None:
    edges = [
        edge("A>S", "revenue_dependence", per_year=20.0),
        edge("A>T", "revenue_dependence", per_year=5.0),
        edge("B>S", "equity_stake", 9.0),
    ]
    ones = concentrations_of(network(FIRMS, edges), DAY)
    assert [(one.kind, one.firm) for one in ones] == [("revenue", "T"), ("revenue", "S"), ("own_value", "B")]


def test_the_stakes_of_the_shipped_network_are_small_but_for_softbank() -> None:
    shipped = load_network("ai_circular_financing")
    ones = concentrations_of(shipped.on(shipped.as_of), shipped.as_of)
    by_firm = {(one.firm, one.kind): one.known for one in ones}
    assert by_firm["NVDA", "own_value"] < 0.002
    assert 0.03 < by_firm["MSFT", "own_value"] < 0.05
    assert by_firm["SOFTBANK", "own_value"] > 0.5
    assert by_firm["ORCL", "backlog"] == pytest.approx(300 / 455)
