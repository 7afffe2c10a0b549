"""Where a report may be written, told before anything is computed."""

from __future__ import annotations

from pathlib import Path

from stresstest.errors import InputError, Location, Problem
from stresstest.io.atomic_file import require_free

SUFFIXES = (".html", ".htm")


def require_page(target: Path, force: bool) -> None:
    """Refuse a place that no report can be written to.

    Raises
    ------
    InputError
        ST147 for another suffix than `.html`, else as `require_free`.
    """
    if target.suffix.lower() not in SUFFIXES:
        got = f"output format {target.suffix!r}"
        raise InputError([Problem("ST147", got, " or ".join(SUFFIXES), Location(str(target)))])
    require_free(target, force)
