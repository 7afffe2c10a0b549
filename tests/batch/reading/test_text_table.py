"""Tables of plain text keep to 80 columns, and numbers in them are never cut."""

from __future__ import annotations

from stresstest.batch.reading.text_table import rows_of, wrapped


def test_texts_are_cut_and_numbers_are_not() -> None:
    lines = list(rows_of(("name", "what", ">number"), [("a" * 70, "b" * 60, "-1,234,567")]))
    assert {len(line) for line in lines} == {80}
    assert lines[1].endswith("  -1,234,567")
    assert lines[1].count("…") == 2


def test_without_rows_there_is_no_heading() -> None:
    assert list(rows_of(("name",), [])) == []


def test_paragraphs_are_wrapped() -> None:
    assert max(map(len, wrapped("word " * 60))) <= 80
