"""Commands and examples of `docs/first-steps.md` run as they stand, one after the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.end_to_end.pages import assert_python_holds, assert_runs, page_text

PAGE = "first-steps.md"


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^    stresstest (.*)$", page_text(PAGE), re.MULTILINE)
    assert len(commands) == 3
    assert_runs(commands)


def test_the_lines_of_python_give_what_the_page_says() -> None:
    assert_python_holds(PAGE, 5)
