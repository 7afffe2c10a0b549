"""Hedge answers in the background: a process of its own, which can be ended at any time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stresstest.api import Portfolio, load_portfolio
from stresstest.explore.processes import run_verb
from stresstest.explore.proposals import proposal

Values = dict[str, Any]

_HEDGED = "hedged.yaml"
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
    opened
        The portfolio as the page was opened with it, which the trades are told against.
    markets
        Values of `--market`.
    """

    portfolio: str
    scenario: str
    policy: str
    opened: Portfolio
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
    trades
        What makes the opened portfolio the hedged one, as `proposal` tells it, or None.
    problems
        What is wrong, as `--json` tells it.
    """

    question: HedgeQuestion
    status: str = "running"
    step: int = 0
    answer: Values | None = None
    trades: Values | None = None
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
            "trades": self.trades,
            "problems": self.problems,
        }

    async def _run(self) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="stresstest-explore-") as folder:
                while await self._step(Path(folder)) and self.step + 1 < len(_STEPS):
                    self.step += 1
            self.status = "failed" if self.problems else "done"
        except asyncio.CancelledError:
            self.status = "cancelled"
            raise
        finally:
            self.ended = time.monotonic()

    async def _step(self, folder: Path) -> bool:
        """Run the command; tell whether the next step is wanted."""
        await asyncio.to_thread(self._write, folder)
        finished = await run_verb(self._words(folder))
        try:
            self.answer = json.loads(finished.out)
        except ValueError:
            self.problems = finished.problems
            return False
        answered = bool(self.answer and self.answer.get("status") in ("optimal", "feasible"))
        self.trades = await asyncio.to_thread(self._trades, folder) if answered else None
        return answered

    def _trades(self, folder: Path) -> Values:
        return proposal(self.question.opened, load_portfolio(folder / _HEDGED))

    def _write(self, folder: Path) -> None:
        (folder / "portfolio.yaml").write_text(self.question.portfolio, encoding="utf-8")
        (folder / "scenario.yaml").write_text(self.question.scenario, encoding="utf-8")

    def _words(self, folder: Path) -> list[str]:
        words = ["hedge", str(folder / "portfolio.yaml"), "--json", "--policy", self.question.policy]
        words += ["--shocks", str(folder / "scenario.yaml"), "--hedged", str(folder / _HEDGED), "--force"]
        for market in self.question.markets:
            words += ["--market", market]
        return words if self.step else [*words, "--no-challenges"]
