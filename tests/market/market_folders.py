"""Market folders for tests: the small fixture with some of its text replaced."""

from __future__ import annotations

import shutil
from pathlib import Path

from stresstest.errors import InputError, Problem
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot

SMALL = Path(__file__).parent / "fixtures" / "small"

Edit = tuple[str, str, str]
"""File, text to replace (must be there), replacement."""


def market_folder(tmp_path: Path, *edits: Edit, name: str = "edited") -> Path:
    """Return a copy of the small market in `tmp_path` with `edits` made."""
    folder = tmp_path / name
    shutil.copytree(SMALL, folder)
    for file, old, new in edits:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def add_rows(tmp_path: Path, file: str, *rows: str) -> Path:
    """Return a copy of the small market with `rows` added at the end of a table."""
    folder = market_folder(tmp_path)
    with (folder / file).open("a", encoding="utf-8") as table:
        table.writelines(f"{row}\n" for row in rows)
    return folder


def overlay(tmp_path: Path, *lines: str, name: str = "mine.csv") -> Path:
    """Return a table with `lines` in `tmp_path`."""
    path = tmp_path / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def problems_of(*sources: str | Path) -> list[Problem]:
    """Return what is wrong with a market, each file by its bare name."""
    try:
        load_market(sources)
    except InputError as error:
        return list(error.problems)
    return []


def lines_of(*sources: str | Path) -> list[str]:
    """Return the problems as `FILE:LINE:COL CODE got`."""
    return [
        f"{Path(problem.location.file).name}:{problem.location.line}:{problem.location.column} "
        f"{problem.code} {problem.got}"
        for problem in problems_of(*sources)
    ]


def small_market() -> MarketSnapshot:
    """Return the small market."""
    return load_market(SMALL)
