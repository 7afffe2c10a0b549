"""Text that has no place in the project: unfinished work, machine paths, registry hosts, debug switches."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.architecture.source_tree import ROOT

PATTERNS = {
    "unfinished work": r"\b(TODO|FIXME|XXX|HACK)\b",
    "a path of one machine": r"(?<![\w.])/(work|home|root|Users)/",
    "a package registry": r"pypi\.org|pythonhosted|index-url|extra-index",
    "a debug switch": r"\b(breakpoint\(|pdb\.set_trace|import pdb)",
}
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".csv", ".json", ".cfg", ""}
HERE = "tests/architecture/test_forbidden_text.py"


def tracked_files() -> list[str]:
    """Return the text files that git tracks or would track; in an unpacked archive all files."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.splitlines()
    if listed.returncode != 0:
        unpacked = (path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts)
        names = [path.relative_to(ROOT).as_posix() for path in unpacked]
    return [name for name in names if Path(name).suffix in TEXT and name != HERE and (ROOT / name).is_file()]


def lines_of(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8", errors="replace").splitlines()


@pytest.mark.parametrize("what", PATTERNS)
def test_nothing_forbidden_is_written(what: str) -> None:
    pattern = re.compile(PATTERNS[what])
    allowed = {"Makefile"} if what == "a package registry" else set()
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name in tracked_files()
        if name not in allowed
        for number, line in enumerate(lines_of(name), 1)
        if pattern.search(line)
    ]
    assert found == []
