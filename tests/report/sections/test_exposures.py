from __future__ import annotations

from dataclasses import replace

from tests.report.samples import view

from stresstest.report.sections.blocks import Facts, Prose, Table
from stresstest.report.sections.exposures import concentration_section, exit_section, weighed

(BOOK,) = view().books


def test_names_and_themes_with_their_weights() -> None:
    section = concentration_section(BOOK)
    assert section is not None
    facts, names, themes = section.blocks
    assert isinstance(facts, Facts)
    assert isinstance(names, Table)
    assert isinstance(themes, Table)
    assert dict(facts.pairs)["Look-through AI exposure, of base value"] == "60 %"
    assert names.rows[0][0].text == "NVDA Inc (NVDA)"
    assert names.rows[3][0].text == "SAP"
    assert themes.rows[0][0].text == "ai accelerators"
    assert concentration_section(replace(BOOK, concentration=None)) is None


def test_a_bar_is_a_part_of_the_largest() -> None:
    assert weighed(-5.0, 10.0).size == 0.5
    assert weighed(-5.0, 0.0).size is None


def test_exit_prices_or_that_none_is_known() -> None:
    _, table, unknown = exit_section(BOOK).blocks
    assert isinstance(table, Table)
    assert [row[0].text for row in table.rows] == ["amd", "nvda"]
    assert isinstance(unknown, Prose)
    assert "ko" in unknown.paragraphs[0]
    (nothing,) = exit_section(replace(BOOK, exits=None)).blocks
    assert isinstance(nothing, Prose)
