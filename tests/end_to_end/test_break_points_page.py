"""Every example of `docs/break-points.md`: files are written, commands run, outputs compared."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
from tests.cli.runner import ROOT, run

from stresstest.catalog import instrument_types

PAGE = (ROOT / "docs" / "break-points.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```console\n\$ (.*?)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the page."""
    folder = tmp_path_factory.mktemp("break_points")
    for name, text in re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("line", "output"), COMMANDS, ids=[line for line, _ in COMMANDS])
def test_a_command_prints_what_the_page_says(
    line: str, output: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    done = run(*shlex.split(line)[1:])
    assert done.code == 0, done.err
    assert "\n".join(text.rstrip() for text in done.out.splitlines()).rstrip() == output.rstrip()


def test_the_lines_of_python_print_what_the_page_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ((code, printed),) = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "break-points.md", "exec"), {})  # noqa: S102 - the page's own lines
    assert out.getvalue() == printed


def test_the_page_names_every_kind_that_a_type_declares() -> None:
    for type_ in instrument_types().values():
        for triggers in type_.triggers:
            for trigger in triggers.kinds:
                assert f"`{trigger.name}`" in PAGE, f"{type_.tag}: {trigger.name}"
