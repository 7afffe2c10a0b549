"""Every example of `docs/governance.md`: files are written, commands run, outputs compared."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from tests.cli.runner import ROOT, run

from stresstest.scenarios.governance import STATUSES

PAGE = ROOT / "docs" / "governance.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = re.findall(r"```console\n\$ (.*?)\n(.*?)```", TEXT, re.DOTALL)
AGE = re.compile(r"\(\d+ days old\)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the page."""
    folder = tmp_path_factory.mktemp("governance")
    for name, text in re.findall(r"```yaml\n# (\S+)\n(.*?)```", TEXT, re.DOTALL):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("line", "output"), COMMANDS, ids=[line for line, _ in COMMANDS])
def test_a_command_prints_the_part_that_the_page_quotes(
    line: str, output: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    done = run(*shlex.split(line)[1:])
    assert done.code == 0, done.err
    printed = "\n".join(text.rstrip() for text in AGE.sub("(416 days old)", done.out).splitlines())
    quoted = output.strip("\n").removeprefix("...\n").removesuffix("\n...")
    assert len(quoted.splitlines()) > 3
    assert quoted in printed


def test_the_summary_that_the_page_shows_is_that_of_the_batch_before(folder: Path) -> None:
    (quoted,) = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    summary = (folder / "tuesday" / "summary.txt").read_text(encoding="utf-8")
    assert "Net asset values" in quoted
    assert quoted in summary


def test_the_lines_of_python_hold(folder: Path) -> None:
    names = {"fund": folder / "fund.yaml", "cut_of_orders": folder / "cut_of_orders.yaml"}
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, globs=names, encoding="utf-8")
    assert (failed, tried >= 7) == (0, True)


def test_the_page_names_every_status_and_every_refusal() -> None:
    assert all(f"`{status}`" in TEXT for status in STATUSES)
    assert all(f"ST{code}" in TEXT for code in range(730, 736))
