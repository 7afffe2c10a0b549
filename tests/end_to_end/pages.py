"""Pages of the documentation as tests read them: quoted output, files that are shown, commands."""

from __future__ import annotations

import doctest
import re
from collections.abc import Collection
from pathlib import Path

from tests.architecture.source_tree import ROOT
from tests.cli.runner import run


def page_text(name: str) -> str:
    """Return the text of a page of `docs`."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def shown_files(text: str) -> list[str]:
    """Return the YAML documents that a page shows."""
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def assert_prints_what_is_quoted(text: str, codes: Collection[int] = (0,)) -> list[str]:
    """Run every command whose output a page quotes, compare line by line, return the commands."""
    quoted = re.findall(r"<!-- output of: stresstest (.*?) -->\n```\n(.*?)```", text, re.DOTALL)
    for arguments, printed in quoted:
        done = run(*arguments.split())
        assert done.code in codes, done.err
        assert [line.rstrip() for line in done.out.splitlines()] == printed.splitlines()
    return [arguments for arguments, _ in quoted]


def assert_runs(commands: Collection[str]) -> None:
    """Run commands that a page names; each ends with 0."""
    for command in commands:
        done = run(*command.split())
        assert done.code == 0, (command, done.err)


def assert_python_holds(name: str, at_least: int, **names: Path) -> None:
    """Run the examples in Python of a page, of which there are `at_least` so many."""
    failed, tried = doctest.testfile(
        str(ROOT / "docs" / name), module_relative=False, globs=names, encoding="utf-8"
    )
    assert (failed, tried >= at_least) == (0, True)
