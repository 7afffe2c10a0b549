"""Log of a run: one JSON object a line, appended; a line that a crash has torn is passed over."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from stresstest.batch.store.atomic import resources_reported


class Journal:
    """Appends events to a log file; each line is one write.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "log.jsonl")
    ...     with Journal(path) as journal:
    ...         journal.write("started", workers=2)
    ...     [(line["event"], line["workers"]) for line in read_journal(path)]
    [('started', 2)]
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with resources_reported(path):
            self._number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            self._end_torn_line()

    def write(self, event: str, **fields: Any) -> None:
        """Append an event with its time (UTC) and this process.

        Raises
        ------
        ResourceError
            When the disk is full.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": now, "pid": os.getpid(), "event": event, **fields}, ensure_ascii=False)
        content = line.encode("utf-8", "backslashreplace") + b"\n"
        with resources_reported(self._path):
            while content:
                content = content[os.write(self._number, content) :]

    def _end_torn_line(self) -> None:
        size = os.lseek(self._number, 0, os.SEEK_END)
        if size:
            os.lseek(self._number, size - 1, os.SEEK_SET)
            if os.read(self._number, 1) != b"\n":
                os.write(self._number, b"\n")

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._number)


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Return the events of a log, in order; lines that are no JSON object are left out."""
    if not path.is_file():
        return []
    return [event for line in path.read_bytes().splitlines() if (event := _event(line)) is not None]


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None
