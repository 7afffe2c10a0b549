from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from tests.cli.runner import run, start
from tests.cli.samples import write_samples

from stresstest.cli import app
from stresstest.cli.app import VERBS, run_command

STANDING_STILL = """
import time
from stresstest import api
from stresstest.cli.app import main
api.verbs.load_market = lambda *_: (print("ready", flush=True), time.sleep(60))
main()
"""


def test_help_names_every_verb() -> None:
    code, out, err = run("--help")
    assert code == 0
    assert err == ""
    for name, verb in VERBS.items():
        assert re.search(rf"^  {name} +{verb.summary.split()[0]}", out, flags=re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_and_agrees_with_the_table(verb: str) -> None:
    code, out, _ = run(verb, "--help")
    assert code == 0
    assert out.startswith(f"Usage: stresstest {verb}")
    assert all(len(line) <= 80 for line in out.splitlines())


def test_version() -> None:
    code, out, _ = run("--version")
    assert code == 0
    assert re.fullmatch(r"stresstest \d+\.\d+\.\d+\S*\n", out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rum"], ["ST400", "rum"]),
        (["run"], ["ST400", "PORTFOLIO"]),
        (["run", "x", "--shock", "y"], ["ST400", "--shock"]),
        (["run", "x", "--threads", "0"], ["ST400", "--threads"]),
        (["run", "x", "--severity", "0.5"], ["ST400", "severity"]),
        (["run", "x", "--severity", "-5%"], ["ST400", "below 0%"]),
        (["run", "x", "--memory", "much"], ["ST400", "4GB"]),
        (["list", "shoes"], ["ST400", "shocks"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_usage_ends_with_2_and_says_what_is_wrong(arguments: list[str], words: list[str]) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    for word in words:
        assert word in err


def test_a_bug_ends_with_70_and_a_short_text(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command("list")
    def broken() -> None:
        raise ZeroDivisionError("over nothing")

    monkeypatch.setattr(app.VerbGroup, "get_command", lambda *_: broken)
    code, out, err = run("list")
    assert code == 70
    assert out == ""
    assert "a bug of ours: ZeroDivisionError: over nothing at test_app.py:" in err
    assert len(err.splitlines()) == 1
    monkeypatch.setenv("STRESSTEST_TRACEBACK", "1")
    assert "Traceback (most recent call last)" in run("list").err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (MemoryError(), 5),
        (OSError(28, "No space left on device", "out.csv"), 5),
        (PermissionError(13, "Permission denied", "out.csv"), 2),
        (OSError(5, "Input/output error"), 70),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_errors_of_the_system_have_their_codes(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command("list")
    def broken() -> None:
        raise error

    monkeypatch.setattr(app.VerbGroup, "get_command", lambda *_: broken)
    found = run("list")
    assert found.code == code
    assert found.err


def test_a_closed_pipe_is_quiet() -> None:
    process = start(["schema", "portfolio"])
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 0
    process.stderr.close()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_signals_end_a_run(number: signal.Signals, code: int, tmp_path: Path) -> None:
    """A run that stands still where it loads its market is stopped."""
    sample = write_samples(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", STANDING_STILL, "run", str(sample["portfolio"])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert "Traceback" not in err


def test_a_closed_standard_output_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert run_command(["list", "instruments"]) == 0
