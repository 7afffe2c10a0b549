"""Parts of a run: what a task has written, with the hash of each file, and a record that says it is done.

A task writes its files first and its record last, each whole. A task without a record has not happened; one
whose files are not what its record says is done again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from stresstest.batch.store.atomic import write_bytes
from stresstest.batch.store.folder import Layout
from stresstest.errors import StressTestError

RECORD = ".json"


class DamagedPartError(StressTestError):
    """A part is missing or not what its record says; the task that wrote it must be done again."""

    def __init__(self, task: str, path: str) -> None:
        self.task, self.path = task, path
        super().__init__(f"{path}, written by {task}, is damaged")

    def __reduce__(self) -> tuple[type[DamagedPartError], tuple[str, str]]:
        """Let the error cross a process border."""
        return type(self), (self.task, self.path)


@dataclass(frozen=True)
class PartFile:
    """A file that a task wrote: path from the run folder, SHA-256 of its content, bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class TaskRecord:
    """A task that is done.

    Attributes
    ----------
    task
        Its id.
    files
        What it wrote.
    seconds
        How long it took, by the clock.
    details
        What it has to say beside its files, as plain JSON values.
    """

    task: str
    files: tuple[PartFile, ...]
    seconds: float = 0.0
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Output:
    """What a task gives: content of files by their path from the run folder, and details for its record."""

    files: Mapping[str, bytes]
    details: Mapping[str, Any] = field(default_factory=dict)


def part_path(task: str) -> str:
    """Return where the one part of a valuation lies, from the run folder."""
    return f"parts/{task}.parquet"


def write_task(layout: Layout, task: str, output: Output, seconds: float) -> TaskRecord:
    """Write the files of a task, then its record.

    Raises
    ------
    ResourceError
        When the disk is full; the task then has not happened.
    """
    files = []
    for path, content in output.files.items():
        write_bytes(layout.root / path, content)
        files.append(PartFile(path, hashlib.sha256(content).hexdigest(), len(content)))
    record = TaskRecord(task, tuple(files), round(seconds, 6), output.details)
    text = json.dumps(asdict(record), ensure_ascii=False, allow_nan=False)
    write_bytes(_record_path(layout, task), text.encode("utf-8"))
    return record


def read_record(layout: Layout, task: str) -> TaskRecord | None:
    """Return the record of a task; None where it is not done, or the record is damaged."""
    try:
        data = json.loads(_record_path(layout, task).read_bytes())
        files = tuple(PartFile(**file) for file in data["files"])
        return TaskRecord(data["task"], files, float(data["seconds"]), data["details"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def records_of(layout: Layout, tasks: Iterable[str]) -> tuple[dict[str, TaskRecord], list[DamagedPartError]]:
    """Return the records of the tasks that are done, after a look at every file, and what was damaged.

    The record of a damaged task is removed: it has not happened.
    """
    found: dict[str, TaskRecord] = {}
    damaged = []
    for task in tasks:
        record = read_record(layout, task)
        if record is None:
            if _record_path(layout, task).exists():
                damaged.append(DamagedPartError(task, _record_path(layout, task).name))
                forget_task(layout, task)
            continue
        bad = next((file for file in record.files if not _is_whole(layout.root, file)), None)
        if bad is None:
            found[task] = record
        else:
            damaged.append(DamagedPartError(task, bad.path))
            forget_task(layout, task)
    return found, damaged


def forget_task(layout: Layout, task: str) -> None:
    """Remove the record of a task: it is to be done again."""
    _record_path(layout, task).unlink(missing_ok=True)


def kept_files(records: Iterable[TaskRecord]) -> set[str]:
    """Return the files below the run folder that belong to tasks that are done, their records included."""
    kept = set()
    for record in records:
        kept |= {f"parts/{record.task}{RECORD}", *(file.path for file in record.files)}
    return kept


def read_part(root: Path, task: str, file: PartFile) -> bytes:
    """Return the content of a part.

    Raises
    ------
    DamagedPartError
        When it is not what the task wrote.
    """
    content = _content(root / file.path)
    if content is None or hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedPartError(task, file.path)
    return content


def _is_whole(root: Path, file: PartFile) -> bool:
    path = root / file.path
    try:
        if path.stat().st_size != file.size:
            return False
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
    except OSError:
        return False


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _record_path(layout: Layout, task: str) -> Path:
    return layout.parts / f"{task}{RECORD}"
