"""Tasks cut from a prepared batch by cost and memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stresstest.batch.planning.cost import Costs, costs_of
from stresstest.batch.planning.hedge_tasks import planned_hedges
from stresstest.batch.planning.plan import Plan, Task
from stresstest.batch.planning.prepared import Prepared, SampledSet
from stresstest.errors import ResourceError
from stresstest.revaluation.chunks import CHUNK_COLUMNS

STEP = 128
"""Draws of a task are a multiple of this, and at most a chunk."""

_GROUP_SECONDS = 0.05
_CELL_SECONDS = 2e-7
"""Of assembling a group, and of one of its results."""


def plan_of(prepared: Prepared, memory: int, workers: int) -> Plan:
    """Return the tasks of a batch, the same for the same inputs, memory and workers.

    Draws are cut into ranges of at most 512, narrower where memory is short; scenarios that end today are
    valued together, and paths with those that have all their dates in common, as the book is resolved at
    every date. Results do not depend on any of it.

    Parameters
    ----------
    memory
        Bytes that all processes may hold together.
    workers
        Tasks at once.

    Raises
    ------
    ResourceError
        When memory does not reach for one worker and the narrowest task.
    """
    costs = costs_of(prepared)
    width = _width(costs, memory, workers)
    named = list(_named_tasks(prepared, costs))
    draws = [task for sample in prepared.sampled for task in _draw_tasks(sample, costs, width)]
    values = sorted([*named, *draws], key=lambda task: (-task.cost_seconds, task.id))
    assemblies = tuple(_assemblies(prepared))
    n_draws = sum(sample.n_draws for sample in prepared.sampled)
    n_named = 0 if prepared.named is None else prepared.named.n_columns - 1
    hedges = planned_hedges(prepared.job.hedge)
    tasks = (*values, *assemblies, *hedges)
    return Plan(
        tasks=tasks,
        groups=prepared.groups,
        seconds=sum(_seconds(stage, workers) for stage in (values, assemblies, hedges)),
        bytes=costs.held_bytes(workers) + sum(sorted((task.bytes for task in tasks), reverse=True)[:workers]),
        n_portfolios=len(prepared.holders),
        n_positions=len(prepared.holders.instrument),
        n_instruments=len(prepared.book.instruments),
        n_results=len(prepared.scenarios) + n_draws,
        n_columns=1 + n_named + n_draws,
        workers=workers,
        memory=memory,
    )


def _width(costs: Costs, memory: int, workers: int) -> int:
    """Return the draws of a task: the most of 128, 256, 384 and 512 that memory reaches for."""
    free = (memory - costs.held_bytes(workers)) // workers
    width = min(free // max(costs.column_bytes, 1) // STEP * STEP, CHUNK_COLUMNS)
    if width < STEP:
        needed = costs.held_bytes(workers) + STEP * costs.column_bytes * workers
        raise ResourceError(
            f"{workers} workers need about {needed / 1e9:.2g} GB, {memory / 1e9:.2g} GB allowed; "
            "raise --memory, or use fewer --workers"
        )
    return int(width)


def _draw_tasks(sample: SampledSet, costs: Costs, width: int) -> Iterator[Task]:
    for place, low in enumerate(range(0, sample.n_draws, width)):
        count = min(width, sample.n_draws - low)
        yield Task(
            id=f"value-{sample.name}-{place:04d}",
            kind="value",
            set=sample.name,
            low=low,
            high=low + count,
            cost_seconds=costs.task_seconds + count * costs.column_seconds,
            bytes=count * costs.column_bytes,
        )


def _named_tasks(prepared: Prepared, costs: Costs) -> Iterator[Task]:
    """Yield the scenarios of today in one task, each family of paths in one of its own."""
    if prepared.named is None:
        return
    for place, scenarios in enumerate(_families(prepared)):
        yield _named_task(prepared, costs, place, scenarios)


def _named_task(prepared: Prepared, costs: Costs, place: int, scenarios: Sequence[str]) -> Task:
    if prepared.named is None:
        raise ValueError("no named scenarios")
    table = prepared.named.table
    columns = [column for name in scenarios for column in table.columns_of(name).tolist()]
    n_dates = len({int(table.slice[column]) for column in columns} - {0})
    seconds = (len(columns) + 1) * (costs.column_seconds + costs.share_seconds)
    return Task(
        id=f"value-named-{place:04d}",
        kind="value",
        scenarios=tuple(scenarios),
        cost_seconds=costs.task_seconds + seconds + n_dates * costs.date_seconds,
        bytes=(len(columns) + 1) * costs.path_bytes,
    )


def _families(prepared: Prepared) -> list[tuple[str, ...]]:
    """Return scenarios that are valued together: those of today, then paths by the dates that they have."""
    if prepared.named is None:
        return []
    table = prepared.named.table
    found: dict[tuple[int, ...], list[str]] = {}
    for name in prepared.valued:
        dates = tuple(sorted({int(number) for number in table.slice[table.columns_of(name)]} - {0}))
        found.setdefault(dates, []).append(name)
    return [tuple(names) for _, names in sorted(found.items())]


def _assemblies(prepared: Prepared) -> Iterator[Task]:
    n_results = len(prepared.scenarios) + sum(sample.n_draws for sample in prepared.sampled)
    for group in prepared.groups:
        n_rows = group.last - group.first + group.last_share - group.first_share
        yield Task(
            id=f"assemble-{group.number:04d}",
            kind="assemble",
            group=group.number,
            cost_seconds=_GROUP_SECONDS + n_rows * n_results * _CELL_SECONDS,
            bytes=n_rows * n_results * 8 * 4,
        )


def _seconds(tasks: Sequence[Task], workers: int) -> float:
    """Return the time of tasks that `workers` take up one after the other."""
    busy = [0.0] * workers
    for task in tasks:
        busy[busy.index(min(busy))] += task.cost_seconds
    return max(busy)
