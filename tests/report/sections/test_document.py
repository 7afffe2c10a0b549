"""The whole report as sections: which there are, in which order, and what each of them says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.report.dressed import NO_PLAN, whole
from tests.report.samples import view

from stresstest.report.sections.blocks import Beside, Block, Group, Section, Table
from stresstest.report.sections.document import Document, document_of
from stresstest.report.view.books import BookView
from stresstest.report.view.losses import Losses
from stresstest.report.view.report import ReportView

WHOLE = document_of(whole())
ORDER = (
    "notes", "losses", "heat", "waterfall", "contributions", "concentration", "severity", "paths", "exit",
    "coverage", "judgement", "network", "hedge", "plausibility", "scenarios", "provenance", "sign-off",
)  # fmt: skip


def tables(blocks: tuple[Block, ...]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Group):
            yield from block.tables
        elif isinstance(block, Beside):
            yield block.table


def test_sections_come_in_their_order_with_what_to_know_first() -> None:
    assert tuple(section.anchor for section in WHOLE.sections) == ORDER


@pytest.mark.parametrize("section", WHOLE.sections, ids=[section.anchor for section in WHOLE.sections])
def test_every_section_says_what_it_is_of_and_what_it_is_not(section: Section) -> None:
    assert section.title
    assert section.scope
    assert section.is_not
    assert section.blocks


@pytest.mark.parametrize("section", WHOLE.sections, ids=[section.anchor for section in WHOLE.sections])
def test_every_row_of_a_table_has_a_cell_for_every_column(section: Section) -> None:
    for table in tables(section.blocks):
        assert table.title
        assert {len(row) for row in table.rows} <= {len(table.columns)}
        assert all(isinstance(cell.text, str) for row in table.rows for cell in row)


def test_headers_name_the_horizon() -> None:
    scopes = {section.anchor: section.scope for section in WHOLE.sections}
    for anchor in ("waterfall", "contributions", "severity", "exit", "judgement", "hedge"):
        assert "6 months" in scopes[anchor]
    assert "12 months" in scopes["paths"]
    assert "12 months" in scopes["network"]


def test_anchors_are_unique_for_several_portfolios_and_plans() -> None:
    two = replace(whole(), books=whole().books * 2, hedges=(*whole().hedges, NO_PLAN))
    found = [section.anchor for section in document_of(two).sections]
    assert len(found) == len(set(found))
    assert {"losses", "losses-2", "hedge", "hedge-2"} <= set(found)
    assert any(section.title.startswith("small: ") for section in document_of(two).sections)


def without(found: BookView) -> BookView:
    """Return a portfolio of which nothing is known but its size."""
    head = found.name, found.title, found.currency, found.base_value, found.gross_value, 0, False
    return BookView(*head, Losses(found.name, found.currency, "base value", ()))


def test_what_is_not_known_has_no_section() -> None:
    bare = ReportView("bare", 1.0, view().provenance, (without(view().books[0]),))
    document: Document = document_of(bare)
    assert [section.anchor for section in document.sections] == [
        "notes",
        "losses",
        "provenance",
        "sign-off",
    ]


def test_the_standing_notice_is_at_the_head() -> None:
    assert WHOLE.notice == view().notice != ""
