"""Paths of a run's inputs as people know them."""

from __future__ import annotations

from pathlib import Path

from stresstest.batch.reading.run_folder import RunFolder


def known_path(run: RunFolder, path: str) -> str:
    """Return the path of a shipped file below the library, of another from here."""
    file, here = Path(path), Path.cwd()
    if file.is_relative_to(run.library) and not file.is_relative_to(here):
        return f"library: {file.relative_to(run.library).as_posix()}"
    return str(file.relative_to(here)) if file.is_relative_to(here) else path
