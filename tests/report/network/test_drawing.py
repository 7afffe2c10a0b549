from __future__ import annotations

import itertools
import re
import warnings
import xml.etree.ElementTree as ET
from datetime import date
from functools import cache

import pytest
from matplotlib.figure import Figure
from tests.networks.graphs import edge, network, node, random_network
from tests.report.network.drawn import texts

from stresstest.networks.model import Network
from stresstest.networks.reading import load_network
from stresstest.report.network.drawing import NetworkDrawing
from stresstest.report.network.layout import Box
from stresstest.report.network.palette import loss_colour

SHIPPED = load_network("ai_circular_financing")
SMALL = network(
    [
        node("A", title="Maker", equity=4e12, revenue=1e11),
        node("B", title="User", equity=5e11, revenue=1e10, kind="private", burn=1e9),
    ],
    [
        edge("A>B", "equity_commitment", 1e11, status="letter_of_intent"),
        edge("B>A", "revenue_dependence", per_year=1e10),
    ],
    title="A circle of two",
    source=("a paper",),
)
CASES = {
    "one": network([node("A", equity=5e9)]),
    "nothing known": network([node("A"), node("B")], [edge("A>B", "warrant", quantity=3.0)]),
    "small": SMALL,
    "fifteen": random_network(15, 30, 2),
    "two hundred": random_network(200, 600, 1),
    "shipped": SHIPPED,
}


@cache
def figure(case: str) -> Figure:
    return NetworkDrawing(CASES[case]).figure()


def shown(drawing: NetworkDrawing | str) -> str:
    drawn = figure(drawing) if isinstance(drawing, str) else drawing.figure()
    return " ".join(text for text, _ in texts(drawn))


@pytest.mark.parametrize("case", CASES)
def test_no_text_lies_on_another_or_off_the_page(case: str) -> None:
    drawn = figure(case)
    # Boxes of glyphs reach beyond what is inked: half a point at each side is air.
    placed = [(text, Box(*box)) for text, box in texts(drawn)]
    page = Box(0.0, 0.0, drawn.get_figwidth() * 72.0, drawn.get_figheight() * 72.0)
    assert [text for text, box in placed if not box.within(page)] == []
    tight = [
        (text, Box(box.left + 0.5, box.bottom + 1.5, box.right - 0.5, box.top - 1.5)) for text, box in placed
    ]
    clashes = [(one, other) for (one, a), (other, b) in itertools.combinations(tight, 2) if a.meets(b)]
    assert clashes == []


def test_a_reader_finds_title_date_currency_source_and_what_it_rests_on() -> None:
    text = shown("small")
    for part in (
        "A circle of two",
        "As of 2025-10-03; amounts in USD",
        "Source: network sample, after a paper.",
        "What its edges rest on: 2 documented.",
        "100bn",
        "10bn a year",
        "letter of intent, claim",
        "strong colour: on a circle of money",
    ):
        assert part in text
    assert "Maker → User → Maker 10.0\N{NO-BREAK SPACE}%" in text


def test_the_circle_of_the_article_is_named_and_its_amounts_are_written() -> None:
    text = shown("shipped")
    assert "Nvidia → OpenAI → Oracle → Nvidia" in text
    assert text.count("300bn") >= 2
    assert "100bn" in text
    for title in ("Nvidia", "OpenAI", "Oracle", "Microsoft", "CoreWeave", "SoftBank"):
        assert title in text


def test_what_a_page_has_no_room_for_is_said() -> None:
    text = shown("two hundred")
    assert re.search(
        r"The 48 firms with most money in their edges, of (19\d|200); \d+ of \d+ arrows between them", text
    )


@pytest.mark.parametrize("case", ["small", "fifteen"])
def test_the_same_drawing_has_the_same_bytes(case: str) -> None:
    assert NetworkDrawing(CASES[case]).content(".svg") == NetworkDrawing(CASES[case]).content(".svg")


def hostile() -> Network:
    titles = [
        "</text><script>alert(1)</script>",
        r"$\frac{a}{b}$ --> <!--",
        "a\x1b]0;x\x07\u202egnp.exe",
        "株式会社",
    ]
    firms = [node(f"F{n}", title=title, equity=1e9, revenue=1e8) for n, title in enumerate(titles)]
    edges = [
        edge("F0>F1", "term_loan", 5e8),
        edge("F1>F2", "term_loan", 5e8),
        edge("F2>F3", "lease", per_year=1e7),
    ]
    return network(firms, edges, title="<b>&title;</b> $x$", source=("javascript:alert(1)",))


def test_hostile_names_are_only_text() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = NetworkDrawing(hostile())
        content = drawing.content(".svg")
        text = shown(drawing)
    tags = {tag.rpartition(":")[2] for tag in re.findall(r"<([a-zA-Z:]+)", content.decode())}
    drawing_tags = {"svg", "defs", "style", "g", "path", "use", "clipPath", "rect"}
    assert tags <= drawing_tags | {"metadata", "RDF", "Work", "type", "format", "creator", "Agent", "title"}
    ET.fromstring(content)  # noqa: S314 - our own
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert r"\x1b" in text
    assert "$x$" in text
    assert b"<script" not in content


def test_losses_colour_firms_and_stand_beside_their_values() -> None:
    drawing = NetworkDrawing(SMALL, losses={"B": 0.48, "A": 0.054})
    text = shown(drawing)
    assert "500bn, −48 %" in text
    assert "4tn, −5.4 %" in text
    assert "Loss of value" in text
    content = drawing.content(".svg").decode()
    assert loss_colour(0.48) in content
    assert loss_colour(0.48) not in NetworkDrawing(SMALL).content(".svg").decode()


def test_another_day_has_other_edges_and_says_so() -> None:
    text = shown(NetworkDrawing(SHIPPED, day=date(2025, 11, 5)))
    assert "edges valid on 2025-11-05" in text
    assert text != shown("shipped")


def test_a_remark_stands_below() -> None:
    assert "Only edges of status funded." in shown(
        NetworkDrawing(SMALL, remark="Only edges of status funded.")
    )
