"""Reading copies in the place of the files that they were made of: a run is done again from what it kept.

A folder of copies holds `library/…` for shipped files and `files/…` for all others, below their absolute
paths. Inside `reading_copies` the library is the one of the copies, and a path is that of its copy.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

LIBRARY, FILES = "library", "files"
LIBRARY_FOLDERS = ("shocks", "portfolios")
"""Folders of the library; all else beside them is no part of it."""


@dataclass(frozen=True)
class Copies:
    """A folder of copies, and where the library lay whose files were copied."""

    folder: Path
    library: Path


_COPIES: ContextVar[Copies | None] = ContextVar("copies that are read", default=None)


@contextmanager
def reading_copies(folder: Path, library: Path) -> Iterator[None]:
    """Read the library and all files from the copies in `folder` inside the block.

    Parameters
    ----------
    library
        Where the library lay when the copies were made.
    """
    token = _COPIES.set(Copies(absolute(folder), library))
    try:
        yield
    finally:
        _COPIES.reset(token)


def archived_library() -> Path | None:
    """Return the copies' library, where copies are read."""
    copies = _COPIES.get()
    return None if copies is None else copies.folder / LIBRARY


def relocated(path: Path) -> Path:
    """Return where the file or folder `path` is to be read: `path` itself, or its copy."""
    copies = _COPIES.get()
    if copies is None or path.is_relative_to(copies.folder):
        return path
    return copies.folder / place_of_copy(path, copies.library)


def place_of_copy(path: Path, library: Path) -> Path:
    """Return where in a folder of copies that of `path` is kept.

    Examples
    --------
    >>> place_of_copy(Path("/data/accounts/../a.yaml"), Path("/opt/library")).as_posix()
    'files/data/a.yaml'
    >>> place_of_copy(Path("/opt/library/shocks/a.yaml"), Path("/opt/library")).as_posix()
    'library/shocks/a.yaml'
    """
    full = absolute(path)
    if any(full.is_relative_to(library / folder) for folder in LIBRARY_FOLDERS):
        return Path(LIBRARY, full.relative_to(library))
    drive = full.drive.strip("\\/:").replace(":", "")
    return Path(FILES, drive, *full.parts[1:])


def absolute(path: Path) -> Path:
    """Return the absolute path without `..`; links stay as they are named."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links
