"""Bad inputs given to `stresstest run`: the diagnostics on standard error, exit status 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_inputs.test_bad_inputs import CASES, CORPUS

from stresstest.cli.app import run_command

# What the reader itself refuses, whatever the file was meant to be.
READER_CODES = {f"ST{number}" for number in (*range(103, 121), *range(122, 124), *range(131, 140), 141)}
READER_CASES = [
    case
    for case in CASES
    if not case.name.startswith("field_")
    and all(
        any(f"error[{code}]" in line for code in READER_CODES)
        for line in (case / "expected.txt").read_text(encoding="utf-8").splitlines()
    )
]
RUN_CASES = sorted(path for path in CORPUS.glob("run_*") if path.is_dir())


def outcome(
    arguments: list[str], folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Return the lines on standard error of a run that must end with status 2 and leave no file."""
    monkeypatch.chdir(folder)
    status = run_command(["run", *arguments, "--output", str(folder / "result.csv")])
    captured = capfd.readouterr()
    assert status == 2, captured.err
    assert captured.out == ""
    assert list(folder.iterdir()) == []
    return captured.err.splitlines()


@pytest.mark.parametrize("case", READER_CASES, ids=lambda case: case.name)
def test_what_the_reader_refuses(
    case: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (source,) = case.glob("input.*")
    lines = outcome([str(source)], tmp_path, capfd, monkeypatch)
    expected = (case / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert [line.replace(str(source), source.name) for line in lines] == expected


@pytest.mark.parametrize("case", RUN_CASES, ids=lambda case: case.name)
def test_what_the_model_refuses(
    case: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = run_case(case, tmp_path, capfd, monkeypatch)
    assert lines == (case / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert lines


def run_case(
    case: Path, folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Return the diagnostics of a case made of a portfolio, a scenario, an overlay and settings."""
    (portfolio,) = case.glob("portfolio.*")
    arguments = [str(portfolio), "--market", "2025-10-03"]
    if (case / "market.csv").exists():
        arguments += ["--market", str(case / "market.csv")]
    shocks = case / "scenario.yaml"
    arguments += ["--shocks", str(shocks) if shocks.exists() else "ai_capex_collapse"]
    if (case / "settings.txt").exists():
        for setting in (case / "settings.txt").read_text(encoding="utf-8").splitlines():
            arguments += ["--set", setting]
    lines = outcome(arguments, folder, capfd, monkeypatch)
    return [line.replace(f"{case}/", "") for line in lines]


def test_the_corpus_is_used() -> None:
    assert len(READER_CASES) >= 40
    assert len(RUN_CASES) >= 25
