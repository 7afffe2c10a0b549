"""How a run stands, read from its folder without touching it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeAlias

from stresstest.batch.planning.hedge_tasks import HEDGE_SECONDS
from stresstest.batch.reading.text_table import counted
from stresstest.batch.store.folder import Layout, read_document
from stresstest.batch.store.journal import read_journal
from stresstest.batch.store.lock import Holder, holder_of, is_held
from stresstest.batch.store.parts import RECORD
from stresstest.errors import InputError, Location, Problem

StateOfRun: TypeAlias = Literal["running", "unfinished", "finished", "incomplete"]
"""`unfinished`: cut short, to be resumed; `incomplete`: finished without tasks that were set apart."""


@dataclass(frozen=True)
class Status:
    """How a run stands.

    Attributes
    ----------
    state
        `running`, `unfinished`, `finished` or `incomplete`.
    name
        Of the job.
    done, total
        Tasks.
    running
        Tasks that are being done.
    holder
        Process that works on it.
    seconds_left
        Predicted; None where nothing tells.
    poisoned
        Tasks that were set apart, with how each attempt ended.
    last
        Last event of the log and its time.
    digest
        Of a finished run.
    findings
        Of a finished run, in words: when it ended, how long it took, what it holds.
    log
        Events of the log that concern failures, in order.
    """

    state: StateOfRun
    name: str
    done: int
    total: int
    running: tuple[str, ...] = ()
    holder: Holder | None = None
    seconds_left: float | None = None
    poisoned: Mapping[str, Sequence[str]] | None = None
    last: tuple[str, str] = ("", "")
    digest: str = ""
    findings: tuple[str, ...] = ()
    log: tuple[Mapping[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the status as plain JSON values."""
        return {**asdict(self), "log": [dict(event) for event in self.log]}


_TROUBLE = ("task_failed", "task_poisoned", "part_damaged", "out_of_resources", "interrupted")


def status_of(path: str | PathLike[str]) -> Status:
    """Return how the run in a folder stands.

    Raises
    ------
    InputError
        ST754 where nothing has begun there, ST752 where plan or manifest is damaged.
    """
    layout = Layout(Path(path))
    if layout.state() == "new":
        got = "a folder without a run that has begun" if layout.root.is_dir() else "no such folder"
        expected = "a folder that `stresstest batch JOB -o DIR` wrote"
        raise InputError([Problem("ST754", got, expected, Location(str(layout.root)))])
    log = read_journal(layout.log)
    last = (str(log[-1].get("event", "")), str(log[-1].get("at", ""))) if log else ("", "")
    trouble = tuple(event for event in log if event.get("event") in _TROUBLE)
    if layout.manifest.is_file():
        return _finished(read_document(layout.manifest), last, trouble)
    return _unfinished(layout, log, last, trouble)


def _finished(
    manifest: Mapping[str, Any], last: tuple[str, str], trouble: tuple[Mapping[str, Any], ...]
) -> Status:
    poisoned = manifest["poisoned"]
    total = len(_tasks_of(manifest))
    return Status(
        state="incomplete" if poisoned else "finished",
        name=manifest["name"],
        done=total - len(poisoned),
        total=total,
        poisoned=poisoned,
        last=last,
        digest=manifest["digest"],
        findings=tuple(_findings(manifest)),
        log=trouble,
    )


def _tasks_of(manifest: Mapping[str, Any]) -> set[str]:
    """Return the tasks of a finished run: those of its plan, and those that its results gave rise to."""
    planned = {task["id"] for task in manifest["plan"]["tasks"]}
    return {*planned, *(part["task"] for part in manifest["parts"]), *manifest["poisoned"]}


def _following(log: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """Return the tasks that follow the assemblies, where the run has come to them."""
    found = [event.get("tasks", ()) for event in log if event.get("event") == "following"]
    return found[-1] if found else ()


def _findings(manifest: Mapping[str, Any]) -> Iterator[str]:
    begun, ended = (datetime.fromisoformat(manifest[name]) for name in ("begun", "ended"))
    yield f"Ended {ended:%Y-%m-%d %H:%M} UTC, {(ended - begun).total_seconds():,.0f} s after it began"
    draws = sum(manifest["n_draws"].values())
    things = [(manifest[f"n_{noun}s"], noun) for noun in ("portfolio", "position", "scenario")]
    yield ", ".join(counted(number, noun) for number, noun in (*things, (draws, "draw")))
    breaches = manifest["n_breaches"]
    limits = f"{breaches:,} {'breach or warning' if breaches == 1 else 'breaches and warnings'} of limits"
    yield f"{limits}, {counted(manifest['n_failures'], 'failure')}"


def _unfinished(
    layout: Layout,
    log: Sequence[Mapping[str, Any]],
    last: tuple[str, str],
    trouble: tuple[Mapping[str, Any], ...],
) -> Status:
    plan = read_document(layout.plan)
    tasks = {task["id"]: float(task["cost_seconds"]) for task in plan["plan"]["tasks"]}
    tasks |= {name: HEDGE_SECONDS for name in _following(log) if name not in tasks}
    done = {name for name in tasks if (layout.parts / f"{name}{RECORD}").is_file()}
    alive = is_held(layout.lock)
    return Status(
        state="running" if alive else "unfinished",
        name=plan["name"],
        done=len(done),
        total=len(tasks),
        running=_running(log) if alive else (),
        holder=holder_of(layout.lock) if alive else None,
        seconds_left=_seconds_left(log, tasks, done) if alive else None,
        last=last,
        log=trouble,
    )


def _running(log: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the tasks that were started since the run was begun or gone on with, and have not ended."""
    found: dict[str, None] = {}
    for event in log:
        name = str(event.get("task", ""))
        if event.get("event") == "running":
            found.clear()
        elif event.get("event") == "task_started":
            found[name] = None
        elif event.get("event") in ("task_done", "task_failed"):
            found.pop(name, None)
    return tuple(found)


def _seconds_left(
    log: Sequence[Mapping[str, Any]], tasks: Mapping[str, float], done: set[str]
) -> float | None:
    """Return the time left at the pace since the run was last begun; None before any task ended."""
    starts = [number for number, event in enumerate(log) if event.get("event") == "running"]
    since = log[starts[-1] :] if starts else []
    finished = sum(
        tasks.get(str(event.get("task")), 0.0) for event in since if event.get("event") == "task_done"
    )
    if not finished:
        return None
    began = datetime.fromisoformat(str(since[0]["at"]))
    seconds = (datetime.now(UTC) - began).total_seconds()
    return seconds * sum(cost for name, cost in tasks.items() if name not in done) / finished
