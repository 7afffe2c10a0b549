"""Progress of a batch on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from stresstest.batch.running.progress import Listener, Progress, silent
from stresstest.cli.batch.plan_text import duration
from stresstest.cli.terminal import safe

_NAMED = 2


@contextmanager
def progress_shown() -> Iterator[Listener]:
    """Give a listener that shows a bar with what is running and the time left, gone at the end."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield silent
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(20),
        TextColumn("{task.fields[count]}", markup=False),
        TextColumn("{task.fields[left]}", markup=False),
        TextColumn("{task.fields[running]}", markup=False),
    )
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    with Bar(*columns, console=console, transient=True) as bar:
        number = bar.add_task("loading", total=None, count="", left="", running="")

        def show(progress: Progress) -> None:
            bar.update(
                number,
                description=progress.stage,
                completed=progress.done,
                total=progress.total or None,
                count=f"{progress.done:,}/{progress.total:,}" if progress.total else "",
                left=_left(progress),
                running=safe(running_text(progress.running)).plain,
            )

        yield show


def _left(progress: Progress) -> str:
    return "" if progress.seconds_left is None else f"{duration(progress.seconds_left)} left"


def running_text(running: tuple[str, ...]) -> str:
    """Return what is running: two tasks by name, the others by number.

    Examples
    --------
    >>> running_text(("a", "b", "c"))
    'a, b and 1 more'
    """
    text = ", ".join(running[:_NAMED])
    return f"{text} and {len(running) - _NAMED} more" if len(running) > _NAMED else text
