from __future__ import annotations

from dataclasses import replace

from tests.report.samples import view

from stresstest.report.sections.blocks import Figure, Prose, Table
from stresstest.report.sections.networks import network_sections

(PART,) = view().networks


def test_firms_with_what_they_lose_and_when_their_money_ends() -> None:
    (section,) = network_sections(view())
    figure, table, _ = section.blocks
    assert isinstance(figure, Figure)
    assert isinstance(table, Table)
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}
    assert rows["NVDA"][1] == "\N{MINUS SIGN}81 %"
    assert rows["LAB *"][3] == "month 3.5"


def test_only_the_first_network_is_drawn() -> None:
    _, second = network_sections(replace(view(), networks=(PART, replace(PART, scenario="other"))))
    assert second.anchor == "network-2"
    assert not [block for block in second.blocks if isinstance(block, Figure)]


def test_a_network_that_does_not_come_to_rest_is_an_alarm() -> None:
    (section,) = network_sections(replace(view(), networks=(replace(PART, at_rest=False),)))
    last = section.blocks[-1]
    assert isinstance(last, Prose)
    assert last.tone == "alarm"
    assert "NOT" in last.paragraphs[0]


def test_a_document_without_edges_has_no_drawing() -> None:
    (section,) = network_sections(replace(view(), networks=(replace(PART, drawn=None),)))
    assert not [block for block in section.blocks if isinstance(block, Figure)]
