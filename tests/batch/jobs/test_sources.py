"""Portfolios of a job as files: names, paths, patterns and folders, each file once."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.batch.jobs.job import Job
from stresstest.batch.jobs.sources import is_bare_name, portfolio_files
from stresstest.errors import ProblemList


def found(folder: Path, *sources: str) -> tuple[list[str], list[str]]:
    """Return the names of the files that sources stand for, and what is wrong with them."""
    problems = ProblemList()
    files = portfolio_files(Job("job", sources, file=str(folder / "job.yaml")), problems)
    return [path.name for path in files], [str(problem) for problem in problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.yaml", "a.yaml", "c.csv", "d.parquet", "notes.txt"):
        (tmp_path / "accounts").mkdir(exist_ok=True)
        (tmp_path / "accounts" / name).write_text("", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("source", "bare"),
    [("ai_growth_fund", True), ("a.yaml", False), ("accounts/", False), ("ai_*", False), ("a\\b", False)],
)
def test_bare_names(source: str, *, bare: bool) -> None:
    assert is_bare_name(source) == bare


def test_a_folder_gives_its_portfolios_in_order(folder: Path) -> None:
    assert found(folder, "accounts/") == (["a.yaml", "b.yaml", "c.csv", "d.parquet"], [])


def test_patterns_match_in_order(folder: Path) -> None:
    assert found(folder, "accounts/*.yaml") == (["a.yaml", "b.yaml"], [])
    assert found(folder / "empty", "../accounts/[ac].*") == (["a.yaml", "c.csv"], [])
    assert found(folder, f"{folder}/*/b.yaml") == (["b.yaml"], [])


def test_a_file_named_several_ways_counts_once(folder: Path) -> None:
    assert found(folder, "accounts/b.yaml", "accounts/*.yaml", "./accounts/../accounts/a.yaml") == (
        ["b.yaml", "a.yaml"],
        [],
    )


def test_names_are_of_the_library(folder: Path) -> None:
    assert found(folder, "ai_growth_fund") == (["ai_growth_fund.yaml"], [])


@pytest.mark.parametrize(
    ("source", "near"),
    [
        ("ai_growth_fnd", "ai_growth_fund"),
        ("accounts", "accounts/"),
        ("accounts/bb.yaml", "accounts/b.yaml"),
    ],
)
def test_sources_without_a_file_have_a_suggestion(folder: Path, source: str, near: str) -> None:
    files, (problem,) = found(folder, source)
    assert files == []
    assert "ST701" in problem
    assert near in problem.split(repr(source), 1)[1]


@pytest.mark.parametrize("source", ["empty/", "accounts/*.xlsx"])
def test_nothing_found_is_told(folder: Path, source: str) -> None:
    files, (problem,) = found(folder, source)
    assert files == []
    assert "ST701" in problem
