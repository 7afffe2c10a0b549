from __future__ import annotations

from dataclasses import replace

from tests.report.dressed import whole
from tests.report.samples import view

from stresstest.report.sections.blocks import Prose, Section, Table
from stresstest.report.sections.opening import figures, first_section, limit_table

(BOOK,) = whole().books


def alarms(section: Section) -> str:
    return " ".join(
        text
        for block in section.blocks
        if isinstance(block, Prose) and block.tone == "alarm"
        for text in block.paragraphs
    )


def test_failures_breaches_gaps_and_proxies_are_alarms() -> None:
    found = alarms(first_section(whole()))
    assert "put" in found
    assert "limit worst is breached: 36.9 % of base value in fall, 25.0 % allowed; the board decides" in found
    assert "no scenario reaches 1 position" in found
    assert "without a market price" in found
    assert "mild" not in found


def test_without_anything_to_tell_it_says_so() -> None:
    calm = replace(BOOK, failures=(), limits=(), coverage=None, missing=())
    section = first_section(replace(view(), books=(calm,), notes=(), missing=()))
    assert alarms(section) == ""
    assert len(section.blocks) == 1


def test_failures_have_a_table_with_their_reason() -> None:
    (table,) = (
        block
        for block in first_section(whole()).blocks
        if isinstance(block, Table) and "without a value" in block.title
    )
    (row,) = table.rows
    assert [cell.text for cell in row] == [
        "put", "small", "slide", "not priced: expired before the last step", "1,814",
    ]  # fmt: skip


def test_what_is_missing_is_named() -> None:
    texts = " ".join(
        text
        for block in first_section(view()).blocks
        if isinstance(block, Prose)
        for text in block.paragraphs
    )
    assert "factor model" in texts


def test_every_limit_has_a_verdict_in_words() -> None:
    rows = [[cell.text for cell in row] for row in limit_table(BOOK).rows]
    assert [row[0] for row in rows] == ["worst", "mild", "elsewhere"]
    assert [row[1].split(":")[0] for row in rows] == ["breached", "kept", "not checked"]


def test_figures_at_a_glance() -> None:
    facts = dict(figures(whole(), BOOK).pairs)
    assert facts["Base value"] == "USD 382,934"
    assert facts["Worst: fall"] == "\N{MINUS SIGN}36.9 %"
    assert facts["Margin call in fall"] == "none"
    assert facts["Base value differs by"] == "\N{MINUS SIGN}66 (\N{MINUS SIGN}0.02 %): a match"


def test_a_base_value_that_does_not_match_is_an_alarm() -> None:
    assert BOOK.nav is not None
    off = replace(BOOK, nav=replace(BOOK.nav, within=False))
    found = alarms(first_section(replace(whole(), books=(off,))))
    assert "does not match the stated net asset value" in found
    assert "quiet +1,000" in found


def test_a_limit_that_warns_is_an_alarm_and_kept() -> None:
    warns = replace(BOOK.limits[1], warned=True, warning=0.01, loss=0.02, owner="the desk")
    found = replace(BOOK, limits=(warns,))
    assert "limit mild warns" in alarms(first_section(replace(whole(), books=(found,))))
    table = limit_table(found)
    assert [column.title for column in table.columns][-1] == "Owner"
    assert table.rows[0][1].text == "kept, warns"
