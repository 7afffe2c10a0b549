"""A batch from its options to its words: begun, gone on with, or planned only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from stresstest.batch.jobs.job import load_job
from stresstest.batch.reading.run_folder import RunFolder
from stresstest.batch.running.finishing import RunOutcome
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import plan_batch, resume, run_batch
from stresstest.batch.store.folder import Layout, read_document
from stresstest.cli.batch.plan_text import plan_document, print_plan
from stresstest.cli.batch.progress_bar import progress_shown
from stresstest.cli.exit_codes import ExitCode, gravest
from stresstest.cli.terminal import ALARM, open_console, safe
from stresstest.kernels._jit import enable_caching
from stresstest.measures.limits import HARD

SCHEMA = "stresstest/batch_run/1"


@dataclass(frozen=True, slots=True)
class ResumeCall:
    """Options of `stresstest resume`, named as there."""

    folder: str
    workers: int | None
    executor: str | None
    memory: int | None
    dask: str | None
    fail_fast: bool
    fail_on: str | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class BatchCall:
    """Options of `stresstest batch`, named as there."""

    job: str
    output: str | None
    workers: int | None
    executor: str | None
    memory: int | None
    dask: str | None
    fail_fast: bool
    dry_run: bool
    previous: tuple[str, ...]
    fail_on: str | None
    as_json: bool


def run_job(call: BatchCall) -> int:
    """Run a job and show what came of it; return the exit status."""
    options = replace(_options(call, {}), previous=[str(Path(folder).absolute()) for folder in call.previous])
    if call.output is None and not call.dry_run:
        raise click.UsageError("--output DIR is missing: a new folder for the run (or --dry-run)")
    enable_caching()
    job = load_job(call.job)
    with progress_shown() as listener:
        if call.dry_run or call.output is None:
            planned = plan_batch(job, options, listener)
        else:
            with _told_how_to_go_on(call.output):
                return _show(run_batch(job, call.output, options, listener), call)
    if call.as_json:
        click.echo(json.dumps(plan_document(planned), allow_nan=False))
    else:
        print_plan(open_console(), planned)
    return ExitCode.DONE


def resume_run(call: ResumeCall) -> int:
    """Go on with a run and show what came of it; return the exit status."""
    enable_caching()
    layout = Layout(Path(call.folder))
    before = read_document(layout.plan)["options"] if layout.plan.is_file() else {}
    with progress_shown() as listener, _told_how_to_go_on(call.folder):
        outcome = resume(call.folder, _options(call, before), listener)
    return _show(outcome, call)


def _options(call: BatchCall | ResumeCall, before: dict[str, Any]) -> BatchOptions:
    """Return how to run: as the call says, else as the run began."""
    if call.dask and call.executor:
        raise click.UsageError("--dask and --executor exclude one another")
    given = {
        "workers": call.workers,
        "memory": call.memory,
        "executor": "dask" if call.dask else call.executor,
        "dask": call.dask,
    }
    if call.executor:
        before = {**before, "dask": ""}
    stated = {name: value for name, value in given.items() if value}
    return BatchOptions(**{**before, **stated, "fail_fast": call.fail_fast})


@contextmanager
def _told_how_to_go_on(folder: str) -> Iterator[None]:
    """Say how to go on where a run is interrupted."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        if Layout(Path(folder)).state() == "unfinished":
            click.echo(f"What is done is kept; go on with: stresstest resume {folder}", err=True)
        raise


def _show(outcome: RunOutcome, call: BatchCall | ResumeCall) -> int:
    """Show the summary and where the run lies, or one JSON document; return the exit status."""
    codes = list(_codes(outcome, call))
    if call.as_json:
        click.echo(json.dumps(run_document(outcome, codes), allow_nan=False))
        return gravest(codes)
    console = open_console()
    for line in outcome.layout.summary.read_text(encoding="utf-8").splitlines():
        console.print(safe(line), soft_wrap=True)
    console.print()
    for line in _past(outcome):
        console.print(safe(line, ALARM), soft_wrap=True)
    console.print(safe(_taken(outcome)))
    console.print(safe(f"Run {outcome.layout.root}, digest {outcome.digest[:16]}…"), soft_wrap=True)
    if outcome.manifest["poisoned"]:
        again = f"Tasks that were set apart are tried again by: stresstest resume {outcome.layout.root}"
        console.print(safe(again), soft_wrap=True)
    return gravest(codes)


def _past(outcome: RunOutcome) -> Iterator[str]:
    """Yield the scenarios and sets that held on the market's date and no more when the run ended."""
    manifest = outcome.manifest
    as_of, ended = manifest["configuration"]["market_as_of"], manifest["ended"][:10]
    governed = manifest["governance"]
    for name, found in {**governed["scenarios"], **governed["sets"]}.items():
        until = found["valid_until"]
        if until is not None and as_of <= until < ended:
            yield f"{name}: was valid until {until}, and it is {ended}"


def _taken(outcome: RunOutcome) -> str:
    """Return how long the tasks took, from the first to the last whatever came between; the market's age."""
    manifest = outcome.manifest
    begun, ended = (datetime.fromisoformat(manifest[name]) for name in ("begun", "ended"))
    as_of = date.fromisoformat(manifest["configuration"]["market_as_of"])
    age = (ended.date() - as_of).days
    return f"Valued in {(ended - begun).total_seconds():,.0f} s; the market is {age:,} days old"


def _codes(outcome: RunOutcome, call: BatchCall | ResumeCall) -> Iterator[ExitCode]:
    manifest = outcome.manifest
    if manifest["n_failures"] or manifest["n_hedges_without_plan"] or manifest["poisoned"]:
        yield ExitCode.NOT_VALUED
    hard, total = _n_hard_breaches(outcome), manifest["n_breaches"]
    if {"limit": hard, "warning": total}.get(call.fail_on or "", 0):
        yield ExitCode.GATE_FIRED


def _n_hard_breaches(outcome: RunOutcome) -> int:
    levels = RunFolder(outcome.layout.root).table("breaches", ["level"])["level"]
    return int(levels.to_pylist().count(HARD))


def run_document(outcome: RunOutcome, codes: list[ExitCode]) -> dict[str, Any]:
    """Return the document of `batch --json` and `resume --json`: the manifest without its lists."""
    manifest = outcome.manifest
    names = ("name", "begun", "ended", "complete", "poisoned", "peak_bytes", "digest", "notes")
    counts = {name: value for name, value in manifest.items() if name.startswith("n_")}
    return {
        "schema": SCHEMA,
        "folder": str(outcome.layout.root),
        **{name: manifest[name] for name in names},
        **counts,
        "n_hard_breaches": _n_hard_breaches(outcome),
        "exit_codes": sorted(int(code) for code in codes),
    }
