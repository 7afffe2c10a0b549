"""The command line run within the test process, and in a process of its own where that is what is tested."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from stresstest.cli.app import run_command

ROOT = Path(__file__).resolve().parents[2]
ENTRY = "from stresstest.cli.app import main; main()"


class Outcome(NamedTuple):
    """What a command line left behind."""

    code: int
    out: str
    err: str


def run(*arguments: str | Path) -> Outcome:
    """Run the command line in this process, on 80 columns without colour."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run_command([str(argument) for argument in arguments])
    return Outcome(code, out.getvalue(), err.getvalue())


def start(arguments: Sequence[str | Path], **environment: str) -> subprocess.Popen[str]:
    """Start the command line as users do, in a process of its own."""
    command = [sys.executable, "-c", ENTRY, *map(str, arguments)]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
    )
