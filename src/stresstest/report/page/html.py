"""A report as HTML: templates print sections, text stays text, pictures are drawings within the page."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from stresstest.io.sanitise import html_text, terminal_text
from stresstest.report.charts.gallery import vector_of
from stresstest.report.sections.blocks import Beside, Block, Facts, Figure, Group, Prose, Section, Table
from stresstest.report.sections.document import document_of
from stresstest.report.view.report import ReportView

_FOLDER = Path(__file__).parent / "templates"
_HEATS = 4
_KINDS: dict[type, str] = {
    Table: "table", Figure: "figure", Prose: "prose", Facts: "facts", Group: "group", Beside: "beside",
}  # fmt: skip


def page_of(report: ReportView) -> str:
    """Return a report as one HTML document.

    It loads nothing: its Content-Security-Policy allows the one style sheet within it, by its hash.
    """
    style = style_sheet()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = environment().get_template("report.html")
    return template.render(document=document_of(report), style=Markup(style), style_digest=digest)  # noqa: S704


def fragment_of(sections: Sequence[Section], answers: Sequence[str] = ()) -> str:
    """Return sections as markup to put into another page, such as a notebook: tables only, no style."""
    template = environment().get_template("fragment.html")
    return template.render(sections=sections, answers=answers)


@cache
def style_sheet() -> str:
    """Return the style sheet of the page."""
    return (_FOLDER / "report.css").read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """Return the templates, in which every text is escaped and its invisible characters are spelled out."""
    found = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["broken"] = _broken
    found.globals["kind_of"] = _kind_of
    found.globals["picture"] = _picture
    found.globals["heat_of"] = _heat_of
    return found


def _plain(value: Any) -> Any:
    """Return text as terminals show it; markup and all else as they are."""
    return terminal_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _broken(text: str) -> Markup:
    """Return escaped text whose snake_case names may break after each underscore."""
    return Markup(html_text(text).replace("_", "_<wbr>"))  # noqa: S704 - escaped by us


def _kind_of(block: Block) -> str:
    return _KINDS[type(block)]


def _picture(figure: Figure, anchor: str) -> Markup:
    return Markup(vector_of(figure, anchor))  # noqa: S704 - an XML writer has escaped every text


def _heat_of(size: float | None) -> str:
    """Return the class of a heat: `loss-3`, `gain-1`, or none."""
    level = 0 if size is None else round(_HEATS * abs(size))
    return "" if level == 0 else f"{'loss' if (size or 0.0) < 0.0 else 'gain'}-{level}"
