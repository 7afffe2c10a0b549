"""The plan of a batch: tasks that each write one part, the same for the same inputs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from stresstest.batch.planning.prepared import Group

NAMED = ""
"""Set of the tasks that value named scenarios."""


@dataclass(frozen=True, slots=True)
class Task:
    """A unit of work, a pure function of the inputs and itself.

    Attributes
    ----------
    id
        Name of its part: `value-named-000`, `value-ai_burst_12m-003`, `assemble-0007`.
    kind
        `value`, `assemble`, `hedge`, or `gather`, which puts the hedges together.
    set
        Sampled set that is valued; empty for named scenarios.
    scenarios
        Named scenarios that are valued.
    low, high
        Draws `low` to `high` (exclusive) of the set.
    group
        Group that is assembled.
    portfolio
        Portfolio that is hedged.
    cost_seconds, bytes
        Predicted time on one thread and memory beside what all tasks share.
    """

    id: str
    kind: str
    set: str = NAMED
    scenarios: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    group: int = -1
    portfolio: str = ""
    cost_seconds: float = 0.0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks in the order in which they are started, and what they amount to.

    Attributes
    ----------
    tasks
        Valuations, then assemblies, then hedges of portfolios that are named; an assembly needs all
        valuations.
    groups
        Groups of portfolios.
    seconds
        Predicted time with the workers that it was made for.
    bytes
        Predicted peak of memory over all workers, what they share included.
    n_columns
        Columns of factor values, the base and the points of paths included.
    n_results
        Named scenarios and draws.
    """

    tasks: tuple[Task, ...]
    groups: tuple[Group, ...]
    seconds: float
    bytes: int
    n_portfolios: int
    n_positions: int
    n_instruments: int
    n_results: int
    n_columns: int
    workers: int
    memory: int

    @property
    def values(self) -> tuple[Task, ...]:
        """Tasks that value."""
        return tuple(task for task in self.tasks if task.kind == "value")

    @property
    def assemblies(self) -> tuple[Task, ...]:
        """Tasks that assemble."""
        return tuple(task for task in self.tasks if task.kind == "assemble")

    @property
    def hedges(self) -> tuple[Task, ...]:
        """Tasks that hedge a portfolio which the job names; those that breach are known after assembly."""
        return tuple(task for task in self.tasks if task.kind == "hedge")

    @property
    def gathering(self) -> tuple[Task, ...]:
        """The task that puts hedges together, where the job asks for any."""
        return tuple(task for task in self.tasks if task.kind == "gather")

    def to_json(self) -> str:
        """Return the plan as a JSON document."""
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Return the plan that `to_json` wrote."""
        data: dict[str, Any] = json.loads(text)
        tasks = tuple(Task(**{**task, "scenarios": tuple(task["scenarios"])}) for task in data.pop("tasks"))
        groups = tuple(Group(**group) for group in data.pop("groups"))
        return cls(tasks, groups, **data)
