"""Output and examples of `docs/reverse-stress.md` are what the code gives."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from tests.architecture.source_tree import ROOT
from tests.cli.runner import run

PAGE = ROOT / "docs" / "reverse-stress.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (portfolio,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "desk.yaml").write_text(portfolio, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_quoted_output_is_what_the_command_prints(folder: Path) -> None:
    quoted = re.findall(r"<!-- output of: stresstest (.*?) -->\n```\n(.*?)```", TEXT, re.DOTALL)
    assert len(quoted) == 3
    for arguments, text in quoted:
        done = run(*arguments.split())
        assert done.code in {0, 4}, done.err
        assert [line.rstrip() for line in done.out.splitlines()] == text.splitlines()


def test_commands_of_the_page_run(folder: Path) -> None:
    commands = re.findall(r"^\$ stresstest (.*)$", TEXT, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        done = run(*command.split())
        assert done.code == 0, done.err
    assert len(list((folder / "answers").iterdir())) == 1


def test_the_lines_of_python_give_what_the_page_says(folder: Path) -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (failed, tried >= 10) == (0, True)
