"""Input files that two runs have otherwise: what a reader looks into when a number has moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, TypeAlias

from stresstest.batch.inputs.recording import InputFile
from stresstest.batch.reading.run_folder import RunFolder

How: TypeAlias = Literal["changed", "gone", "new"]


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of another content, or that one run only read; `role` is what it was read for."""

    role: str
    path: str
    how: How


def file_changes(before: RunFolder, after: RunFolder) -> tuple[FileChange, ...]:
    """Return the files that differ, by role and path of the later run.

    Files are the same one by role and path; those left over by role and name: a folder a day is common.
    """
    old, new = _by_path(before.inputs), _by_path(after.inputs)
    pairs = [(old.pop(key), new.pop(key)) for key in sorted(old.keys() & new.keys())]
    named = {(file.role, PurePath(file.path).name): key for key, file in sorted(old.items())}
    for key, file in sorted(new.items()):
        match = named.pop((file.role, PurePath(file.path).name), None)
        if match is not None:
            pairs.append((old.pop(match), new.pop(key)))
    found = [
        FileChange(file.role, file.path, "changed") for other, file in pairs if other.sha256 != file.sha256
    ]
    found += [FileChange(file.role, file.path, "gone") for file in old.values()]
    found += [FileChange(file.role, file.path, "new") for file in new.values()]
    return tuple(sorted(found, key=lambda change: (change.role, change.path)))


def _by_path(files: Iterable[InputFile]) -> dict[tuple[str, str], InputFile]:
    """Return the files that numbers are made of, without the run before, which ages of breaches are."""
    return {(file.role, file.path): file for file in files if file.role != "previous"}
