from __future__ import annotations

from tests.networks.graphs import edge, network, node
from tests.report.network.drawn import texts

from stresstest.networks.model import Edge
from stresstest.report.network.drawing import NetworkDrawing
from stresstest.report.network.palette import FAMILIES, KINDS, LINES


def legend(*edges: Edge, losses: dict[str, float] | None = None) -> set[str]:
    firms = [node("A", equity=3e9), node("B", equity=1e9, kind="spv")]
    return {text for text, _ in texts(NetworkDrawing(network(firms, edges), losses=losses).figure())}


def test_it_explains_what_is_drawn_and_nothing_else() -> None:
    words = legend(edge("A>B", "term_loan", 2e8), edge("A>B", "lease", 1e6, status="letter_of_intent"))
    assert {word for _, word in KINDS.values()} & words == {"listed", "vehicle"}
    assert {word for _, word in FAMILIES.values()} & words == {FAMILIES["money"][1], FAMILIES["orders"][1]}
    assert {word for _, word in LINES.values()} & words == {"funded", "letter of intent, claim"}
    assert {"200m", "20m", "5m"} <= words, "widths in round numbers"
    assert "strong colour: on a circle of money" not in words


def test_without_edges_there_is_nothing_on_edges() -> None:
    assert not {"Line: how firm", "Width: amount (in all, or a year)"} & legend()


def test_losses_take_the_place_of_kinds() -> None:
    words = legend(edge("A>B", "term_loan", 2e8), losses={"A": 0.2})
    assert {"Loss of value", "25 %", "100 %", "strong colour: both firms lose"} <= words
    assert "listed" not in words
