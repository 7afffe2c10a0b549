"""`docs/batch.md` tells the truth: a morning by its commands alone, in order, with the output quoted."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.architecture.source_tree import ROOT
from tests.cli.runner import run

PAGE = ROOT / "docs" / "batch.md"

STEP = re.compile(
    r"<!-- (?P<kind>file|output of|refusal of): (?P<what>.*?) -->\n```\w*\n(?P<text>.*?)```"
    r"|<!-- replace in (?P<file>\S+): (?P<old>.*?) -> (?P<new>.*?) -->"
    r"|^    stresstest (?P<command>[^\n]*)$",
    re.DOTALL | re.MULTILINE,
)
# What depends on the day and the clock, and on a program that is changed between two commands.
CLOCK = re.compile(
    r"Valued in [\d,]+ s; the market is [\d,]+ days old|^Ended .* after it began$"
    r"|^(Another program|Different model: the program's source$).*\n",
    re.MULTILINE,
)
# Shipped files get better notes and owners without another number.
SHIPPED = re.compile(r"^  [0-9a-f]{12}(?=  \w+ +library: )", re.MULTILINE)


class Shown(NamedTuple):
    """What a command printed, and what the page says that it prints."""

    command: str
    printed: str
    quoted: str


def follow(folder: Path) -> Iterator[Shown]:
    """Do what the page says, step by step, in `folder`."""
    for step in STEP.finditer(PAGE.read_text(encoding="utf-8")):
        if step["kind"] == "file":
            target = folder / step["what"]
            target.parent.mkdir(exist_ok=True)
            target.write_text(step["text"], encoding="utf-8")
        elif step["file"]:
            target = folder / step["file"]
            text = target.read_text(encoding="utf-8")
            assert step["old"] in text
            target.write_text(text.replace(step["old"], step["new"]), encoding="utf-8")
        elif step["command"]:
            done = run(*shlex.split(step["command"]))
            assert done.code == 0, (step["command"], done.err)
        else:
            refused = step["kind"] == "refusal of"
            done = run(*shlex.split(step["what"])[1:])
            assert done.code == (2 if refused else 0), (step["what"], done.err)
            yield Shown(step["what"], done.err if refused else done.out, step["text"])


def plain(text: str, folder: Path) -> list[str]:
    text = SHIPPED.sub("", CLOCK.sub("", text.replace(f"{folder}/", "")))
    return [line.rstrip() for line in text.strip().splitlines()]


def test_a_morning_works_from_the_page_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = list(follow(tmp_path))
    assert len(shown) == 10
    for command, printed, quoted in shown:
        assert plain(printed, tmp_path) == plain(quoted, tmp_path), command
    assert (tmp_path / "worst.csv").read_text().startswith("portfolio,currency,base_value,scenario,pnl\n")
