from __future__ import annotations

from datetime import date

from tests.networks.graphs import DAY, edge, network, node

from stresstest.networks.selection import selected

FIRMS = (node("A"), node("B"), node("LATER", valid_from=date(2026, 1, 1)))
EDGES = (
    edge("A>B", "term_loan", 1.0),
    edge("A>B", "lease", 2.0, status="contract", end=date(2026, 6, 30)),
    edge("B>A", "equity_stake", 3.0, valid_from=date(2025, 11, 1)),
    edge("A>LATER", "term_loan", 4.0, status="committed"),
)
WHOLE = network(FIRMS, EDGES)


def amounts(*arguments: object, **terms: object) -> list[float]:
    return [one.amount for one in selected(WHOLE, *arguments, **terms).edges]


def test_edges_and_firms_are_those_of_the_day() -> None:
    assert amounts(DAY) == [1.0, 2.0]
    assert amounts(date(2025, 11, 1)) == [1.0, 2.0, 3.0]
    assert amounts(date(2026, 6, 30)) == [1.0, 2.0, 3.0, 4.0]
    assert amounts(date(2026, 7, 1)) == [1.0, 3.0, 4.0]
    assert [firm.id for firm in selected(WHOLE, DAY).nodes] == ["A", "B"]


def test_types_and_statuses_narrow_it_down_and_firms_stay() -> None:
    assert amounts(DAY, edge_types=("lease",)) == [2.0]
    assert amounts(DAY, statuses=("funded",)) == [1.0]
    assert amounts(DAY, edge_types=("lease",), statuses=("funded",)) == []
    assert len(selected(WHOLE, DAY, ("warrant",)).nodes) == 2
