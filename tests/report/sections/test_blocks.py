from __future__ import annotations

from stresstest.report.sections.blocks import Cell, Column, columns, plain_rows, signed


def test_a_mark_before_a_title_makes_a_column_of_numbers() -> None:
    assert columns("Name", "#P&L") == (Column("Name"), Column("P&L", is_number=True))


def test_texts_become_cells_and_cells_stay() -> None:
    cell = Cell("x", "alarm")
    assert plain_rows([("a", cell)]) == ((Cell("a"), cell),)


def test_the_tone_is_the_sign_and_the_bar_a_part_of_the_largest() -> None:
    assert signed("-1", -1.0) == Cell("-1", "loss")
    assert signed("2", 2.0, 4.0) == Cell("2", "gain", 0.5)
    assert signed("0", 0.0) == Cell("0")
    assert signed("", None, 4.0) == Cell("")
    assert signed("-9", -9.0, 4.0).size == -1.0
