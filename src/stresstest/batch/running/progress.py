"""How far a run has come, and how long it will take yet."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Progress:
    """State of a run at one moment.

    Attributes
    ----------
    stage
        What is being done: `loading`, `valuing`, `assembling`, `hedging`, `gathering`, `finishing`.
    done, total
        Tasks.
    running
        Ids of the tasks that are being done.
    seconds
        Since the stage began.
    seconds_left
        Predicted for the stage; None while nothing is known.
    """

    stage: str
    done: int = 0
    total: int = 0
    running: tuple[str, ...] = ()
    seconds: float = 0.0
    seconds_left: float | None = None


Listener: TypeAlias = Callable[[Progress], None]
"""Is told of progress, several times a second; must not raise."""


def silent(progress: Progress) -> None:
    """Take no notice of progress."""


class Forecast:
    """Predicts the time left from predicted costs and the pace so far.

    Parameters
    ----------
    costs
        Predicted seconds of each task that is to be done, by its id.
    workers
        Tasks done at once: the first prediction, before any is done, divides by it.
    """

    def __init__(self, costs: dict[str, float], workers: int) -> None:
        self._left = {task: max(cost, 1e-6) for task, cost in costs.items()}
        self._total = sum(self._left.values())
        self._workers = max(min(workers, len(self._left)), 1)
        self._began = time.monotonic()

    def done(self, task: str) -> None:
        """Note that a task has ended."""
        self._left.pop(task, None)

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def seconds_left(self) -> float | None:
        """Return the predicted seconds until all are done; None where nothing tells."""
        left = sum(self._left.values())
        finished = self._total - left
        if finished > 0.0:
            return self.seconds * left / finished
        return max(left / self._workers - self.seconds, 0.0) or None
