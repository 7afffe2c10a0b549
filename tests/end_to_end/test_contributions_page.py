"""Output and examples of `docs/contributions.md` are what the code gives."""

from __future__ import annotations

import doctest
import re

import pytest
from tests.architecture.source_tree import ROOT
from tests.cli.runner import run
from tests.end_to_end.test_networks_page import excerpt

PAGE = ROOT / "docs" / "contributions.md"
TEXT = PAGE.read_text(encoding="utf-8")
OUTPUTS = re.findall(
    r"<!-- output of: stresstest (.*?) \| (.*?) to (.*?) -->\n```\n(.*?)```", TEXT, re.DOTALL
)


def test_the_page_quotes_what_it_says() -> None:
    assert len(OUTPUTS) == TEXT.count("<!-- output of:") == 3


@pytest.mark.parametrize(("command", "first", "last", "quoted"), OUTPUTS, ids=["alone", "shapley", "greeks"])
def test_quoted_output_is_what_the_command_prints(command: str, first: str, last: str, quoted: str) -> None:
    done = run(*command.split())
    assert done.code == 0, done.err
    printed = excerpt([line.rstrip() for line in done.out.splitlines()], first, last)
    assert "\n".join(printed).rstrip() == quoted.rstrip()


def test_the_lines_of_python_give_what_the_page_says() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (failed, tried >= 12) == (0, True)
