"""Verbs of the command line run by themselves, which can be ended at any time and leave the page free."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

Values = dict[str, Any]

_LONGEST = 400


class VerbError(Exception):
    """A verb has no answer.

    Attributes
    ----------
    problems
        Why, as `--json` tells it.
    """

    def __init__(self, problems: list[Values]) -> None:
        super().__init__("; ".join(str(item.get("got", "")) for item in problems))
        self.problems = problems


class Finished(NamedTuple):
    """What a verb left behind.

    Attributes
    ----------
    status
        Its exit status.
    out, told
        Standard output and standard error.
    """

    status: int
    out: bytes
    told: bytes

    @property
    def problems(self) -> list[Values]:
        """What it told on standard error, as `--json` tells it, or else the end of its text."""
        text = self.told.decode("utf-8", "replace")
        for line in text.splitlines():
            with contextlib.suppress(ValueError, AttributeError):
                return list(json.loads(line).get("problems", []))
        got = text.strip()[-_LONGEST:] or f"no answer, exit status {self.status}"
        return [{"code": "", "file": "", "line": 0, "column": 0, "got": got}]


async def run_verb(words: Sequence[str]) -> Finished:
    """Run `stresstest` with `words`; where this is cancelled its process ends first."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "stresstest", *words),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, told = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    return Finished(process.returncode or 0, out, told)
