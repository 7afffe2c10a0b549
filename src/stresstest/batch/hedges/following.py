"""The hedges of a run once its groups are together: which portfolios, and what a worker needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from stresstest.batch.hedges.work import HedgeWork
from stresstest.batch.inputs.loading import JobInputs
from stresstest.batch.planning.hedge_tasks import breaching_hedges
from stresstest.batch.planning.plan import Plan, Task
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.reading.run_folder import RunFolder
from stresstest.batch.running.carrying_out import Following
from stresstest.errors import Location
from stresstest.measures.limits import HARD
from stresstest.portfolio.model import Portfolio


def hedges_of(inputs: JobInputs, prepared: Prepared, plan: Plan, root: Path) -> Following | None:
    """Return the hedges of a run whose groups are together, None where its job asks for none."""
    request, order = inputs.job.hedge, inputs.hedge
    if request is None or order is None:
        return None
    tasks = plan.hedges if request.portfolios else _breaching(prepared, root)
    chosen = {task.portfolio for task in tasks}
    work = HedgeWork(
        root=root,
        order=order,
        portfolios={one.name: sendable(one) for one in inputs.portfolios if one.name in chosen},
        unread=_unread(inputs, chosen),
        tasks=tasks,
        groups=_groups(prepared, chosen),
        n_groups=len(prepared.groups),
    )
    return Following("hedging", tasks, plan.gathering, work)


def _breaching(prepared: Prepared, root: Path) -> tuple[Task, ...]:
    rows = RunFolder(root).table("breaches", ["portfolio", "level"]).to_pylist()
    return breaching_hedges(
        (row["portfolio"] for row in rows if row["level"] == HARD), prepared.holders.names
    )


def _groups(prepared: Prepared, chosen: set[str]) -> dict[str, int]:
    names = prepared.holders.names
    return {
        name: group.number
        for group in prepared.groups
        for name in names[group.first : group.last]
        if name in chosen
    }


def _unread(inputs: JobInputs, chosen: set[str]) -> Mapping[str, str]:
    """Return why portfolios that are to be hedged could not be read, by name."""
    read = {portfolio.name for portfolio in inputs.portfolios}
    return {
        name: "\n".join(problem.format() for problem in refusal.problems)
        for refusal in inputs.refused
        for name in refusal.names
        if not refusal.position and name in chosen - read
    }


@dataclass(frozen=True, slots=True)
class _Places:
    """Places of positions as values, which cross a process border; of a field that of its position."""

    places: tuple[Location, ...]

    def __call__(self, position: int, field: str) -> Location:
        del field
        return self.places[position]


def sendable(portfolio: Portfolio) -> Portfolio:
    """Return a portfolio that no longer holds on to its document."""
    positions = portfolio.positions
    places = tuple(positions.locate(row, "id") for row in range(len(positions)))
    return replace(portfolio, positions=replace(positions, locate=_Places(places)))
