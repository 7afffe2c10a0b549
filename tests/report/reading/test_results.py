"""A report from a document against the report that is computed from the same inputs."""

from __future__ import annotations

import pytest
from tests.report.reading.documents import NETWORK, document, live

from stresstest.report.page.html import page_of
from stresstest.report.reading.results import report_of

FOUND = report_of(document(), "0" * 64)


def test_the_head_is_that_of_the_run() -> None:
    assert (FOUND.title, FOUND.severity, FOUND.notice) == (live().title, 1.0, live().notice)
    assert FOUND.provenance.as_of == live().provenance.as_of
    assert [(file.what, file.digest) for file in FOUND.provenance.files] == [("result document", "0" * 64)]
    assert report_of(document(), "", "Another").title == "Another"


def test_scenarios_have_their_titles_and_drivers() -> None:
    ours = {note.name: (note.title, note.horizon, note.drivers) for note in FOUND.scenarios}
    theirs = {note.name: (note.title, note.horizon, note.drivers) for note in live().scenarios}
    assert ours == theirs


def test_history_is_that_of_the_cards() -> None:
    assert len(FOUND.plausibility) == len(live().plausibility) > 0
    for one, other in zip(FOUND.plausibility, live().plausibility, strict=True):
        assert (one.scenario, one.against, one.beyond) == (other.scenario, other.against, other.beyond)
        assert one.distances[0][1] == pytest.approx(other.distances[0][1])


def test_networks_have_their_firms_but_no_edges() -> None:
    (found,) = (part for part in FOUND.networks if part.scenario == NETWORK)
    (other,) = (part for part in live().networks if part.scenario == NETWORK)
    assert found.drawn is None
    assert found.mechanisms == other.mechanisms
    ours = {firm.id: firm for firm in found.firms}
    for firm in other.firms:
        assert ours[firm.id].change == pytest.approx(firm.change)
        assert ours[firm.id].failed_month == firm.failed_month


def test_what_a_document_does_not_hold_is_named() -> None:
    assert any("severity curves" in text for text in FOUND.missing)


def test_notes_stand_once_and_without_the_folders_of_a_machine() -> None:
    warnings = [
        "/srv/books/slide.yaml:3:4: odd",
        "C:\\books\\a.yaml:1:1: odd",
        "a note: of /its own.yaml: kind",
    ]
    found = report_of({**document(), "warnings": [*warnings, warnings[0]]}, "")
    assert found.notes == ("slide.yaml:3:4: odd", "a.yaml:1:1: odd", "a note: of /its own.yaml: kind")


def test_the_page_prints_it() -> None:
    page = page_of(FOUND)
    assert 'id="losses"' in page
    assert 'id="waterfall"' in page
    assert 'id="severity"' not in page
