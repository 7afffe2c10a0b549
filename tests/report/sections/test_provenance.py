from __future__ import annotations

from dataclasses import replace

from tests.report.samples import view

from stresstest.report.sections.blocks import Facts, Table
from stresstest.report.sections.provenance import provenance_section, scenario_section, sign_section
from stresstest.report.view.report import ScenarioNote


def test_scenarios_with_their_sources_and_what_they_leave_out() -> None:
    section = scenario_section(view())
    assert section is not None
    (table,) = section.blocks
    assert isinstance(table, Table)
    rows = {row[0].text: [cell.text for cell in row] for row in table.rows}
    assert rows["fall"][4:] == ["A1, A31", "What banks do."]
    assert "cut 50%" in rows["fall"][3]
    assert rows["rise"][4:] == ["none stated", "not stated"]
    assert scenario_section(replace(view(), scenarios=())) is None


def test_a_long_story_is_cut_between_words() -> None:
    note = ScenarioNote("long", "", "1m", "draft", "word " * 500, (), ())
    section = scenario_section(replace(view(), scenarios=(note,)))
    assert section is not None
    (table,) = section.blocks
    assert isinstance(table, Table)
    assert "word …" in table.rows[0][3].text
    assert len(table.rows[0][3].text) < 500


def test_market_versions_and_hashes() -> None:
    facts, files = provenance_section(view()).blocks
    assert isinstance(facts, Facts)
    assert isinstance(files, Table)
    pairs = dict(facts.pairs)
    assert (pairs["Market"], pairs["As of"]) == ("small", "2025-10-03")
    assert "stresstest" in pairs
    assert files.rows[0][2].text == view().provenance.files[0].digest


def test_three_people_sign() -> None:
    (table,) = sign_section().blocks
    assert isinstance(table, Table)
    assert [row[0].text for row in table.rows] == ["Prepared by", "Checked by", "Approved by"]
    assert all(cell.text == "" for row in table.rows for cell in row[1:])
