"""The manifest: what a run was made of and what it made. It is written last: with it the run is finished."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from stresstest.batch.store.folder import Layout, write_document
from stresstest.batch.store.parts import TaskRecord
from stresstest.batch.store.provenance import provenance

SCHEMA = "stresstest/batch/1"


def listed_parts(records: Iterable[TaskRecord]) -> list[dict[str, Any]]:
    """Return every file that tasks have written: task, path, hash and size, by task and path."""
    return [
        {"task": record.task, "path": file.path, "sha256": file.sha256, "size": file.size}
        for record in sorted(records, key=lambda record: record.task)
        for file in record.files
    ]


def commit(layout: Layout, contents: Mapping[str, Any], *, keep_parts: bool) -> dict[str, Any]:
    """Write the manifest, whole and last, and then remove the parts.

    Parameters
    ----------
    contents
        What the run has to say; versions and machine are added.
    keep_parts
        Leave the parts: tasks that were set apart can be tried again with them.

    Returns
    -------
    dict
        The manifest.
    """
    manifest = {**contents, "schema": SCHEMA, "provenance": provenance()}
    write_document(layout.manifest, manifest)
    if not keep_parts:
        remove_parts(layout)
    return manifest


def remove_parts(layout: Layout) -> None:
    """Remove the parts of a run that is finished; what a crash leaves of them is of no use."""
    with suppress(FileNotFoundError):
        shutil.rmtree(layout.parts)
