"""The plan of a batch as people and as JSON read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console

from stresstest.batch.running.runner import Planned
from stresstest.cli.terminal import ASIDE, plain_table, safe

SCHEMA = "stresstest/batch_dry_run/1"
_SHOWN = 12


def print_plan(console: Console, planned: Planned) -> None:
    """Print what a batch would do, with its predicted time and memory."""
    plan, job = planned.plan, planned.inputs.job
    size = sum(file.size for file in planned.files)
    lines = (
        f"{job.name}: {plan.n_portfolios:,} portfolios, {plan.n_positions:,} positions, "
        f"{plan.n_instruments:,} distinct instruments",
        f"{plan.n_results:,} results a portfolio in {plan.n_columns:,} columns",
        f"Market {planned.inputs.market.name} as of {planned.inputs.market.as_of}",
        f"{len(plan.values):,} valuations and {len(plan.assemblies):,} groups on {plan.workers:,} workers",
        *_hedge_lines(planned),
        f"Predicted: {duration(plan.seconds)} for the tasks after {duration(planned.seconds)} for "
        "reading and preparing, as it took now",
        f"Memory: {plan.bytes / 1e9:.2g} GB in all processes",
        f"Inputs: {len(planned.files):,} files, {size / 1e6:.3g} MB",
    )
    for line in lines:
        console.print(safe(line))
    console.print()
    _print_tasks(console, planned)


def _hedge_lines(planned: Planned) -> Iterator[str]:
    request = planned.inputs.job.hedge
    if request is not None:
        whom = f"{len(planned.plan.hedges):,} portfolios" if request.portfolios else "portfolios that breach"
        yield f"Then hedge plans of policy {request.policy} for {whom}"


def _print_tasks(console: Console, planned: Planned) -> None:
    table = plain_table([("task", "left"), ("results", "right"), ("seconds", "right"), ("MB", "right")])
    for task in planned.plan.tasks[:_SHOWN]:
        results = len(task.scenarios) or task.high - task.low or planned.plan.n_results
        shown = "" if task.kind in ("hedge", "gather") else f"{results:,}"
        table.add_row(safe(task.id), shown, f"{task.cost_seconds:.2f}", f"{task.bytes / 1e6:,.1f}")
    console.print(table)
    if len(planned.plan.tasks) > _SHOWN:
        console.print(safe(f"and {len(planned.plan.tasks) - _SHOWN:,} more tasks", ASIDE))
    for refused in planned.prepared.refused[:_SHOWN]:
        where = f"{refused.portfolio} {refused.position}".rstrip()
        console.print(safe(f"left out: {where}: {refused.message}"))
    if len(planned.prepared.refused) > _SHOWN:
        console.print(safe(f"and {len(planned.prepared.refused) - _SHOWN:,} more left out", ASIDE))


def plan_document(planned: Planned) -> dict[str, Any]:
    """Return the document of `batch --dry-run --json`."""
    plan = planned.plan
    names = ("seconds", "bytes", "workers", "memory")
    counts = ("n_portfolios", "n_positions", "n_instruments", "n_results", "n_columns")
    return {
        "schema": SCHEMA,
        "name": planned.inputs.job.name,
        **{name: getattr(plan, name) for name in (*counts, *names)},
        "seconds_preparing": planned.seconds,
        "tasks": [
            {"id": task.id, "kind": task.kind, "seconds": task.cost_seconds, "bytes": task.bytes}
            for task in plan.tasks
        ],
        "inputs": [file.to_dict() for file in planned.files],
        "left_out": [refused._asdict() for refused in planned.prepared.refused],
    }


def duration(seconds: float) -> str:
    """Return a time as people say it.

    Examples
    --------
    >>> duration(0.4), duration(75.0), duration(7500.0)
    ('less than a second', '1 min 15 s', '2 h 5 min')
    """
    whole = round(seconds)
    if whole < 1:
        return "less than a second"
    minutes, left = divmod(whole, 60)
    if minutes < 1:
        return f"{left} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {left} s"
