"""The log: one line an event, a torn line passed over and not joined to the next one."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from stresstest.batch.store.journal import Journal, read_journal
from stresstest.errors import ResourceError


def test_events_are_appended_by_several_journals(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    for number in range(2):
        with Journal(path) as journal:
            journal.write("begun", number=number, text="line\nbreak \ud800")
    events = read_journal(path)
    assert [(event["event"], event["number"]) for event in events] == [("begun", 0), ("begun", 1)]
    assert events[0]["pid"] == os.getpid()
    assert len(path.read_bytes().splitlines()) == 2


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with Journal(path) as journal:
        journal.write("first")
        journal.write("torn")
    path.write_bytes(path.read_bytes()[:-9])
    assert [event["event"] for event in read_journal(path)] == ["first"]
    with Journal(path) as journal:
        journal.write("after")
    assert [event["event"] for event in read_journal(path)] == ["first", "after"]


def test_no_log_has_no_events(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "log.jsonl") == []


def test_a_full_disk_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(tmp_path / "log.jsonl") as journal:

        def full(*_: object) -> int:
            raise OSError(errno.ENOSPC, "full")

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(ResourceError, match="disk is full"):
            journal.write("first")
