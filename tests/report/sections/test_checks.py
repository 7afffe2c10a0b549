from __future__ import annotations

from dataclasses import replace

from tests.report.dressed import whole
from tests.report.samples import view

from stresstest.report.sections.blocks import Facts, Prose, Table
from stresstest.report.sections.checks import coverage_section, judgement_section, plausibility_section

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
    assert [cell.text for cell in proxies.rows[0]] == ["quiet", "QUIET", "SPY", "USD 10,000", "2025-06-30"]


def test_history_has_a_column_a_regime() -> None:
    section = plausibility_section(whole())
    assert section is not None
    (table,) = section.blocks
    assert isinstance(table, Table)
    assert [column.title for column in table.columns][1:3] == ["Calm regime", "Stressed regime"]
    assert [cell.text for cell in table.rows[0]] == [
        "fall", "4.7 (73 %)", "2.0 (0.4 %)", "NVDA \N{MINUS SIGN}9.8", "1", "2",
    ]  # fmt: skip
    assert plausibility_section(view()) is None


def test_judgement_measured_and_only_counted() -> None:
    measured, counted = judgement_section(BOOK), judgement_section(view().books[0])
    assert measured is not None
    assert counted is not None
    facts = [block for block in measured.blocks if isinstance(block, Facts)]
    assert dict(facts[0].pairs).popitem()[1] == "40 %"
    assert not [block for block in counted.blocks if isinstance(block, Facts)]
    inputs = [block for block in measured.blocks if isinstance(block, Table)][-1]
    assert inputs.rows[0][0].text == "shift of AMD"
    texts = [text for block in counted.blocks if isinstance(block, Prose) for text in block.paragraphs]
    assert any("not measured" in text for text in texts)
    assert judgement_section(replace(BOOK, judgement=None)) is None
