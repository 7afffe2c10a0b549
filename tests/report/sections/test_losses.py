from __future__ import annotations

from dataclasses import replace

from tests.report.samples import view

from stresstest.report.sections.blocks import Beside, Group, Table
from stresstest.report.sections.losses import (
    MARK,
    heat_section,
    heat_table,
    loss_section,
    share_section,
    waterfall_section,
)
from stresstest.report.view.losses import HeatMap

(BOOK,) = view().books


def loss_table() -> Table:
    (beside,) = (block for block in loss_section(view(), BOOK).blocks if isinstance(block, Beside))
    return beside.table


def test_the_table_beside_the_bars_has_the_numbers() -> None:
    rows = [[cell.text for cell in row] for row in loss_table().rows]
    assert rows[0] == [
        "fall", "6m", "\N{MINUS SIGN}141k", "\N{MINUS SIGN}36.9 %",
        "\N{MINUS SIGN}22.3 to \N{MINUS SIGN}46.6", "81 %",
    ]  # fmt: skip
    assert rows[1][0] == f"stop {MARK}"
    assert rows[3][3] == "+4.8 %"


def test_losses_and_gains_differ_in_tone_and_in_sign() -> None:
    assert [row[3].tone for row in loss_table().rows] == ["loss", "loss", "loss", "gain"]


def test_cells_of_the_heat_map_have_heat_and_their_number() -> None:
    heat = HeatMap("p", "base value", "position", ("a", "b"), ("s", "t"), ((-20.0, 0.0), (None, 5.0)), 3)
    rows = heat_table(heat).rows
    assert [cell.size for cell in rows[0][1:]] == [-1.0, 0.0]
    assert [cell.text for cell in rows[1][1:]] == ["\N{EN DASH}", "+5.0"]
    section = heat_section(replace(BOOK, heat=heat))
    assert section is not None
    assert "3 milder scenarios are left out" in section.scope
    assert heat_section(replace(BOOK, heat=None)) is None


def test_a_waterfall_ends_in_its_total() -> None:
    section = waterfall_section(BOOK)
    assert section is not None
    first = section.blocks[0]
    assert isinstance(first, Beside)
    assert [cell.text for cell in first.table.rows[-1]] == [
        "Total",
        "\N{MINUS SIGN}141k",
        "\N{MINUS SIGN}36.9 %",
        "",
    ]
    assert first.table.rows[-2][3].text == "\N{MINUS SIGN}36.9 %"  # what the steps add up to
    assert waterfall_section(replace(BOOK, waterfalls=())) is None


def test_steps_through_a_network_say_so_in_words() -> None:
    section = waterfall_section(BOOK)
    assert section is not None
    second = section.blocks[1]
    assert isinstance(second, Beside)
    assert "capitalised revenue (network)" in {row[0].text for row in second.table.rows}


def test_groups_without_the_attribute_are_named() -> None:
    section = share_section(BOOK)
    assert section is not None
    (group,) = section.blocks
    assert isinstance(group, Group)
    assert "no sector" in {row[0].text for table in group.tables for row in table.rows}
    assert share_section(replace(BOOK, shares=())) is None
