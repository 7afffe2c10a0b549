"""The status of a batch in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from stresstest.batch.running.status import Status, status_of
from stresstest.cli.batch.plan_text import duration
from stresstest.cli.terminal import open_console, safe

SCHEMA = "stresstest/batch_status/1"
_SHOWN = 10


def show_status(folder: str, *, as_json: bool) -> None:
    """Print how the run in a folder stands."""
    status = status_of(folder)
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, "folder": folder, **status.to_dict()}, allow_nan=False))
        return
    console = open_console()
    for line in _lines(folder, status):
        console.print(safe(line), soft_wrap=True)


def _lines(folder: str, status: Status) -> Iterator[str]:
    yield f"{status.name} in {folder}: {_state(status)}"
    yield f"{status.done:,} of {status.total:,} tasks done"
    if status.seconds_left is not None:
        yield f"About {duration(status.seconds_left)} left"
    if status.running:
        yield f"Running: {', '.join(status.running)}"
    yield from status.findings
    if status.digest:
        yield f"Digest {status.digest}"
    for name, reasons in (status.poisoned or {}).items():
        yield f"Set apart: {name}: {'; '.join(dict.fromkeys(reasons))}"
    yield from (f"{event['at']} {_event(event)}" for event in status.log[-_SHOWN:])
    if status.state in ("unfinished", "incomplete"):
        yield f"Go on with: stresstest resume {folder}"


def _state(status: Status) -> str:
    if status.state == "running":
        return f"running, {status.holder}"
    if status.state == "unfinished":
        return f"cut short, last heard of {status.last[1]}"
    return "finished" if status.state == "finished" else "finished, without tasks that were set apart"


def _event(event: Mapping[str, Any]) -> str:
    known = ("task", "path", "reason")
    told = ": ".join(str(event[name]) for name in known if event.get(name))
    return f"{str(event['event']).replace('_', ' ')}: {told}" if told else str(event["event"])
