"""Options of the verbs that run tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from stresstest.cli.options import memory_value

_Function = TypeVar("_Function", bound=Callable[..., Any])


def running_options(command: _Function) -> _Function:
    """Add how tasks are run; none of it changes a number."""
    options = (
        click.option("--workers", type=click.IntRange(1, 10_000), help="Tasks at once; default: one a core."),
        click.option(
            "--executor",
            type=click.Choice(["auto", "serial", "threads", "processes"]),
            help="Where tasks run; default: in processes, where these are worth their start.",
        ),
        click.option(
            "--memory",
            callback=memory_value,
            metavar="SIZE",
            help="Memory of all processes together, such as 4GB; beyond it the run stops, resumable.",
        ),
        click.option(
            "--dask", metavar="ADDRESS|local", help="Run tasks on this Dask cluster, or on one started here."
        ),
        click.option(
            "--fail-fast", is_flag=True, help="End at the first failure instead of going on without it."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command
