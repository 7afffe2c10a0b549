"""Hostile text is only text: in a terminal, a spreadsheet and a page."""

from __future__ import annotations

import csv
import doctest
import html
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.io import sanitise
from stresstest.io.sanitise import csv_cell, html_text, terminal_text

HOSTILE = [
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "a\rb",
    "a\nb",
    "\x9b31m",
    "\u202eevil",
    "a\u200bb",
    "\u2066x\u2069",
    "\ud800",
]
any_text = st.text(st.characters(), max_size=20) | st.sampled_from(HOSTILE)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_spelled_out(text: str) -> None:
    shown = terminal_text(text)
    assert shown != text
    assert "\\" in shown


@given(any_text)
def test_nothing_unseen_reaches_any_sink(text: str) -> None:
    for sink in (terminal_text, csv_cell, html_text):
        for character in sink(text):
            assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
            assert unicodedata.bidirectional(character) not in (
                "LRE",
                "RLE",
                "LRO",
                "RLO",
                "PDF",
                "LRI",
                "RLI",
                "FSI",
                "PDI",
            )


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=20))
def test_plain_text_stays(text: str) -> None:
    assert terminal_text(text) == text
    assert html.unescape(html_text(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "=cmd()",
        "=1+1",
        "+SUM(A1)",
        "-2+3",
        "@x",
        " =1",
        "\t=1",
        "\n=1",
        "\uff1d1",
        "+1.2.3",
        "--5",
        "-",
        "=",
        "\r@a",
    ],
)
def test_formulas_are_text(text: str) -> None:
    assert csv_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["-5", "+1e3", "-0.25", "NVDA", "a=b", "1-2", "'", ""])
def test_harmless_cells_stay(text: str) -> None:
    assert csv_cell(text) == text


@given(any_text)
def test_a_cell_never_begins_a_formula_and_stays_one_cell(text: str) -> None:
    cell = csv_cell(text)
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerow([cell, "x"])
    assert next(csv.reader(io.StringIO(stream.getvalue(), newline=""))) == [cell, "x"]
    assert stream.getvalue().count("\n") == 1
    if cell.lstrip()[:1] in ("=", "+", "-", "@"):
        float(cell)


@given(any_text)
def test_html_text_opens_nothing(text: str) -> None:
    assert not set(html_text(text + '</script><b a="\'">')) & set("<>\"'")


def test_examples_in_the_documentation() -> None:
    assert doctest.testmod(sanitise) == (0, 2)
