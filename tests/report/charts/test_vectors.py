"""Drawings within a page: stable bytes, nothing that a strict policy refuses, text that stays text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import matplotlib
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stresstest.report.charts.style import INK
from stresstest.report.charts.vectors import inline_svg

HOSTILE = "</title><script>alert('&')</script> \"quoted\""


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own drawing


def drawing() -> Axes:
    ax = Figure(figsize=(3, 2)).add_subplot()
    ax.plot([0, 1, 2], [1.0, 3.123456, 2.0], color=INK, marker="o")
    ax.fill_between([0, 1, 2], [0, 1, 0], hatch="//")
    ax.set_title(HOSTILE, parse_math=False)
    return ax


def svg(anchor: str = "a") -> str:
    return inline_svg(drawing, anchor, HOSTILE, "What it shows")


def test_the_bytes_are_the_same_whatever_the_settings_of_the_host_are() -> None:
    first = svg()
    with matplotlib.rc_context({"svg.hashsalt": None, "font.size": 30, "lines.linewidth": 9}):
        assert svg() == first


def test_it_says_no_date_no_program_and_no_machine() -> None:
    found = svg()
    for word in ("metadata", "dc:date", "Matplotlib", "matplotlib", "http://www.w3.org/1999/xlink"):
        assert word not in found


def test_a_strict_policy_has_nothing_to_refuse() -> None:
    root = parsed(svg())
    for element in root.iter():
        assert element.tag.rpartition("}")[2] not in ("script", "style", "image", "foreignObject")
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert all(value.startswith("#") for name, value in element.attrib.items() if name.endswith("href"))


def test_ids_are_unique_and_every_reference_has_its_target() -> None:
    root = parsed(svg())
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert all(one.startswith("a-") for one in ids)
    used = {element.attrib["href"].removeprefix("#") for element in root.iter() if "href" in element.attrib}
    used |= {
        value.removeprefix("url(#").removesuffix(")")
        for element in root.iter()
        for value in element.attrib.values()
        if value.startswith("url(")
    }
    assert used
    assert used <= set(ids)


def test_two_drawings_on_a_page_share_no_id() -> None:
    ids = [
        {element.attrib["id"] for element in parsed(svg(anchor)).iter() if "id" in element.attrib}
        for anchor in ("a", "b")
    ]
    assert not ids[0] & ids[1]


def test_title_and_description_are_named_by_the_drawing() -> None:
    root = parsed(svg())
    told = {element.attrib.get("id"): element.text for element in root}
    names = [told[name] for name in root.attrib["aria-labelledby"].split()]
    assert names == [HOSTILE, "What it shows"]
    assert root.attrib["role"] == "img"


def test_letters_that_nobody_sees_are_spelled_out() -> None:
    found = inline_svg(drawing, "a", "a\u202eb\x00c", "\u200fd")
    parsed(found)
    assert "a\\u202eb\\x00c" in found
    assert "\\u200fd" in found


def test_text_stays_text() -> None:
    texts = [element.text for element in parsed(svg()).iter() if element.tag.endswith("}text")]
    assert HOSTILE in texts
    assert "<script" not in svg()


@pytest.mark.parametrize("name", ["fill", "stroke"])
def test_our_colours_are_those_of_the_page(name: str) -> None:
    found = {element.attrib.get(name) for element in parsed(svg()).iter()}
    assert "var(--ink)" in found
    assert INK not in found
