"""The README tells the truth: its output is what the command prints, its files and lines of Python work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.architecture.source_tree import ROOT
from tests.cli.runner import run

README = (ROOT / "README.md").read_text(encoding="utf-8")
AGE = re.compile(r"\(\d+ days old\)")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def quoted_outputs() -> list[tuple[str, str]]:
    return re.findall(r"<!-- output of: stresstest (.*?) -->\n```\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize(("arguments", "text"), quoted_outputs())
def test_quoted_output_is_what_the_command_prints(arguments: str, text: str) -> None:
    done = run(*arguments.split())
    assert done.code == 0
    printed = "\n".join(line.rstrip() for line in done.out.splitlines()).strip()
    assert AGE.sub("", printed) == AGE.sub("", text.strip())


def test_there_is_quoted_output() -> None:
    (quoted,) = quoted_outputs()
    assert quoted[0].startswith("run ai_growth_fund --shocks ai_capex_collapse")
    assert len(quoted[1].splitlines()) > 10


def test_the_files_shown_are_valid_and_run(tmp_path: Path) -> None:
    portfolio, scenario = blocks("yaml")
    (tmp_path / "my_fund.yaml").write_text(portfolio, encoding="utf-8")
    (tmp_path / "gpu_glut.yaml").write_text(scenario, encoding="utf-8")
    files = [str(tmp_path / "my_fund.yaml"), "--shocks", str(tmp_path / "gpu_glut.yaml")]
    done = run("run", *files)
    assert done.code == 0, done.err
    assert "gpu_glut" in done.out


def test_the_lines_of_python_run(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("python")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own example
    printed = capsys.readouterr().out
    assert "ai_capex_collapse" in printed
    assert "(1, 2)" in printed
