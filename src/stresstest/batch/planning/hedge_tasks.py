"""Tasks that hedge a portfolio each, and the one that puts their tables together."""

from __future__ import annotations

from collections.abc import Iterable

from stresstest.batch.jobs.job import HedgeRequest
from stresstest.batch.planning.plan import Task

GATHER = "hedges"
"""Name of the task that puts hedges together."""

HEDGE_SECONDS = 10.0
"""Of one plan: the shipped policies took 2 to 11 s for a fund of 29 positions under the whole library."""

_BYTES = 150 * 1024**2
"""Of one plan: its program, the solvers, its book revalued in draws; 95 MB for the same fund by `buffett`."""

_GATHER_SECONDS = 0.1


def planned_hedges(request: HedgeRequest | None) -> tuple[Task, ...]:
    """Return the tasks of a job's hedges as far as they are known before it runs.

    Portfolios that are named have a task each; which ones breach is known once the groups are together.
    """
    if request is None:
        return ()
    hedges = [hedge_task(place, name) for place, name in enumerate(sorted(set(request.portfolios)))]
    return (*hedges, Task(id=GATHER, kind="gather", cost_seconds=_GATHER_SECONDS))


def hedge_task(place: int, portfolio: str) -> Task:
    """Return the task that hedges a portfolio; its place stays the same when a run is gone on with."""
    return Task(
        id=f"hedge-{place:05d}", kind="hedge", portfolio=portfolio, cost_seconds=HEDGE_SECONDS, bytes=_BYTES
    )


def breaching_hedges(breaching: Iterable[str], portfolios: Iterable[str]) -> tuple[Task, ...]:
    """Return the tasks of those among all `portfolios` of a run, in order of name, that breach."""
    chosen = set(breaching)
    return tuple(hedge_task(place, name) for place, name in enumerate(portfolios) if name in chosen)
