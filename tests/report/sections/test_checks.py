from __future__ import annotations

from dataclasses import replace

from tests.report.dressed import whole
from tests.report.samples import view

from stresstest.report.sections.blocks import Facts, Prose, Section, Table
from stresstest.report.sections.checks import coverage_section, judgement_section, plausibility_section
from stresstest.report.view.checks import JudgementView

(BOOK,) = whole().books


def test_what_nothing_reaches_is_an_alarm() -> None:
    section = coverage_section(BOOK)
    assert section is not None
    first = section.blocks[0]
    assert isinstance(first, Prose)
    assert first.tone == "alarm"
    assert "cash" in first.paragraphs[0]
    assert coverage_section(replace(BOOK, coverage=None)) is None


def test_kinds_of_risk_that_nothing_moves_are_marked() -> None:
    section = coverage_section(BOOK)
    assert section is not None
    risks, proxies = (block for block in section.blocks if isinstance(block, Table))
    marked = {row[0].text: row[3] for row in risks.rows}
    assert (marked["implied vol"].text, marked["implied vol"].tone) == ("0 of 4", "alarm")
    assert (marked["spot"].text, marked["spot"].tone) == ("4 of 4", "")
    assert [cell.text for cell in proxies.rows[0]] == [
        "quiet", "QUIET", "SPY", "USD 10,000", "2.9 %", "2025-06-30", "95", "+10.0 %",
    ]  # fmt: skip


def test_history_has_a_column_a_regime() -> None:
    section = plausibility_section(whole())
    assert section is not None
    (table,) = section.blocks
    assert isinstance(table, Table)
    assert [column.title for column in table.columns][1:3] == ["Calm", "Stressed"]
    assert [cell.text for cell in table.rows[0]] == [
        "fall", "4.7 (73 %)", "2.0 (0.4 %)", "NVDA \N{MINUS SIGN}9.8", "1", "2",
    ]  # fmt: skip
    assert plausibility_section(view()) is None


def tables(section: Section | None) -> dict[str, Table]:
    assert section is not None
    return {block.title: block for block in section.blocks if isinstance(block, Table)}


def test_what_rests_on_judgement() -> None:
    section = judgement_section(BOOK)
    found = tables(section)
    assert section is not None
    facts = next(block for block in section.blocks if isinstance(block, Facts))
    assert dict(facts.pairs)["Share of the loss that rests on judgement"] == "40 %"
    rests = found["What the loss rests on"]
    assert [row[0].text for row in rests.rows] == ["fall", "stop"]
    inputs = next(table for title, table in found.items() if "move the loss most" in title)
    assert [cell.text for cell in inputs.rows[0]][:3] == [
        "shift of AMD",
        "\N{MINUS SIGN}3.10 %",
        "+10 % of its size",
    ]
    challenger = found["A challenger for the network"]
    assert challenger.rows[0][0].text == "stop"
    assert any(title.startswith("Register of the") for title in found)


def test_what_was_not_measured_is_said() -> None:
    found = judgement_section(replace(BOOK, judgement=JudgementView("fall", (("judgement", 2),))))
    assert found is not None
    texts = [text for block in found.blocks if isinstance(block, Prose) for text in block.paragraphs]
    assert any("not measured" in text for text in texts)
    assert judgement_section(replace(BOOK, judgement=None)) is None
