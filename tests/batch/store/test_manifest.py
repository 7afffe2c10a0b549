"""The manifest is the commit: whole, last, and parts are removed after it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from stresstest.batch.store.folder import Layout, read_document
from stresstest.batch.store.manifest import commit, listed_parts
from stresstest.batch.store.parts import Output, read_record, write_task


def test_a_commit_lists_parts_and_versions_and_removes_the_parts(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    record = write_task(layout, "value-00", Output({"parts/value-00.parquet": b"numbers"}), 0.0)
    manifest = commit(layout, {"parts": listed_parts([record])}, keep_parts=False)
    assert read_document(layout.manifest) == manifest
    assert manifest["parts"] == [
        {
            "task": "value-00",
            "path": "parts/value-00.parquet",
            "sha256": hashlib.sha256(b"numbers").hexdigest(),
            "size": 7,
        }
    ]
    assert manifest["provenance"]["packages"]["numpy"]
    assert not layout.parts.exists()


def test_parts_stay_where_tasks_are_to_be_tried_again(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    write_task(layout, "value-00", Output({}), 0.0)
    commit(layout, {}, keep_parts=True)
    assert read_record(layout, "value-00") is not None
