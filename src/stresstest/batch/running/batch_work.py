"""What the tasks of a batch do: value and keep a part, or put a group together from the parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stresstest.batch.planning.plan import Plan, Task
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.running.carrying_out import poisoned_before
from stresstest.batch.store.folder import Layout
from stresstest.batch.store.parts import (
    DamagedPartError,
    Output,
    PartFile,
    part_path,
    read_part,
    read_record,
)
from stresstest.batch.store.tables import encode_table
from stresstest.batch.valuation.assembly import assemble_group
from stresstest.batch.valuation.task import value_task
from stresstest.kernels._jit import enable_caching

SET_APART = "ST756"
"""Reason in the table of failures of results whose valuation was set apart."""

_KEYS = ("portfolio", "currency", "base_value", "attribute", "category")


@dataclass
class BatchWork:
    """Does the tasks of a batch.

    Parameters
    ----------
    prepared
        What the tasks read.
    values
        Valuations: an assembly reads the parts of all of them.
    root
        Folder of the run.
    """

    prepared: Prepared
    values: tuple[Task, ...]
    root: Path
    _seen: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    def __call__(self, task: Task) -> Output:
        """Return what a task writes."""
        if task.kind == "value":
            sizes = self.prepared.row_groups(shares=not task.set)
            return Output({part_path(task.id): encode_table(value_task(self.prepared, task), sizes)})
        return self._assembled(task)

    def _assembled(self, task: Task) -> Output:
        group = self.prepared.groups[task.group]
        layout = Layout(self.root)
        poisoned = poisoned_before(layout)
        there = [value for value in self.values if value.id not in poisoned]
        parts = [self._rows(layout, value, group.number) for value in there]
        tables = assemble_group(self.prepared, group, parts)
        if poisoned and not group.number:
            lost = [value for value in self.values if value.id in poisoned]
            tables["failures"] = pa.concat_tables(
                [tables["failures"], _set_apart(lost, poisoned, tables["failures"].schema)]
            )
        if self.prepared.job.output.layout == "long":
            tables = {name: long_table(name, table) for name, table in tables.items()}
        place = f"group={group.number:04d}/part.parquet"
        return Output({f"results/{name}/{place}": encode_table(table) for name, table in tables.items()})

    def _rows(self, layout: Layout, value: Task, group: int) -> pa.Table:
        """Return the rows of a group of a part, whose hash is looked at once while it stays as it is."""
        record = read_record(layout, value.id)
        if record is None:
            raise DamagedPartError(value.id, part_path(value.id))
        file = record.files[0]
        path = layout.root / file.path
        if self._seen.get(file.path) != _stamp(path, file):
            read_part(layout.root, value.id, file)
            self._seen[file.path] = _stamp(path, file)
        try:
            with pq.ParquetFile(path) as part:
                return part.read_row_group(group, use_threads=False)
        except (OSError, pa.ArrowException):
            raise DamagedPartError(value.id, file.path) from None

    def __getstate__(self) -> dict[str, Any]:
        """Let the work cross a process border; what was seen here is not seen there."""
        return {**self.__dict__, "_seen": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Read kernels, in the process that this has come to, from the cache that our own has filled."""
        self.__dict__.update(state)
        enable_caching()


def _stamp(path: Path, file: PartFile) -> tuple[int, ...]:
    """Return what changes with a file: another one under its name, its size, its time."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return (status.st_ino, status.st_size, status.st_mtime_ns, int(file.sha256[:15], 16))


def _set_apart(lost: Iterable[Task], poisoned: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
    """Return a row of the table of failures for every scenario, or range of draws, that was set apart."""
    rows = []
    for task in lost:
        message = f"task {task.id} was set apart: {'; '.join(dict.fromkeys(poisoned[task.id]))}"
        results = task.scenarios or (f"{task.set}/{task.low}..{task.high - 1}",)
        blank = {"portfolio": "", "position": "", "base_value": None}
        rows += [{**blank, "scenario": name, "reason": SET_APART, "message": message} for name in results]
    return pa.Table.from_pylist(rows, schema=schema)


def long_table(name: str, table: pa.Table) -> pa.Table:
    """Return a wide table of results with a row a result; other tables as they are.

    The rows of one portfolio stand together, results in the order of the columns.
    """
    if name not in ("pnl", "draws", "contributions"):
        return table
    keys = [key for key in table.column_names if key in _KEYS]
    results = [key for key in table.column_names if key not in _KEYS]
    count = len(results)
    repeated = [row for row in range(table.num_rows) for _ in range(count)]
    columns = {key: table[key].take(pa.array(repeated, pa.int64())) for key in keys}
    stacked = table.select(results).to_pydict()
    values = [stacked[result][row] for row in range(table.num_rows) for result in results]
    label = pa.array(results * table.num_rows, pa.string())
    return pa.table({**columns, "scenario": label, "pnl": pa.array(values, pa.float64())})


class BatchProgram:
    """The valuations and assemblies of a plan."""

    def __init__(self, plan: Plan, work: BatchWork) -> None:
        self.plan, self.work = plan, work

    @property
    def values(self) -> tuple[Task, ...]:
        """Tasks that value."""
        return self.plan.values

    @property
    def assemblies(self) -> tuple[Task, ...]:
        """Tasks that assemble."""
        return self.plan.assemblies
