"""Parts: written whole with their hash, found again, and done again where they are damaged."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from stresstest.batch.store.folder import Layout
from stresstest.batch.store.parts import (
    DamagedPartError,
    Output,
    kept_files,
    part_path,
    read_part,
    read_record,
    records_of,
    write_task,
)

PART = part_path("value-00")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    write_task(layout, "value-00", Output({PART: b"numbers"}, {"rows": 3}), 0.25)
    return layout


def test_a_task_that_is_done_is_found_with_what_it_said(layout: Layout) -> None:
    found, damaged = records_of(layout, ["value-00", "value-01"])
    assert damaged == []
    assert list(found) == ["value-00"]
    assert found["value-00"].seconds == 0.25
    assert found["value-00"].details == {"rows": 3}
    assert read_part(layout.root, "value-00", found["value-00"].files[0]) == b"numbers"
    assert kept_files(found.values()) == {"parts/value-00.json", "parts/value-00.parquet"}


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [shorten, flip, Path.unlink])
def test_a_damaged_part_is_named_and_its_task_has_not_happened(
    layout: Layout, damage: Callable[[Path], None]
) -> None:
    record = read_record(layout, "value-00")
    assert record is not None
    damage(layout.root / PART)
    with pytest.raises(DamagedPartError, match=PART):
        read_part(layout.root, "value-00", record.files[0])
    found, damaged = records_of(layout, ["value-00"])
    assert found == {}
    assert [(error.task, error.path) for error in damaged] == [("value-00", PART)]
    assert records_of(layout, ["value-00"]) == ({}, [])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"task": "value-00"}', b'{"files": [1]}'])
def test_a_damaged_record_is_named_and_removed(layout: Layout, content: bytes) -> None:
    (layout.parts / "value-00.json").write_bytes(content)
    assert read_record(layout, "value-00") is None
    found, damaged = records_of(layout, ["value-00"])
    assert found == {}
    assert [error.path for error in damaged] == ["value-00.json"]
    assert not (layout.parts / "value-00.json").exists()


def test_the_error_crosses_a_process_border() -> None:
    error = pickle.loads(pickle.dumps(DamagedPartError("value-00", PART)))  # noqa: S301
    assert (error.task, error.path) == ("value-00", PART)
