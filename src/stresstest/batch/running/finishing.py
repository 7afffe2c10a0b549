"""A run from its first task to its manifest, and what it says when it is cut short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from stresstest.batch.running.carrying_out import Program, Progressed, carry_out
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.progress import Progress
from stresstest.batch.running.tasks import Desk
from stresstest.batch.store.atomic import resources_reported
from stresstest.batch.store.digest import digest_of_folder
from stresstest.batch.store.folder import Layout, read_document, write_document
from stresstest.batch.store.manifest import commit, listed_parts, remove_parts
from stresstest.errors import ResourceError
from stresstest.io.atomic_file import sync_folder


class Batch(Program, Protocol):
    """A program that can say what it is and what it found."""

    def plan_document(self) -> Mapping[str, Any]:
        """Return what is to be done, as plan.json and the manifest have it."""

    def conclude(self, layout: Layout, progressed: Progressed) -> Mapping[str, Any]:
        """Write what people read once all results are there, and return what the manifest says of them."""


@dataclass(frozen=True)
class RunOutcome:
    """A run that is finished.

    Attributes
    ----------
    layout
        Its folder.
    manifest
        Its manifest.
    poisoned
        Tasks that were set apart, with their reasons.
    """

    layout: Layout
    manifest: Mapping[str, Any]
    poisoned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Digest of the results."""
        return str(self.manifest["digest"])


def begin(layout: Layout, batch: Batch, options: BatchOptions) -> None:
    """Write down what is to be done: from here on the run can be resumed."""
    document = {**batch.plan_document(), "begun": _now(), "options": options.to_dict()}
    write_document(layout.plan, document)


def finished_before(layout: Layout) -> RunOutcome | None:
    """Return a run that is finished and complete, None where something is left to do or to be tried again.

    Of a complete one the parts are removed, where it was killed before it did so.
    """
    manifest = read_document(layout.manifest) if layout.state() == "finished" else None
    if manifest is None or not manifest["complete"]:
        return None
    remove_parts(layout)
    return RunOutcome(layout, manifest)


def run_to_the_end(layout: Layout, batch: Batch, options: BatchOptions, desk: Desk) -> RunOutcome:
    """Do what is left of a run that has begun, and commit it.

    The manifest of a run that has set tasks apart is taken back first: they are tried again.

    Raises
    ------
    ResourceError
        When memory, disk or a limit give out, with how to go on.
    """
    desk.journal.write("running", executor=options.executor, workers=options.workers, memory=options.memory)
    try:
        _take_back(layout)
        progressed = carry_out(layout, batch, options, desk)
        outcome = _finish(layout, batch, desk, progressed)
    except ResourceError as error:
        desk.journal.write("out_of_resources", reason=str(error))
        raise ResourceError(f"{error}\n{advice(layout)}") from error
    except (KeyboardInterrupt, SystemExit):
        desk.journal.write("interrupted")
        raise
    desk.journal.write("finished", digest=outcome.digest, poisoned=sorted(outcome.poisoned))
    return outcome


def _take_back(layout: Layout) -> None:
    """Remove the manifest of a run that set tasks apart: from here on it is unfinished."""
    if layout.manifest.exists():
        with resources_reported(layout.manifest):
            layout.manifest.unlink()
            sync_folder(layout.root)


def advice(layout: Layout) -> str:
    """Return how to go on with a run that was cut short."""
    return f"What is done is kept; then go on with: stresstest resume {layout.root}"


def _finish(layout: Layout, batch: Batch, desk: Desk, progressed: Progressed) -> RunOutcome:
    desk.listener(Progress("finishing"))
    contents = batch.conclude(layout, progressed)
    plan = read_document(layout.plan)
    parts = listed_parts(progressed.records.values())
    manifest = commit(
        layout,
        {
            **plan,
            **contents,
            "ended": _now(),
            "executor": progressed.executor,
            "threads": progressed.workers,
            "peak_bytes": desk.gauge.peak,
            "complete": not progressed.poisoned,
            "poisoned": {name: list(reasons) for name, reasons in sorted(progressed.poisoned.items())},
            "parts": parts,
            "digest": digest_of_folder(layout.results),
        },
        keep_parts=bool(progressed.poisoned),
    )
    return RunOutcome(layout, manifest, progressed.poisoned)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
