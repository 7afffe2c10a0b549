"""Names that would be markup, or turn text around, or fill a page: they stay text, the tags stay the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from tests.report.dressed import whole
from tests.report.page.structure import Structure

from stresstest.networks.model import Network
from stresstest.report.page.html import page_of

HOSTILE = {
    "end of script": "</script><script>alert(1)</script>",
    "end of a table": "</td></table></svg></style><img src=x onerror=alert(1)>",
    "quotes": '"\'` onmouseover="alert(1)" \'',
    "template": "{{ 7 * 7 }}{% raw %}",
    "entity": "&lt;b&gt; &#60;i&#62; &amp;",
    "comment": "<!-- --> <![CDATA[ ]]> <!doctype html>",
    "right to left": "\u202egnp.exe\u202c \u2066abc\u2069 \u200f",
    "mathematics": r"$\frac{1}{0}$ $x_1^2$ \bad",
    "long": "x" * 300,
    "controls": "a\x00b\x1b[31mc\x7f\n\r\td",
}
KEPT = {"status", "kind", "unit", "role", "by", "as_of", "name", "drawn", "horizon", "basis", "digest"}
"""Words that nobody but us writes."""


def renamed(value: Any, text: str, *, inside: bool = False) -> Any:
    """Return a view with `text` added to everything that a user may have written."""
    if isinstance(value, Network):
        nodes = tuple(replace(node, title=text) for node in value.nodes)
        return replace(value, title=text, nodes=nodes)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: renamed(getattr(value, field.name), text, inside=True)
            for field in fields(value)
            if field.name not in KEPT - {"name", "drawn"} and field.name not in ("currency", "market")
        }
        return replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(renamed(item, text, inside=inside) for item in value)
    return f"{value}{text}" if isinstance(value, str) and value else value


WRAPPED = {"wbr", "text", "tspan", "g", "path", "use", "defs"}
"""Places where a word may break, and what drawings make of letters, of which long names take more lines."""


def shape(found: Structure) -> list[tuple[str, tuple[str, ...]]]:
    """Return the tags in order with the names of their attributes."""
    return [(tag.name, tuple(sorted(tag.attributes))) for tag in found.tags if tag.name not in WRAPPED]


PLAIN = Structure(page_of(renamed(whole(), "plain")))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_names_stay_text_and_tags_stay_the_same(text: str) -> None:
    page = page_of(renamed(whole(), text))
    found = Structure(page)
    assert found.mistakes == []
    assert shape(found) == shape(PLAIN)
    assert {tag.name for tag in found.tags} == {tag.name for tag in PLAIN.tags}
    assert not [tag for tag in found.tags if any(name.startswith("on") for name in tag.attributes)]


def test_the_name_can_be_read() -> None:
    text = HOSTILE["end of script"]
    found = Structure(page_of(renamed(whole(), text)))
    assert any(text in one for one in found.texts)
    assert f"small{text}" in " ".join(found.texts)


@pytest.mark.parametrize("text", [HOSTILE["right to left"], HOSTILE["controls"]])
def test_letters_that_nobody_sees_are_spelled_out(text: str) -> None:
    page = page_of(renamed(whole(), text))
    for letter in "\u202e\u202c\u2066\u2069\u200f\x00\x1b\x7f\r":
        assert letter not in page


def test_templates_run_nothing_of_a_name() -> None:
    assert "{{ 7 * 7 }}" in page_of(renamed(whole(), HOSTILE["template"]))
