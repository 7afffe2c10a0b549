"""Options of the verbs that run tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from stresstest.cli.options import memory_value

_Function = TypeVar("_Function", bound=Callable[..., Any])


_ADDRESS = r"(tcp|tls|ws|wss|ucx)://[^/\s]+:\d+"


def _address(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    """Return the address of a Dask scheduler, or `local`."""
    if text is None or text == "local" or re.fullmatch(_ADDRESS, text):
        return text
    raise click.BadParameter(f"{text!r} is no address; write tls://scheduler:8786, or local")


_dask_option = click.option(
    "--dask",
    callback=_address,
    metavar="ADDRESS|local",
    help="Run tasks on this Dask cluster, or on one started here.",
)


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
        _dask_option,
        click.option(
            "--fail-fast", is_flag=True, help="End at the first failure instead of going on without it."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def fail_on_option(command: _Function) -> _Function:
    """Add `--fail-on`."""
    return click.option(
        "--fail-on",
        type=click.Choice(["limit", "warning"]),
        help="End with status 1 where a limit is breached, or warns.",
    )(command)
