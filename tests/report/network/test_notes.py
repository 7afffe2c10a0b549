from __future__ import annotations

from tests.networks.graphs import DAY, edge, network, node

from stresstest.networks.model import Network
from stresstest.report.network.notes import notes_of
from stresstest.report.network.view import view_of

FIRMS = (node("A", equity=100.0, revenue=10.0), node("B", equity=50.0, revenue=10.0), node("C"))
LOAN = edge("A>B", "term_loan", 5.0)


def notes(one: Network) -> list[str]:
    return notes_of(one, view_of(one, DAY))


def test_counts_are_in_words() -> None:
    assert notes(network(FIRMS[:1]))[0] == "1 firm, no edges."
    assert notes(network(FIRMS[:2], [LOAN]))[0] == "2 firms, 1 arrow."
    assert notes(network(FIRMS, [LOAN]))[0] == "2 firms with edges (1 without are left out), 1 arrow."
    alike = network(FIRMS[:2], [LOAN, LOAN])
    assert notes(alike)[0] == "2 firms, 1 arrow for 2 edges: those alike between two firms are added up."


def test_what_many_as_one_are_sized_by_is_said() -> None:
    fund = node("FUND", kind="aggregate", equity=9e9)
    one = network([*FIRMS[:2], fund], [edge("FUND>A", "holding", 7.0)])
    assert notes(one)[0].endswith(" Many as one are as large as the money of their edges.")


def test_circles_are_named_with_their_strength() -> None:
    back = edge("B>A", "revenue_dependence", per_year=2.0)
    assert notes(network(FIRMS[:2], [LOAN, back]))[1] == (
        "Strongest circles of money, by the smallest share along each: A → B → A 10.0\N{NO-BREAK SPACE}%."
    )
    assert len(notes(network(FIRMS[:2], [LOAN]))) == 2
