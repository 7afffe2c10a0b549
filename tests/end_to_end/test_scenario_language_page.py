"""Every example of `docs/scenario-language.md`: files are written, commands run, outputs compared."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.cli.runner import ROOT, run

from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.market.loading import load_market

CONSTRUCTS = (
    *("table:", "slope:", "elasticity:", "cases:", "include:", "combine:", "events:", "par_yield", "floor:"),
    *(
        "at_severity:",
        "recovery:",
        "notches:",
        "valid_from:",
        "probability:",
        "tags:",
        "status:",
        "optional:",
    ),
)
PAGE = (ROOT / "docs" / "scenario-language.md").read_text(encoding="utf-8")


class Command(NamedTuple):
    """A command line of the page and what it says that the command prints."""

    line: str
    output: str


def commands() -> Iterator[Command]:
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            yield Command(line, output.strip("\n"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the page."""
    folder = tmp_path_factory.mktemp("language")
    for name, text in re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", list(commands()), ids=lambda command: command.line)
def test_a_command_prints_what_the_page_says(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    program, *arguments = shlex.split(command.line)
    assert program == "stresstest"
    _, out, err = run(*arguments)
    printed = "\n".join(line.rstrip() for line in (out + err).splitlines()).strip("\n")
    assert printed == command.output


def test_the_code_prints_what_the_page_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    blocks = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert blocks
    for code, output in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "docs/scenario-language.md", "exec"), {})  # noqa: S102 - the page's own code
        assert printed.getvalue() == output


def test_every_construct_of_the_language_has_an_example() -> None:
    assert len(list(commands())) >= 12
    examples = "\n".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
    for construct in CONSTRUCTS:
        assert construct in examples, construct
    for event in ("default", "downgrade", "dividend", "halt"):
        assert f"event: {event}" in examples


def test_every_kind_of_factor_stands_in_the_table_with_its_points() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([a-z, ]+) \|$", PAGE, re.MULTILINE)
    assert {name: tuple(points.split(", ")) for name, points in rows} == {
        kind.name: kind.units for kind in FACTOR_KINDS.values()
    }


def test_the_page_names_the_kinds_that_the_shipped_market_lacks() -> None:
    said = re.search(r"states levels of all but (.*?);", PAGE, re.DOTALL)
    assert said is not None
    stated = {key.kind for key in load_market("2025-10-03").levels}
    assert set(re.findall(r"`(\w+)`", said.group(1))) == set(FACTOR_KINDS) - stated
