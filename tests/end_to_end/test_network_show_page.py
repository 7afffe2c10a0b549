"""Output and examples of `docs/network-show.md` are what the code gives."""

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

PAGE = "network-show.md"
TEXT = page_text(PAGE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (network,) = shown_files(TEXT)
    (tmp_path / "sample.yaml").write_text(network, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_quoted_output_is_what_the_command_prints(folder: Path) -> None:
    assert assert_prints_what_is_quoted(TEXT) == ["network show sample.yaml"]


def test_the_lines_of_python_give_what_the_page_says(folder: Path) -> None:
    assert_python_holds(PAGE, 12, folder=folder)


def test_the_commands_named_run(folder: Path) -> None:
    (folder / "mine.yaml").write_bytes((folder / "sample.yaml").read_bytes())
    commands = re.findall(r"^    stresstest (.*)$", TEXT, re.MULTILINE)
    assert len(commands) == 4
    assert_runs(commands)
    assert (folder / "circle.svg").read_bytes().startswith(b"<?xml")
