"""Files that a page was opened from, as they were then: what is made from them later must be of the same."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from stat import S_ISREG

from stresstest.errors import InputError, Location, Problem

_Stamp = tuple[int, int] | None


class OpenedFiles:
    """Remembers files by time and size.

    Parameters
    ----------
    files
        Paths; those that are no files are left out.
    """

    def __init__(self, files: Iterable[str | Path] = ()) -> None:
        self._stamps = {path: stamp for path in map(Path, files) if (stamp := _stamp(path)) is not None}

    def require_same(self) -> None:
        """Raise `InputError` (ST416) where a file is another than when the page was opened."""
        changed = [path for path, stamp in self._stamps.items() if _stamp(path) != stamp]
        if changed:
            expected = "the file as the page was opened with it: end `stresstest explore`, and start it again"
            raise InputError(
                Problem("ST416", "a file that has changed since", expected, Location(str(path)))
                for path in changed
            )


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if S_ISREG(found.st_mode) else None
