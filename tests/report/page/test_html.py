"""The page: its structure, that it needs and runs nothing, and that the same view gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from itertools import pairwise

import pytest
from tests.report.dressed import PLAN, whole
from tests.report.page.structure import Structure
from tests.report.samples import stress, view

from stresstest.report.page.html import fragment_of, page_of, style_sheet
from stresstest.report.sections.document import document_of
from stresstest.report.sections.hedge import hedge_section
from stresstest.report.sections.losses import loss_section


@cache
def page() -> str:
    return page_of(whole())


@cache
def structure() -> Structure:
    return Structure(page())


def test_tags_are_closed_in_order() -> None:
    assert structure().mistakes == []


def test_landmarks() -> None:
    found = [tag.name for tag in structure().tags if tag.depth <= 2]
    for name in ("main", "footer", "nav", "header"):
        assert name in {tag.name for tag in structure().tags}
    assert found.count("main") == found.count("footer") == 1
    assert structure().tags[0].attributes["lang"] == "en"
    assert all("aria-label" in tag.attributes for tag in structure().named("nav"))


def test_one_first_heading_and_no_level_is_left_out() -> None:
    levels = [int(tag.name[1]) for tag in structure().tags if re.fullmatch("h[1-6]", tag.name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_section_is_there_and_in_the_contents() -> None:
    anchors = [section.anchor for section in document_of(whole()).sections]
    parts = [tag.attributes["id"] for tag in structure().named("section") if "id" in tag.attributes]
    links = [tag.attributes["href"] for tag in structure().named("a") if tag.attributes["href"] != "#notes"]
    assert parts == anchors
    assert [f"#{anchor}" for anchor in anchors if anchor != "notes"] == links


def test_ids_are_unique_and_every_reference_has_its_target() -> None:
    ids = [tag.attributes["id"] for tag in structure().with_attribute("id")]
    assert len(ids) == len(set(ids))
    references = {
        name
        for tag in structure().tags
        for attribute in ("aria-labelledby", "aria-describedby", "headers", "for")
        for name in tag.attributes.get(attribute, "").split()
    }
    references |= {tag.attributes["href"].removeprefix("#") for tag in structure().with_attribute("href")}
    references |= set(re.findall(r"url\(#([^)]+)\)", page()))
    assert references
    assert references <= set(ids)


def test_no_script_no_handler_no_style_attribute() -> None:
    forbidden = {"script", "iframe", "object", "embed", "form", "link", "img", "base", "foreignobject"}
    assert not forbidden & {tag.name for tag in structure().tags}
    assert not [
        (tag.name, name)
        for tag in structure().tags
        for name in tag.attributes
        if name.startswith("on") or name in ("style", "src", "srcset", "action", "ping")
    ]


def test_no_address_outside_the_page() -> None:
    text = page().replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.findall(
        r"(?:https?:|//[a-z]|@import|url\((?!#)|javascript:|data:(?!;))[^\s]{0,40}", _without_policy(text)
    )


def _without_policy(text: str) -> str:
    return re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)


def test_the_policy_allows_the_one_style_sheet_and_nothing_else() -> None:
    (policy,) = (
        tag.attributes["content"] for tag in structure().named("meta") if "http-equiv" in tag.attributes
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert "script-src" not in rules
    (style,) = re.findall(r"<style>(.*?)</style>", page(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert rules["style-src"] == f"'sha256-{digest}'"
    assert style == style_sheet()


def test_the_policy_stands_before_anything_that_it_is_for() -> None:
    names = [tag.name for tag in structure().tags]
    policy = next(row for row, tag in enumerate(structure().tags) if "http-equiv" in tag.attributes)
    assert policy < names.index("style")


def test_tables_have_captions_and_heads() -> None:
    tables = structure().named("table")
    assert len(tables) == len(structure().named("caption")) >= 20
    assert {tag.attributes["scope"] for tag in structure().named("th")} == {"col", "row"}
    scrolled = [tag for tag in structure().tags if tag.attributes.get("role") == "region"]
    assert all(tag.attributes["aria-label"] and tag.attributes["tabindex"] == "0" for tag in scrolled)


def test_drawings_have_a_title_and_a_description() -> None:
    drawings = [tag for tag in structure().named("svg") if tag.attributes.get("role") == "img"]
    figures = structure().named("figure")
    assert len(drawings) == len(figures) == len(structure().named("figcaption")) >= 7
    assert all(len(tag.attributes["aria-labelledby"].split()) == 2 for tag in drawings)
    others = [tag for tag in structure().named("svg") if tag not in drawings]
    assert all(tag.attributes["aria-hidden"] == "true" for tag in others)


def test_the_answer_stands_before_any_section() -> None:
    texts = structure().texts
    answer = next(row for row, text in enumerate(texts) if text.startswith("Under fall"))
    assert answer < texts.index("Read this first")


def test_the_same_view_gives_the_same_bytes() -> None:
    assert page_of(whole()) == page()
    assert page_of(view()) != page()


@pytest.mark.parametrize("heading", ["Losses by scenario", "Who loses where", "Sign-off"])
def test_headings_are_there(heading: str) -> None:
    assert heading in structure().texts


def test_a_fragment_has_tables_only() -> None:
    sections = [loss_section(view(), view().books[0]), hedge_section(PLAN)]
    found = Structure(fragment_of(sections, ["The <answer>."]))
    assert found.mistakes == []
    assert not found.named("svg", "style", "script", "html", "figure")
    assert "The <answer>." in found.texts
    assert found.named("table")


def test_a_result_shows_itself_in_a_notebook() -> None:
    found = Structure(stress()._repr_html_())
    assert found.mistakes == []
    assert any(text.startswith("Under fall, over 6 months, small loses 37 %") for text in found.texts)
    assert "Losses by scenario" in found.texts
