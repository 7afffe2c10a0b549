"""Every example of `docs/report.md`: files are written, commands run, lines of Python hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.runner import run
from tests.end_to_end.pages import assert_python_holds, page_text

from stresstest.report.sections.blocks import Section

PAGE = "report.md"
TEXT = page_text(PAGE)
COMMANDS = re.findall(r"^    stresstest (.*)$", TEXT, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the page."""
    folder = tmp_path_factory.mktemp("report")
    for name, text in re.findall(r"```yaml\n# (\S+)\n(.*?)```", TEXT, re.DOTALL):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_commands_run_in_their_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert len(COMMANDS) == 5
    for command in COMMANDS:
        words, _, target = command.partition(" > ")
        done = run(*words.split())
        assert done.code == 0, (command, done.err)
        if target:
            (folder / target).write_text(done.out, encoding="utf-8")
    written = {path.name for path in folder.glob("*.html")}
    assert written >= {"report.html", "both.html", "beside.html", "again.html"}


def test_the_lines_of_python_give_what_the_page_says(folder: Path) -> None:
    assert_python_holds(PAGE, 8, folder=folder)


def test_the_parts_named_are_those_of_a_report() -> None:
    """As many rows as a whole report has sections, three of which share one, the answer being none."""
    from tests.report.dressed import whole

    from stresstest.report.sections.document import document_of

    sections: tuple[Section, ...] = document_of(whole()).sections
    rows = re.findall(r"^\| (?!part|---)(.+?) \|", TEXT, re.MULTILINE)
    assert len(rows) == 1 + len(sections) - 2
