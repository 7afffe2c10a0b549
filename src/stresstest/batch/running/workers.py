"""A pool of processes that knows which task each of them is doing, so that a death is tied to its task.

`concurrent.futures` breaks a whole pool when one process dies; here only the task is lost, and it is told.
Processes are started anew (`spawn`): a fork of a process with threads may hang, and would keep the lock.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

from stresstest.batch.running.executors import AnyTask, Event, Failed, Work
from stresstest.batch.running.worker_process import BEGAN, serve
from stresstest.batch.store.folder import Layout
from stresstest.errors import ResourceError

_MOST_STILLBORN = 5
"""Deaths in a row without any message from a worker, after which workers are held unable to start."""

_SECONDS_TO_END = 5.0


@dataclass
class _Worker:
    """A process, its end of the pipe, and what it is doing."""

    process: SpawnProcess
    pipe: Connection
    task: AnyTask | None = None
    began: bool = False


class ProcessesExecutor:
    """Several tasks at once, each in a process of its own."""

    def __init__(self, layout: Layout, work: Work, workers: int) -> None:
        self.capacity = workers
        self._layout = layout
        self._payload = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._stillborn = 0

    def __enter__(self) -> Self:
        try:
            started = [self._start() for _ in range(self.capacity)]
            self._workers = [worker for worker in started if self._equip(worker)]
        except BaseException:
            self._end(at_once=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(at_once=error is not None)

    def submit(self, task: AnyTask) -> None:
        """Give a task to a process that has none, started for it where need be."""
        worker = next((worker for worker in self._workers if worker.task is None), None)
        if worker is None:
            worker = self._start()
            self._equip(worker)
            self._workers.append(worker)
        worker.task, worker.began = task, False
        with suppress(OSError):  # it has died: its sentinel tells
            worker.pipe.send(task)

    def wait(self, seconds: float) -> list[Event]:
        """Return what has ended since, after waiting for it for at most `seconds`."""
        sources = {worker.pipe: worker for worker in self._workers}
        sentinels = {worker.process.sentinel: worker for worker in self._workers}
        ready = wait([*sources, *sentinels], seconds)
        events: list[Event] = []
        for pipe in ready:
            if isinstance(pipe, Connection):
                events += self._told(sources[pipe])
        for sentinel in ready:
            if isinstance(sentinel, int):
                events += [*self._told(sentinels[sentinel]), *self._died(sentinels[sentinel])]
        return events

    def processes(self) -> tuple[int, ...]:
        """Return the numbers of the worker processes."""
        return tuple(worker.process.pid for worker in self._workers if worker.process.pid is not None)

    def _told(self, worker: _Worker) -> list[Event]:
        """Return the events that a worker has sent, each message whole or not at all."""
        events: list[Event] = []
        try:
            while worker.pipe.poll():
                message = worker.pipe.recv()
                self._stillborn = 0
                if message == BEGAN:
                    worker.began = True
                else:
                    worker.task = None
                    events.append(message)
        except (EOFError, OSError, pickle.UnpicklingError):
            pass  # it died in the middle of a word
        return events

    def _died(self, worker: _Worker) -> list[Event]:
        """Return the death of a worker; one that had not begun its task is none of the task's."""
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        if worker.task is None:
            return []
        reason = f"its process {_ending(worker.process.exitcode)}"
        if worker.began:
            return [Failed(worker.task.id, reason)]
        self._count_stillborn(reason)
        self.submit(worker.task)
        return []

    def _count_stillborn(self, reason: str) -> None:
        self._stillborn += 1
        if self._stillborn >= _MOST_STILLBORN:
            raise ResourceError(f"workers do not start: {reason}; try fewer --workers, or --executor serial")

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        arguments = (theirs, self._layout.root, os.getpid())
        process = self._context.Process(target=serve, args=arguments, daemon=True, name="batch worker")
        with _keyboard_held_back():
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _equip(self, worker: _Worker) -> bool:
        """Send the work; tell whether the process lived to take it."""
        try:
            worker.pipe.send_bytes(self._payload)
        except OSError:
            worker.process.join()
            self._count_stillborn(f"the process {_ending(worker.process.exitcode)}")
            return False
        return True

    def _end(self, *, at_once: bool) -> None:
        for worker in self._workers:
            if at_once:
                worker.process.kill()
            with suppress(OSError):
                worker.pipe.send(None)
        for worker in self._workers:
            worker.process.join(_SECONDS_TO_END)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.pipe.close()
        self._workers = []


@contextmanager
def _keyboard_held_back() -> Iterator[None]:
    """Start a process with interrupts blocked: until it ignores them it would die of ours."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ending(status: int | None) -> str:
    """Return how a process ended, in words.

    Examples
    --------
    >>> _ending(-9), _ending(3)
    ('was killed by SIGKILL', 'ended with status 3')
    """
    if status is not None and status < 0:
        with suppress(ValueError):
            return f"was killed by {signal.Signals(-status).name}"
        return f"was killed by signal {-status}"
    return f"ended with status {status}"
