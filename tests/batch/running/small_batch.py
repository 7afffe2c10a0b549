"""A small batch of real tasks in a real folder: P&L out of seeded generators, tasks that fail when told to.

Run as a program it begins a run or goes on with one: `python -m tests.batch.running.small_batch DIR …`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stresstest.batch.running.carrying_out import Progressed, poisoned_before
from stresstest.batch.running.finishing import RunOutcome, begin, finished_before, run_to_the_end
from stresstest.batch.running.memory import MemoryGauge
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.tasks import Desk
from stresstest.batch.store.folder import Layout, open_new, require_new
from stresstest.batch.store.journal import Journal
from stresstest.batch.store.lock import LockHeldError, locked
from stresstest.batch.store.parts import DamagedPartError, Output, part_path, read_part, read_record
from stresstest.batch.store.tables import decode_table, encode_table

GROUP_SIZE = 3


@dataclass(frozen=True)
class SmallTask:
    id: str
    number: int
    cost_seconds: float = 0.01


@dataclass(frozen=True)
class SmallWork:
    """`trouble` by task: how it goes wrong, always; `…_once` until its flag file lies there."""

    root: Path
    n_values: int
    n_portfolios: int
    trouble: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def __call__(self, task: SmallTask) -> Output:
        time.sleep(self.seconds)
        make_trouble(self.trouble.get(task.id, ""), self.root.parent / f"{self.root.name}.{task.id}")
        if task.id.startswith("value"):
            return Output({part_path(task.id): encode_table(self.valued(task.number), self.row_groups())})
        return self.assembled(task.number)

    def row_groups(self) -> list[int]:
        return [
            min(GROUP_SIZE, self.n_portfolios - first) for first in range(0, self.n_portfolios, GROUP_SIZE)
        ]

    def valued(self, number: int) -> pa.Table:
        rows = [np.random.default_rng([number, row]).normal(0.0, 1e6, 4) for row in range(self.n_portfolios)]
        columns = np.array(rows).T
        return pa.table({f"s{number:02d}_{place}": column for place, column in enumerate(columns)})

    def assembled(self, group: int) -> Output:
        layout = Layout(self.root)
        parts = [self.part(layout, f"value-{number:02d}", group) for number in range(self.n_values)]
        n_rows = self.row_groups()[group]
        names = [f"p{group * GROUP_SIZE + row:03d}" for row in range(n_rows)]
        base = np.arange(n_rows) + 1000.0 * group
        keys = {"portfolio": names, "currency": ["USD"] * n_rows, "base_value": base}
        columns = {name: part[name] for part in parts if part is not None for name in part.column_names}
        place = f"group={group:04d}/part.parquet"
        files = {
            f"results/pnl/{place}": encode_table(pa.table({**keys, **columns})),
            f"results/portfolios/{place}": encode_table(pa.table(keys)),
        }
        return Output(files, {"group": group})

    def part(self, layout: Layout, task: str, group: int) -> pa.Table | None:
        record = read_record(layout, task)
        if record is None:
            if task in poisoned_before(layout):
                return None
            raise DamagedPartError(task, part_path(task))
        return decode_table(read_part(layout.root, task, record.files[0]), group)


def make_trouble(kind: str, flag: Path) -> None:
    if kind.endswith("_once"):
        if flag.exists():
            return
        flag.touch()
    match kind.removesuffix("_once"):
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "leave":
            os._exit(7)
        case "raise":
            raise ArithmeticError("no such number")
        case "memory":
            raise MemoryError
        case "sleep":
            time.sleep(60.0)


@dataclass(frozen=True)
class SmallBatch:
    work: SmallWork

    @property
    def values(self) -> tuple[SmallTask, ...]:
        return tuple(SmallTask(f"value-{number:02d}", number) for number in range(self.work.n_values))

    @property
    def assemblies(self) -> tuple[SmallTask, ...]:
        count = len(self.work.row_groups())
        return tuple(SmallTask(f"assemble-{number:04d}", number) for number in range(count))

    def warm(self) -> None:
        pass

    def following(self) -> None:
        return None

    def plan_document(self) -> Mapping[str, Any]:
        return {"schema": "small", "tasks": [task.id for task in (*self.values, *self.assemblies)]}

    def conclude(self, layout: Layout, progressed: Progressed) -> Mapping[str, Any]:
        return {"n_tasks": len(progressed.records)}


def small_work(root: Path, **settings: Any) -> SmallWork:
    return SmallWork(root, **{"n_values": 6, "n_portfolios": 7, **settings})


def run(work: SmallWork, options: BatchOptions | None = None) -> RunOutcome:
    """Begin the run of a new folder, or go on with that of an old one."""
    options = options or BatchOptions(executor="serial")
    layout, batch = Layout(work.root), SmallBatch(work)
    if layout.state() == "new":
        open_new(work.root)
    with locked(layout.lock), Journal(layout.log) as journal:
        if layout.state() == "new":
            require_new(layout)
            begin(layout, batch, options)
        if (finished := finished_before(layout)) is not None:
            return finished
        desk = Desk(journal, gauge=MemoryGauge(options.memory), fail_fast=options.fail_fast)
        return run_to_the_end(layout, batch, options, desk)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--executor", default="processes")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--values", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=0.0)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    work = small_work(given.root, n_values=given.values, seconds=given.seconds)
    try:
        outcome = run(work, BatchOptions(given.workers, given.executor))
    except LockHeldError as error:
        print(error, file=sys.stderr)
        sys.exit(5)
    print(outcome.digest)
    sys.exit(3 if outcome.poisoned else 0)


if __name__ == "__main__":
    main()
