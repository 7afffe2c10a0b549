"""Batch jobs on the command line: what a job names, read and counted before anything is priced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stresstest.batch.inputs.loading import JobInputs, load_inputs
from stresstest.batch.jobs.job import Job, load_job

if TYPE_CHECKING:
    from rich.console import Console


def job_inputs(source: str | Path) -> JobInputs:
    """Return what a job names.

    Raises
    ------
    InputError
        With everything that is wrong in the job, its market and its scenarios.
    """
    return load_inputs(load_job(source))


def content_text(inputs: JobInputs) -> str:
    """Return in a few words what a job is over."""
    positions = sum(len(portfolio.positions) for portfolio in inputs.portfolios)
    facts = [f"{len(inputs.portfolios):,} portfolios with {positions:,} positions"]
    if inputs.named is not None:
        facts.append(f"{len(inputs.named):,} scenarios")
    facts += [_draws(inputs, number) for number in range(len(inputs.sampled))]
    return f"{', '.join(facts)}, on market {inputs.market.name}"


def _draws(inputs: JobInputs, number: int) -> str:
    drawn = inputs.sampled[number]
    return f"{drawn.sample.columns if drawn.sample else 0:,} draws of {drawn.name}"


def refusals(inputs: JobInputs) -> tuple[str, ...]:
    """Return what cannot be read, each with its problems: a batch goes on without it."""
    return tuple(
        f"left out: {item.portfolio}{'/' + item.position if item.position else ''}: {problem.format()}"
        for item in inputs.refused
        for problem in item.problems
    )


def job_document(inputs: JobInputs) -> dict[str, Any]:
    """Return a job as `explain --json` prints it."""
    job = inputs.job
    return {
        "schema": "stresstest/explanation/1",
        "job": job.name,
        "title": job.title,
        "market": inputs.market.name,
        "portfolios": [_portfolio(inputs, row) for row in range(len(inputs.portfolios))],
        "scenarios": [] if inputs.named is None else list(inputs.named.names),
        "samples": [
            {"set": drawn.name, "columns": drawn.sample.columns, "seed": drawn.sample.seed}
            for drawn in inputs.sampled
            if drawn.sample is not None
        ],
        "measures": list(job.measures),
        "contributions": list(job.contributions),
        "limits": [
            {"name": limit.name, "scenario": limit.scenario, "max_loss": limit.max_loss, "of": limit.of}
            for limit in job.limits
        ],
        "left_out": list(refusals(inputs)),
    }


def _portfolio(inputs: JobInputs, row: int) -> dict[str, Any]:
    portfolio = inputs.portfolios[row]
    return {"name": portfolio.name, "positions": len(portfolio.positions), "file": portfolio.file}


def print_job(console: Console, inputs: JobInputs) -> None:
    """Print what a job names, part by part."""
    from stresstest.cli.terminal import HEAD, safe
    from stresstest.cli.wrapping import paragraph

    job = inputs.job
    console.print(safe(job.name, HEAD), safe(job.title))
    paragraph(console, f"batch job over {content_text(inputs)}")
    for title, lines in _sections(job, inputs):
        if lines:
            console.print()
            console.print(safe(title, HEAD))
        for line in lines:
            paragraph(console, line, indent=2)


def _sections(job: Job, inputs: JobInputs) -> Iterator[tuple[str, list[str]]]:
    rows = [_portfolio(inputs, row) for row in range(len(inputs.portfolios))]
    shown = [f"{row['name']}: {row['positions']:,} positions, {row['file']}" for row in rows[:_MOST]]
    more = [f"and {len(rows) - _MOST:,} more"] if len(rows) > _MOST else []
    yield "Portfolios", shown + more
    yield "Scenarios", [", ".join(inputs.named.names)] if inputs.named is not None else []
    yield "Drawn", [_draws(inputs, number) for number in range(len(inputs.sampled))]
    yield "Measured", [f"{', '.join(job.measures)} at {job.confidence_level:.4g}"] if job.measures else []
    yield "Split by", [", ".join(job.contributions)] if job.contributions else []
    limits = [
        f"{limit.name or limit.scenario}: at most {limit.max_loss:.2%} of {limit.of}" for limit in job.limits
    ]
    yield "Limits beside those of the portfolios", limits
    yield "Left out", list(refusals(inputs))


_MOST = 20
