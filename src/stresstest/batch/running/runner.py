"""Batches run, gone on with, and planned only."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from stresstest.batch.inputs.archive import keep_copies, require_copies
from stresstest.batch.inputs.loading import JobInputs, load_inputs
from stresstest.batch.inputs.recording import InputFile, Recorder, changed
from stresstest.batch.jobs.job import Job, load_job
from stresstest.batch.planning.plan import Plan
from stresstest.batch.planning.planning import plan_of
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.planning.preparing import prepare
from stresstest.batch.running.batch_work import BatchProgram, BatchWork
from stresstest.batch.running.carrying_out import Following, Progressed
from stresstest.batch.running.concluding import conclusions
from stresstest.batch.running.configuration import configuration
from stresstest.batch.running.finishing import RunOutcome, begin, finished_before, run_to_the_end
from stresstest.batch.running.memory import MemoryGauge, memory_to_plan_for
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.progress import Listener, Progress, silent
from stresstest.batch.running.tasks import Desk
from stresstest.batch.running.warming import warm_kernels
from stresstest.batch.store.folder import Layout, open_new, read_document, require_new
from stresstest.batch.store.journal import Journal
from stresstest.batch.store.lock import locked, require_nobody
from stresstest.batch.store.provenance import provenance
from stresstest.errors import InputError, Location, Problem, ResourceError
from stresstest.io.relocation import absolute, reading_copies
from stresstest.io.resources import shipped_library
from stresstest.kernels._jit import enable_caching

PLAN_SCHEMA = "stresstest/batch_plan/1"
_MADE_WITH = ("stresstest", "source_sha256", "packages_sha256", "python")


@dataclass(frozen=True)
class Planned:
    """A job with its inputs, prepared and cut into tasks.

    Attributes
    ----------
    files
        All that the job read.
    seconds
        How long that took.
    """

    inputs: JobInputs
    prepared: Prepared
    plan: Plan
    files: tuple[InputFile, ...]
    seconds: float = 0.0


def plan_batch(job: Job, options: BatchOptions, listener: Listener = silent) -> Planned:
    """Load and prepare a job, and cut it into tasks; nothing is written.

    Raises
    ------
    InputError
        With everything that is wrong with job, market and scenarios, or where no portfolio can be used; with
        `options.fail_fast` also where any portfolio or position cannot.
    ResourceError
        Where memory does not reach for one task a worker.
    """
    began = time.perf_counter()
    listener(Progress("loading"))
    recorder = Recorder()
    with recorder.recording("job"):
        if load_job(job.file) != job:
            raise changed(job.file, "the job as it was read a moment ago")
    if options.previous:
        job = replace(job, previous=tuple(options.previous))
    inputs = load_inputs(job, recorder)
    # A factor model is read when it is first asked for.
    with recorder.recording("market"):
        prepared = prepare(inputs)
    if options.fail_fast:
        _require_all(inputs, prepared)
    memory = options.memory or memory_to_plan_for()
    plan = plan_of(prepared, memory, options.workers or os.cpu_count() or 1)
    return Planned(inputs, prepared, plan, recorder.files, time.perf_counter() - began)


def run_batch(
    job: Job, folder: str | os.PathLike[str], options: BatchOptions, listener: Listener = silent
) -> RunOutcome:
    """Run a job into a new folder.

    Parameters
    ----------
    job
        As `load_job` read it: its file is read once more, and kept.
    listener
        Is told of progress.

    Raises
    ------
    InputError
        Where the folder is taken or the inputs are wrong: nothing was written.
    ResourceError
        When memory, disk or a limit give out, or another process works in the folder: `resume` goes on.
    """
    enable_caching()
    layout = Layout(Path(folder))
    require_nobody(layout.lock)
    require_new(layout)
    if options.executor == "dask":
        from stresstest.batch.dask_runner import require_cluster

        require_cluster(options.dask)
    planned = plan_batch(job, options, listener)
    open_new(layout.root)
    with locked(layout.lock), Journal(layout.log) as journal:
        require_new(layout)
        journal.write("begun", job=job.name, tasks=len(planned.plan.tasks), seconds=planned.plan.seconds)
        try:
            batch = _Batch(planned, layout, keep_copies(planned.files, layout.inputs))
            begin(layout, batch, options)
        except ResourceError as error:
            raise ResourceError(f"{error}\nNothing has begun; then give the same command again") from error
        return run_to_the_end(layout, batch, options, _desk(journal, options, listener))


def resume(
    folder: str | os.PathLike[str], options: BatchOptions | None = None, listener: Listener = silent
) -> RunOutcome:
    """Go on with a run that was cut short, or try again what one has set apart.

    The inputs are the copies that the run kept, the tasks those of its plan; a run that is finished is left
    as it is.

    Parameters
    ----------
    options
        How to go on; None: as the run began.

    Raises
    ------
    InputError
        ST754 where nothing has begun in the folder, ST753 where it began with another version of the program.
    ResourceError
        When memory, disk or a limit give out, or another process works in the folder.
    """
    enable_caching()
    layout = Layout(Path(folder))
    _require_begun(layout)
    with locked(layout.lock), Journal(layout.log) as journal:
        _require_begun(layout)
        document = read_document(layout.plan)
        if (finished := finished_before(layout)) is not None:
            return finished
        _require_same_program(layout, document)
        given = options or BatchOptions(**document["options"])
        planned = _planned_again(layout, document, given, listener)
        batch = _Batch(planned, layout, document["copies"], document["library"])
        journal.write("resumed", job=planned.inputs.job.name)
        return run_to_the_end(layout, batch, given, _desk(journal, given, listener))


def _desk(journal: Journal, options: BatchOptions, listener: Listener) -> Desk:
    return Desk(journal, listener, MemoryGauge(options.memory), options.fail_fast)


def _planned_again(
    layout: Layout, document: Mapping[str, Any], options: BatchOptions, listener: Listener
) -> Planned:
    """Return what was planned, made anew out of the copies: the same tasks, or the run is not this one."""
    before = document["plan"]
    as_then = replace(options, memory=before["memory"], workers=before["workers"])
    with _copies_read(layout, document):
        planned = plan_batch(load_job(document["job"]), as_then, listener)
    if _plain(planned.plan)["tasks"] != before["tasks"]:
        problem = Problem("ST753", "other tasks than the run began with", "the same program and inputs")
        raise InputError([problem.at(Location(str(layout.plan)))])
    return planned


@contextmanager
def _copies_read(layout: Layout, document: Mapping[str, Any]) -> Iterator[None]:
    hashes = {item["path"]: item["sha256"] for item in document["inputs"]}
    require_copies(document["copies"], hashes, layout.inputs)
    with reading_copies(layout.inputs, Path(document["library"])):
        yield


def _require_begun(layout: Layout) -> None:
    if layout.state() == "new":
        got = "a folder without a run that has begun" if layout.root.is_dir() else "no such folder"
        expected = "a folder that `stresstest batch JOB -o DIR` has begun"
        raise InputError([Problem("ST754", got, expected, Location(str(layout.root)))])


def _require_same_program(layout: Layout, document: Mapping[str, Any]) -> None:
    """Refuse to mix parts of two versions: the results would be of neither."""
    then, now = document["made_with"], _made_with()
    problems = [
        Problem(
            "ST753", f"{name} {now[name]}", f"{then.get(name)}, as the run began", Location(str(layout.plan))
        )
        for name in _MADE_WITH
        if then.get(name) != now[name]
    ]
    if problems:
        raise InputError(problems)


def _made_with() -> dict[str, Any]:
    return {name: provenance()[name] for name in _MADE_WITH}


def _require_all(inputs: JobInputs, prepared: Prepared) -> None:
    """Refuse a job of which anything cannot be valued."""
    problems = [problem for refusal in inputs.refused for problem in refusal.problems]
    known = {problem.format() for problem in problems}
    for refused in prepared.refused:
        if refused.message not in known:
            where = f"{refused.portfolio}: {refused.position}".rstrip(": ")
            problems.append(Problem("ST757", f"{where}: {refused.message}", "every position with a value"))
    if problems:
        raise InputError(problems)


def _plain(plan: Plan) -> dict[str, Any]:
    """Return the plan as it is read back from JSON: tuples are lists there."""
    document = asdict(plan)
    document["tasks"] = [{**task, "scenarios": list(task["scenarios"])} for task in document["tasks"]]
    document["groups"] = list(document["groups"])
    return document


class _Batch(BatchProgram):
    """A job as a run carries it out."""

    def __init__(
        self, planned: Planned, layout: Layout, copies: Mapping[str, str], library: str | None = None
    ) -> None:
        work = BatchWork(planned.prepared, planned.plan.values, layout.root)
        super().__init__(planned.plan, work)
        self._planned, self._layout, self._copies = planned, layout, copies
        self._library = library or str(shipped_library())

    def warm(self) -> None:
        """Compile what workers need, once, before they start."""
        warm_kernels(self._planned.prepared)

    def following(self) -> Following | None:
        """Return the hedges that the job asks for: which portfolios breach is known now."""
        if self._planned.inputs.hedge is None:
            return None
        # Here, so that a job without hedges loads no solver.
        from stresstest.batch.hedges.following import hedges_of

        planned = self._planned
        return hedges_of(planned.inputs, planned.prepared, planned.plan, self._layout.root)

    def plan_document(self) -> Mapping[str, Any]:
        """Return what is to be done, as plan.json and the manifest have it."""
        inputs = self._planned.inputs
        return {
            "schema": PLAN_SCHEMA,
            "name": inputs.job.name,
            "job": str(absolute(Path(inputs.job.file))),
            "configuration": configuration(inputs),
            "inputs": [file.to_dict() for file in self._planned.files],
            "copies": dict(self._copies),
            "library": self._library,
            "made_with": _made_with(),
            "plan": _plain(self._planned.plan),
        }

    def conclude(self, layout: Layout, progressed: Progressed) -> Mapping[str, Any]:
        """Write the summary and return what the manifest says of the results."""
        return conclusions(layout, self._planned.inputs, self._planned.prepared, progressed.poisoned)
