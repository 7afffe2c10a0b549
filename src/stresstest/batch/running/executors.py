"""Where tasks run: one after the other, on threads, in processes, on a cluster; all give the same events."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self, TypeAlias

from stresstest.batch.store.folder import Layout
from stresstest.batch.store.parts import Output, TaskRecord, write_task


class AnyTask(Protocol):
    """A task by its id, and its predicted seconds on one thread."""

    @property
    def id(self) -> str:
        """Names the task and its parts."""

    @property
    def cost_seconds(self) -> float:
        """Predicted time."""


Work: TypeAlias = Callable[[Any], Output]
"""What a task does: a pure function of inputs and task. Processes and clusters pickle it."""


@dataclass(frozen=True)
class Done:
    """A task has written its files and its record."""

    task: str
    record: TaskRecord


@dataclass(frozen=True)
class Failed:
    """A task ended without a record.

    Attributes
    ----------
    task
        Its id; empty where a worker died without one.
    reason
        Why, in words.
    error
        What it raised; None where its process died.
    final
        Whether another attempt is of no use: who ran it has tried already.
    """

    task: str
    reason: str
    error: BaseException | None = None
    final: bool = False


Event: TypeAlias = Done | Failed


class Executor(Protocol):
    """Takes up to `capacity` tasks at once and tells how each ended."""

    capacity: int

    def __enter__(self) -> Self:
        """Start what runs tasks."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it, at once where an error leaves."""

    def submit(self, task: AnyTask) -> None:
        """Take a task."""

    def wait(self, seconds: float) -> list[Event]:
        """Return what has ended since, after waiting for it for at most `seconds`."""

    def processes(self) -> tuple[int, ...]:
        """Return the process numbers of workers on this machine beside our own process."""


def perform(layout: Layout, work: Work, task: AnyTask) -> Event:
    """Do a task and write what it gives; what it raises becomes an event, an interrupt goes on."""
    began = time.perf_counter()
    try:
        output = work(task)
        return Done(task.id, write_task(layout, task.id, output, time.perf_counter() - began))
    except Exception as error:  # whatever it is, the other tasks go on
        return Failed(task.id, f"{type(error).__name__}: {error}", error)


class SerialExecutor:
    """One task after the other, in this thread."""

    capacity = 1

    def __init__(self, layout: Layout, work: Work) -> None:
        self._layout, self._work = layout, work
        self._waiting: list[AnyTask] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._waiting.clear()

    def submit(self, task: AnyTask) -> None:
        """Take a task."""
        self._waiting.append(task)

    def wait(self, seconds: float) -> list[Event]:
        """Do what was taken."""
        del seconds
        taken, self._waiting = self._waiting, []
        return [perform(self._layout, self._work, task) for task in taken]

    def processes(self) -> tuple[int, ...]:
        """Return no process: all is done in ours."""
        return ()


class ThreadsExecutor:
    """Several tasks at once on threads of this process: the kernels let go of the interpreter's lock."""

    def __init__(self, layout: Layout, work: Work, workers: int) -> None:
        self.capacity = workers
        self._layout, self._work = layout, work
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="batch")
        self._running: set[Future[Event]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, task: AnyTask) -> None:
        """Give a task to a thread."""
        self._running.add(self._pool.submit(perform, self._layout, self._work, task))

    def wait(self, seconds: float) -> list[Event]:
        """Return what has ended since, after waiting for it for at most `seconds`."""
        done, self._running = wait(self._running, seconds, FIRST_COMPLETED)
        return [future.result() for future in done]

    def processes(self) -> tuple[int, ...]:
        """Return no process: all is done in ours."""
        return ()
