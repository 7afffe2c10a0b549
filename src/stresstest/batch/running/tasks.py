"""Doing tasks until all are done: two attempts each, what fails twice is set apart and the rest goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from stresstest.batch.running.executors import AnyTask, Done, Event, Executor, Failed
from stresstest.batch.running.memory import MemoryGauge
from stresstest.batch.running.progress import Forecast, Listener, Progress, silent
from stresstest.batch.store.journal import Journal
from stresstest.batch.store.parts import DamagedPartError, TaskRecord
from stresstest.errors import ModelError, ResourceError
from stresstest.io.atomic_file import given_out

ATTEMPTS = 2
_WAIT_SECONDS = 0.2


@dataclass(frozen=True)
class Poisoned:
    """A task that failed twice and was set apart: its id, and how each attempt ended."""

    task: str
    reasons: tuple[str, ...]


@dataclass
class Outcome:
    """What became of tasks.

    Attributes
    ----------
    records
        Of the tasks that are done, by id.
    poisoned
        Tasks that were set apart, by id.
    damaged
        Tasks whose parts others found damaged; they and those others are to be done again.
    """

    records: dict[str, TaskRecord] = field(default_factory=dict)
    poisoned: dict[str, Poisoned] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Desk:
    """Where a run is followed: log, progress, memory, and whether it ends at the first failure."""

    journal: Journal
    listener: Listener = silent
    gauge: MemoryGauge = field(default_factory=MemoryGauge)
    fail_fast: bool = False


class TaskRun:
    """Does tasks with an executor.

    Parameters
    ----------
    stage
        What progress calls it.
    """

    def __init__(self, desk: Desk, executor: Executor, stage: str) -> None:
        self._desk, self._executor, self._stage = desk, executor, stage
        self._waiting: deque[AnyTask] = deque()
        self._running: dict[str, AnyTask] = {}
        self._reasons: dict[str, list[str]] = {}
        self._forecast = Forecast({}, 1)
        self._total = 0

    def perform(self, tasks: Sequence[AnyTask]) -> Outcome:
        """Return what became of the tasks, started in their order.

        Raises
        ------
        ResourceError
            When memory, disk or a limit give out; what is done stays done.
        ModelError
            When a task has failed and the run is to end at the first failure.
        """
        outcome = Outcome()
        self._waiting.extend(tasks)
        self._total = len(tasks)
        self._forecast = Forecast({task.id: task.cost_seconds for task in tasks}, self._executor.capacity)
        while self._waiting or self._running:
            while self._waiting and len(self._running) < self._executor.capacity:
                self._begin(self._waiting.popleft())
            self._tell(outcome)
            for event in self._executor.wait(_WAIT_SECONDS):
                self._take(event, outcome)
            self._desk.gauge.read(self._executor.processes())
        self._tell(outcome)
        return outcome

    def _begin(self, task: AnyTask) -> None:
        attempt = len(self._reasons.get(task.id, ())) + 1
        self._desk.journal.write("task_started", task=task.id, attempt=attempt)
        self._running[task.id] = task
        self._executor.submit(task)

    def _take(self, event: Event, outcome: Outcome) -> None:
        task = self._running.pop(event.task)
        if isinstance(event, Done):
            self._forecast.done(task.id)
            outcome.records[task.id] = event.record
            size = sum(file.size for file in event.record.files)
            self._desk.journal.write("task_done", task=task.id, seconds=event.record.seconds, bytes=size)
        elif isinstance(event.error, DamagedPartError):
            self._desk.journal.write("part_damaged", task=event.error.task, path=event.error.path, by=task.id)
            outcome.damaged.add(event.error.task)
        else:
            self._fail(task, event, outcome)

    def _fail(self, task: AnyTask, event: Failed, outcome: Outcome) -> None:
        self._desk.journal.write("task_failed", task=task.id, reason=event.reason)
        raise_resource(event)
        reasons = self._reasons.setdefault(task.id, [])
        reasons.append(event.reason)
        if self._desk.fail_fast:
            raise ModelError(f"task {task.id} failed: {event.reason}") from event.error
        if len(reasons) < ATTEMPTS and not event.final:
            self._waiting.append(task)
            return
        self._forecast.done(task.id)
        outcome.poisoned[task.id] = Poisoned(task.id, tuple(reasons))
        self._desk.journal.write("task_poisoned", task=task.id, reasons=reasons)

    def _tell(self, outcome: Outcome) -> None:
        done = len(outcome.records) + len(outcome.poisoned)
        left = self._forecast.seconds_left()
        running = tuple(self._running)
        self._desk.listener(Progress(self._stage, done, self._total, running, self._forecast.seconds, left))


def raise_resource(event: Failed) -> None:
    """Raise what ended a task where it would end the others as well: memory, disk, a limit."""
    error = event.error
    if isinstance(error, ResourceError):
        raise error
    if isinstance(error, MemoryError):
        raise ResourceError(f"memory gave out in {event.task}; use fewer --workers, or free some") from error
    if isinstance(error, OSError) and given_out(error):
        raise ResourceError(f"{event.task}: {given_out(error)}") from error
