"""Output and examples of `docs/reverse-stress.md` are what the code gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.end_to_end.pages import (
    assert_prints_what_is_quoted,
    assert_python_holds,
    assert_runs,
    page_text,
    shown_files,
)

PAGE = "reverse-stress.md"
TEXT = page_text(PAGE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (portfolio,) = shown_files(TEXT)
    (tmp_path / "desk.yaml").write_text(portfolio, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_quoted_output_is_what_the_command_prints(folder: Path) -> None:
    assert len(assert_prints_what_is_quoted(TEXT, codes={0, 4})) == 3


def test_commands_of_the_page_run(folder: Path) -> None:
    commands = re.findall(r"^\$ stresstest (.*)$", TEXT, re.MULTILINE)
    assert len(commands) == 2
    assert_runs(commands)
    assert len(list((folder / "answers").iterdir())) == 1


def test_the_lines_of_python_give_what_the_page_says(folder: Path) -> None:
    assert_python_holds(PAGE, 10)
