"""Output and examples of `docs/network-show.md` are what the code gives."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from tests.architecture.source_tree import ROOT
from tests.cli.runner import run

PAGE = ROOT / "docs" / "network-show.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (network,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "sample.yaml").write_text(network, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_quoted_output_is_what_the_command_prints(folder: Path) -> None:
    quoted = re.findall(r"<!-- output of: stresstest (.*?) -->\n```\n(.*?)```", TEXT, re.DOTALL)
    assert [arguments for arguments, _ in quoted] == ["network show sample.yaml"]
    for arguments, text in quoted:
        done = run(*arguments.split())
        assert done.code == 0, done.err
        assert [line.rstrip() for line in done.out.splitlines()] == text.splitlines()


def test_the_lines_of_python_give_what_the_page_says(folder: Path) -> None:
    failed, tried = doctest.testfile(
        str(PAGE), module_relative=False, globs={"folder": folder}, encoding="utf-8"
    )
    assert (failed, tried >= 12) == (0, True)


def test_the_commands_named_run(folder: Path) -> None:
    (folder / "mine.yaml").write_bytes((folder / "sample.yaml").read_bytes())
    commands = re.findall(r"^    stresstest (.*)$", TEXT, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        done = run(*command.split())
        assert done.code == 0, (command, done.err)
    assert (folder / "circle.svg").read_bytes().startswith(b"<?xml")
