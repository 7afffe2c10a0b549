"""Output and examples of `docs/networks.md` are what the code gives; its table of mechanisms is complete."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from tests.architecture.source_tree import ROOT
from tests.cli.runner import run

from stresstest.networks.registry import all_mechanisms

PAGE = ROOT / "docs" / "networks.md"
TEXT = PAGE.read_text(encoding="utf-8")
FILES = dict(re.findall(r"```yaml\n# (\w+\.yaml)\n(.*?)```", TEXT, re.DOTALL))
OUTPUTS = re.findall(
    r"<!-- output of: stresstest (.*?)(?: \| (.*?) to (.*?))? -->\n```\n(.*?)```", TEXT, re.DOTALL
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def excerpt(lines: list[str], first: str, last: str) -> list[str]:
    """Return the lines from the one that begins with `first` up to the next that begins with `last`."""
    if not first:
        return lines
    begin = next(place for place, line in enumerate(lines) if line.startswith(first))
    ends = (place for place in range(begin + 1, len(lines)) if lines[place].startswith(last))
    return lines[begin : next(ends, len(lines))]


def test_the_page_quotes_what_it_says() -> None:
    assert len(OUTPUTS) == TEXT.count("<!-- output of:") == 7


@pytest.mark.parametrize(
    ("command", "first", "last", "quoted"), OUTPUTS, ids=[one[0][:40] for one in OUTPUTS]
)
def test_quoted_output_is_what_the_command_prints(
    folder: Path, command: str, first: str, last: str, quoted: str
) -> None:
    done = run(*command.split())
    assert done.code == 0, done.err
    printed = excerpt([line.rstrip() for line in done.out.splitlines()], first, last)
    assert "\n".join(printed).rstrip() == quoted.rstrip()


def test_the_lines_of_python_give_what_the_page_says(folder: Path) -> None:
    failed, tried = doctest.testfile(
        str(PAGE), module_relative=False, globs={"page": FILES}, encoding="utf-8"
    )
    assert (failed, tried >= 8) == (0, True)


def test_every_mechanism_is_in_the_table_with_its_model() -> None:
    rows = [
        f"| `{one.name}` | {one.timescale.name.lower()} | {one.title} | {one.reference} |"
        for one in all_mechanisms().values()
    ]
    assert "\n".join(rows) in TEXT
