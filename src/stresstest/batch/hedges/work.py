"""What the tasks of hedges do: make one plan, or put the rows of all plans together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa

from stresstest.batch.hedges.orders import HedgeOrder
from stresstest.batch.hedges.rows import (
    FAILED,
    HEDGES,
    SET_APART,
    TRADES,
    failed_row,
    hedge_row,
    table_of_rows,
    trade_rows,
)
from stresstest.batch.planning.plan import Task
from stresstest.batch.running.carrying_out import poisoned_before
from stresstest.batch.store.folder import Layout
from stresstest.batch.store.parts import DamagedPartError, Output, part_path, read_part, read_record
from stresstest.batch.store.tables import decode_table, encode_table
from stresstest.errors import InputError, ModelError
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.hedging.plans.planning import Planner, Request
from stresstest.kernels._jit import enable_caching
from stresstest.portfolio.model import Portfolio

_ONE_AT_A_TIME = Lock()
"""What models a program for the solvers keeps state of its process: plans on threads wait for one another."""

_TABLES = {"hedges": HEDGES, "hedge_trades": TRADES}


@dataclass(frozen=True)
class HedgeWork:
    """Does the tasks of hedges.

    Attributes
    ----------
    root
        Folder of the run.
    order
        What all plans rest on.
    portfolios
        Those that are hedged, by name.
    unread
        Why a portfolio that is to be hedged could not be read, by name.
    tasks
        One a portfolio.
    groups
        Group of each portfolio's results.
    n_groups
        Number of groups.
    """

    root: Path
    order: HedgeOrder
    portfolios: Mapping[str, Portfolio]
    unread: Mapping[str, str]
    tasks: tuple[Task, ...]
    groups: Mapping[str, int]
    n_groups: int

    def __call__(self, task: Task) -> Output:
        """Return what a task writes."""
        if task.kind == "gather":
            return self._gathered()
        rows = self._rows(task.portfolio)
        tables = zip(_paths(task), _TABLES.values(), rows, strict=True)
        return Output({path: encode_table(table_of_rows(schema, own)) for path, schema, own in tables})

    def _rows(self, name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the row of a hedge and those of its trades; what goes wrong with it is its row."""
        policy = self.order.policy.name
        if name in self.unread:
            return [failed_row(name, policy, FAILED, self.unread[name])], []
        try:
            found = plan_for(self.portfolios[name], self.order)
        except InputError as error:
            message = "\n".join(problem.format() for problem in error.problems)
        except ModelError as error:
            message = str(error)
        else:
            return [hedge_row(name, found)], trade_rows(name, found)
        return [failed_row(name, policy, FAILED, message)], []

    def _gathered(self) -> Output:
        """Return the tables of all hedges, group by group, portfolios in order of name."""
        poisoned = poisoned_before(Layout(self.root))
        order = sorted(self.tasks, key=lambda task: task.portfolio)
        parts = [(self.groups.get(task.portfolio, 0), self._part(task, poisoned)) for task in order]
        files = {}
        for place, (name, schema) in enumerate(_TABLES.items()):
            for group in range(self.n_groups):
                own = [tables[place] for number, tables in parts if number == group]
                table = pa.concat_tables([schema.empty_table(), *own])
                files[f"results/{name}/group={group:04d}/part.parquet"] = encode_table(table)
        return Output(files)

    def _part(self, task: Task, poisoned: Mapping[str, Sequence[str]]) -> tuple[pa.Table, pa.Table]:
        """Return the tables of one task, or that it was set apart."""
        if task.id in poisoned:
            message = f"task {task.id} was set apart: {'; '.join(dict.fromkeys(poisoned[task.id]))}"
            row = failed_row(task.portfolio, self.order.policy.name, SET_APART, message)
            return table_of_rows(HEDGES, [row]), TRADES.empty_table()
        record = read_record(Layout(self.root), task.id)
        if record is None:
            raise DamagedPartError(task.id, part_path(task.id))
        hedges, trades = (decode_table(read_part(self.root, task.id, file)) for file in record.files)
        return hedges, trades

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Read kernels, in the process that this has come to, from the cache that our own has filled."""
        self.__dict__.update(state)
        enable_caching()


def plan_for(portfolio: Portfolio, order: HedgeOrder) -> HedgePlan:
    """Return the plan of one portfolio, by the same steps as `stresstest hedge`.

    Raises
    ------
    InputError
        With what is wrong between portfolio, policy and market.
    ModelError
        Where no solver finds an answer, or where revaluing the plan's files contradicts the plan.
    """
    with _ONE_AT_A_TIME:
        return Planner(Request(portfolio, order.policy, order.market, order.scenarios, threads=1)).plan()


def _paths(task: Task) -> tuple[str, str]:
    """Return the parts of a task: its hedge, its trades."""
    return part_path(task.id), part_path(f"{task.id}-trades")
