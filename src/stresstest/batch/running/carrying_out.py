"""Carrying out a program: its valuations, then its assemblies, from wherever an earlier run has left off."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from stresstest.batch.running.executors import (
    AnyTask,
    Executor,
    SerialExecutor,
    ThreadsExecutor,
    Work,
)
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.tasks import Desk, Outcome, TaskRun
from stresstest.batch.running.workers import ProcessesExecutor
from stresstest.batch.store.folder import Layout, read_document, sweep, sweep_temporaries, write_document
from stresstest.batch.store.parts import RECORD, TaskRecord, forget_task, kept_files, records_of
from stresstest.errors import ResourceError

_ROUNDS = 5
"""Times that damaged parts are made anew before the disk is blamed."""

_WORTH_PROCESSES_SECONDS = 3.0
"""Predicted time of all tasks from which processes, which load kernels for a second or two, are started."""

POISONED = "poisoned.json"
"""Among the parts: the tasks that were set apart and whose parts others read, with their reasons."""

FOLLOWING = "hedge"
"""Ids of tasks that follow the assemblies begin with this, and no others."""


@dataclass(frozen=True)
class Following:
    """What is done once the results are together, and may depend on them.

    Attributes
    ----------
    stage
        What progress calls it.
    tasks
        Need no other of these; their ids begin with `FOLLOWING`.
    gathering
        Read the parts of those; their ids begin so too.
    work
        Does any of them.
    """

    stage: str
    tasks: Sequence[AnyTask]
    gathering: Sequence[AnyTask]
    work: Work


class Program(Protocol):
    """What is to be done: valuations, then assemblies of their parts, then what follows, and how."""

    @property
    def values(self) -> Sequence[AnyTask]:
        """Tasks that need no other."""

    @property
    def assemblies(self) -> Sequence[AnyTask]:
        """Tasks that read the parts of all valuations."""

    @property
    def work(self) -> Work:
        """Does a task."""

    def warm(self) -> None:
        """Compile what workers need, once, before they start."""

    def following(self) -> Following | None:
        """Return what is done once all assemblies are, None where nothing is."""


@dataclass
class Progressed:
    """How far a program has come.

    Attributes
    ----------
    records
        Of the tasks that are done, by id.
    poisoned
        Reasons of the tasks that were set apart, by id.
    executor, workers
        Where valuations ran, and how many at once, each on one thread.
    """

    records: dict[str, TaskRecord]
    poisoned: dict[str, tuple[str, ...]]
    executor: str = ""
    workers: int = 0

    def take(self, outcome: Outcome) -> None:
        """Add what became of some tasks."""
        self.records.update(outcome.records)
        for name, poisoned in outcome.poisoned.items():
            self.poisoned[name] = poisoned.reasons


def carry_out(layout: Layout, program: Program, options: BatchOptions, desk: Desk) -> Progressed:
    """Do every task of a program that is not done yet.

    Raises
    ------
    ResourceError
        When memory, disk or a limit give out; the run can be resumed.
    """
    done = Progressed(_found(layout, program, desk), {})
    for _ in range(_ROUNDS):
        damaged = _valued(layout, program, options, desk, done)
        following = None if damaged else program.following()
        if following is not None:
            damaged = _followed(layout, following, options, desk, done)
        if not damaged:
            return done
        for task in damaged:
            done.records.pop(task, None)
            forget_task(layout, task)
    raise ResourceError(f"{layout.parts}: parts are damaged again and again; is the disk in order?")


def _valued(
    layout: Layout, program: Program, options: BatchOptions, desk: Desk, done: Progressed
) -> set[str]:
    """Do valuations and assemblies that are not done yet; return tasks whose parts were found damaged."""
    values, assemblies = _left(program.values, done), _left(program.assemblies, done)
    chosen = _resolved(options, [*values, *assemblies])
    if len(values) > 1 and chosen.executor in ("processes", "dask"):
        program.warm()
    done.executor = chosen.executor
    with _opened(layout, program.work, chosen, (len(values), len(assemblies))) as (first, second):
        done.workers = first.capacity
        done.take(TaskRun(desk, first, "valuing").perform(values))
        write_document(layout.parts / POISONED, dict(done.poisoned))
        outcome = TaskRun(desk, second, "assembling").perform(assemblies)
    return _taken(layout, outcome, done)


def _followed(
    layout: Layout, following: Following, options: BatchOptions, desk: Desk, done: Progressed
) -> set[str]:
    """Do what follows the assemblies and is not done yet; return tasks whose parts were found damaged."""
    tasks, gathering = _left(following.tasks, done), _left(following.gathering, done)
    desk.journal.write("following", tasks=[task.id for task in following.tasks])
    # A process of its own is of no use to one task alone.
    chosen = _resolved(options, tasks if len(tasks) > 1 else ())
    with _opened(layout, following.work, chosen, (len(tasks), len(gathering))) as (first, second):
        done.take(TaskRun(desk, first, following.stage).perform(tasks))
        write_document(layout.parts / POISONED, dict(done.poisoned))
        outcome = TaskRun(desk, second, "gathering").perform(gathering)
    return _taken(layout, outcome, done)


def _taken(layout: Layout, outcome: Outcome, done: Progressed) -> set[str]:
    """Take what became of tasks, note all that are set apart, and return those whose parts are damaged."""
    done.take(outcome)
    write_document(layout.parts / POISONED, dict(done.poisoned))
    return outcome.damaged


def _resolved(options: BatchOptions, tasks: Sequence[AnyTask]) -> BatchOptions:
    """Return options with an executor: processes only where tasks take longer than these take to start."""
    if options.executor != "auto":
        return options
    is_long = sum(task.cost_seconds for task in tasks) > _WORTH_PROCESSES_SECONDS
    several = (options.workers or os.cpu_count() or 1) > 1
    return replace(options, executor="processes" if is_long and several else "serial")


def _left(tasks: Sequence[AnyTask], done: Progressed) -> list[AnyTask]:
    return [task for task in tasks if task.id not in done.records and task.id not in done.poisoned]


def _found(layout: Layout, program: Program, desk: Desk) -> dict[str, TaskRecord]:
    """Return what an earlier run has done, remove what it left unfinished, and log both."""
    assemblies = [task.id for task in program.assemblies]
    following = sorted(path.stem for path in layout.parts.glob(f"{FOLLOWING}*{RECORD}"))
    if poisoned_before(layout):
        together = [*assemblies, *(task for task in following if task.partition("-")[0] != FOLLOWING)]
        for task in together:  # put together without what is tried again now
            forget_task(layout, task)
    tasks = [*(task.id for task in program.values), *assemblies, *following]
    found, damaged = records_of(layout, tasks)
    for error in damaged:
        desk.journal.write("part_damaged", task=error.task, path=error.path, by="resume")
    swept = sweep(layout, kept_files(found.values()))
    desk.journal.write("found", tasks=len(tasks), done=len(found), damaged=len(damaged), swept=swept)
    return found


def poisoned_before(layout: Layout) -> Mapping[str, Sequence[str]]:
    """Return the tasks that are set apart and whose parts others read, with their reasons."""
    path = layout.parts / POISONED
    return read_document(path) if path.is_file() else {}


@contextmanager
def _opened(
    layout: Layout, work: Work, options: BatchOptions, counts: tuple[int, int]
) -> Iterator[tuple[Executor, Executor]]:
    """Open the executors of valuations and of assemblies, no wider than there are tasks.

    They are one, but for a cluster: that may not see the run folder, and groups are put together here.
    """
    workers = options.workers or os.cpu_count() or 1
    with ExitStack() as stack:
        stack.callback(sweep_temporaries, layout)  # of processes that were killed because the run ends
        width = max(min(workers, max(counts)), 1)
        first = stack.enter_context(_executor(layout, work, options, width if any(counts) else 0))
        if options.executor != "dask":
            yield first, first
        else:
            yield first, stack.enter_context(SerialExecutor(layout, work))


def _executor(
    layout: Layout, work: Work, options: BatchOptions, workers: int
) -> AbstractContextManager[Executor]:
    if options.executor == "serial" or not workers:
        return SerialExecutor(layout, work)
    if options.executor == "dask":
        from stresstest.batch.dask_runner import DaskExecutor

        return DaskExecutor(layout, work, options.dask, workers)
    by_name: dict[str, Callable[[Layout, Work, int], AbstractContextManager[Executor]]] = {
        "threads": ThreadsExecutor,
        "processes": ProcessesExecutor,
    }
    return by_name[options.executor](layout, work, workers)
