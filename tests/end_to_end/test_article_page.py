"""Output that `docs/article.md` quotes is what the commands print, and its command runs."""

from __future__ import annotations

import re

import pytest
from tests.architecture.source_tree import ROOT
from tests.cli.runner import run
from tests.end_to_end.pages import page_text
from tests.end_to_end.test_networks_page import excerpt

TEXT = page_text("article.md")
OUTPUTS = re.findall(
    r"<!-- output of: stresstest (.*?) \| (.*?) to (.*?) -->\n```\n(.*?)```", TEXT, re.DOTALL
)


def test_the_page_quotes_what_it_says() -> None:
    assert len(OUTPUTS) == TEXT.count("<!-- output of:") == 4


@pytest.mark.parametrize(
    ("command", "first", "last", "quoted"), OUTPUTS, ids=["books", "circle", "chips", "sweep"]
)
def test_quoted_output_is_what_the_command_prints(command: str, first: str, last: str, quoted: str) -> None:
    done = run(*command.split())
    assert done.code == 0, done.err
    printed = excerpt([line.rstrip() for line in done.out.splitlines()], first, last)
    assert "\n".join(printed).rstrip() == quoted.rstrip()


def test_every_picture_is_drawn_by_the_call_that_its_caption_names() -> None:
    shown = dict(
        re.findall(r"```\{figure\} generated/(\S+)\.svg\n:alt: .+\n\n[^`]*\(`result\.plot\.(.*?)`\)", TEXT)
    )
    drawn = (ROOT / "docs" / "_extensions" / "generated_pictures.py").read_text(encoding="utf-8")
    assert len(shown) == TEXT.count("```{figure}") == 4
    for name, call in shown.items():
        assert f'"{name}": plot.{call},' in drawn
