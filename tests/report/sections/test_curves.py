from __future__ import annotations

from dataclasses import replace

from tests.report.samples import view

from stresstest.report.sections.blocks import Beside, Table
from stresstest.report.sections.curves import path_section, severity_section

(BOOK,) = view().books


def test_the_table_beside_the_curve_has_stated_severities() -> None:
    section = severity_section(BOOK)
    assert section is not None
    beside = section.blocks[0]
    assert isinstance(beside, Beside)
    rows = {row[0].text: row[1].text for row in beside.table.rows}
    assert rows["100 %"] == "\N{MINUS SIGN}36.9 %"
    assert {"25 %", "50 %", "200 %"} <= rows.keys()
    assert severity_section(replace(BOOK, severity=None)) is None


def test_break_points_have_the_numbers_of_their_marks() -> None:
    section = severity_section(BOOK)
    assert section is not None
    assert BOOK.severity is not None
    table = section.blocks[1]
    assert isinstance(table, Table)
    assert [row[0].text for row in table.rows] == [str(row + 1) for row in range(len(BOOK.severity.breaks))]


def test_an_impossible_severity_is_named() -> None:
    assert BOOK.severity is not None
    cut = replace(BOOK.severity, percent=(*BOOK.severity.percent[:-1], None))
    section = severity_section(replace(BOOK, severity=cut))
    assert section is not None
    beside = section.blocks[0]
    assert isinstance(beside, Beside)
    assert beside.table.rows[-1][1].text == "impossible"


def test_a_path_has_a_row_a_date_and_every_path_its_figures() -> None:
    section = path_section(BOOK)
    assert section is not None
    beside, table = section.blocks
    assert isinstance(beside, Beside)
    assert isinstance(table, Table)
    assert [row[0].text for row in beside.table.rows] == [
        point.day.isoformat() for point in BOOK.paths[0].points
    ]
    assert [row[0].text for row in table.rows] == ["slide"]
    assert path_section(replace(BOOK, paths=())) is None
