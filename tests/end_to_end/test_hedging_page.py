"""`docs/hedging.md` tells the truth: files work, output is what the command prints, its Python runs."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from tests.cli.runner import run

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "hedging.md").read_text(encoding="utf-8")
AGE = re.compile(r"\(\d+ days old\)")
OUTPUTS = re.findall(r"<!-- output of: stresstest (.*?) -->\n```\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page")
    for text in re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL):
        name = text.partition("\n")[0].removeprefix("# ")
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("arguments", "text"), OUTPUTS)
def test_quoted_output_is_what_the_command_prints(
    arguments: str, text: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    done = run(*arguments.split())
    assert done.code == (4 if "INFEASIBLE" in text else 0), done.err
    printed = "\n".join(line.rstrip() for line in done.out.splitlines()).strip()
    assert AGE.sub("", printed) == AGE.sub("", text.strip())


def test_there_is_a_plan_and_a_conflict() -> None:
    assert [("INFEASIBLE" in text) for _, text in OUTPUTS] == [False, True]


def test_every_example_gives_what_the_page_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    failed, tried = doctest.testfile(
        str(ROOT / "docs" / "hedging.md"), module_relative=False, encoding="utf-8"
    )
    assert failed == 0
    assert tried >= 8
