"""Hedge answers in the background: a process of its own, which can be ended at any time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Values = dict[str, Any]

_STEPS = ("finding trades", "putting the reasons to reject them to the plan")


@dataclass(frozen=True, slots=True)
class HedgeQuestion:
    """What is hedged, as the command line takes it.

    Attributes
    ----------
    portfolio, scenario
        Contents of files.
    policy
        Name of a shipped policy.
    markets
        Values of `--market`.
    """

    portfolio: str
    scenario: str
    policy: str
    markets: tuple[str, ...] = ()


@dataclass
class HedgeJob:
    """One answer in the making.

    Attributes
    ----------
    status
        `running`, `done`, `failed` or `cancelled`.
    step
        Number of the step that runs: an answer without challenges comes first, then the whole one.
    answer
        The latest document of `stresstest hedge --json`, or None.
    problems
        What is wrong, as `--json` tells it.
    """

    question: HedgeQuestion
    status: str = "running"
    step: int = 0
    answer: Values | None = None
    problems: list[Values] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    ended: float | None = None
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the background."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def cancel(self) -> None:
        """End the process; what has been answered stays."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def document(self) -> Values:
        """Return how far the answer is."""
        return {
            "status": self.status,
            "step": self.step + 1,
            "steps": len(_STEPS),
            "doing": _STEPS[self.step],
            "seconds": (self.ended or time.monotonic()) - self.begun,
            "policy": self.question.policy,
            "answer": self.answer,
            "problems": self.problems,
        }

    async def _run(self) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="stresstest-explore-") as folder:
                for self.step in range(len(_STEPS)):
                    if not await self._step(Path(folder)):
                        break
            self.status = "failed" if self.problems else "done"
        except asyncio.CancelledError:
            self.status = "cancelled"
            raise
        finally:
            self.ended = time.monotonic()

    async def _step(self, folder: Path) -> bool:
        """Run the command; tell whether the next step is wanted."""
        await asyncio.to_thread(self._write, folder)
        process = await asyncio.create_subprocess_exec(
            *self._command(folder),
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
        try:
            self.answer = json.loads(out)
        except ValueError:
            self.problems = _problems(told)
            return False
        return bool(self.answer and self.answer.get("status") in ("optimal", "feasible"))

    def _write(self, folder: Path) -> None:
        (folder / "portfolio.yaml").write_text(self.question.portfolio, encoding="utf-8")
        (folder / "scenario.yaml").write_text(self.question.scenario, encoding="utf-8")

    def _command(self, folder: Path) -> list[str]:
        words = [sys.executable, "-m", "stresstest", "hedge", str(folder / "portfolio.yaml"), "--json"]
        words += ["--policy", self.question.policy, "--shocks", str(folder / "scenario.yaml")]
        for market in self.question.markets:
            words += ["--market", market]
        return words if self.step else [*words, "--no-challenges"]


def _problems(told: bytes) -> list[Values]:
    """Return what the command told on standard error."""
    text = told.decode("utf-8", "replace")
    for line in text.splitlines():
        with contextlib.suppress(ValueError, AttributeError):
            return list(json.loads(line).get("problems", []))
    return [{"code": "", "file": "", "line": 0, "column": 0, "got": text.strip()[-400:] or "no answer"}]
