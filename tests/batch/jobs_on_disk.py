"""Jobs written to a folder, and the results of all their tasks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray
from stresstest.batch.inputs.loading import load_inputs
from stresstest.batch.jobs.job import load_job
from stresstest.batch.planning.planning import plan_of
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.planning.preparing import prepare
from stresstest.batch.valuation.assembly import assemble_group
from stresstest.batch.valuation.task import value_task

MEMORY = 8 * 1024**3

SMALL_JOB = """\
version: 1
name: small
portfolios: [accounts/]
market: 2025-10-03
scenarios: [fall.yaml, rise.yaml]
"""

FALL = """\
version: 1
name: fall
horizon: 1m
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: -50%}
  - {select: {issuer: MSFT}, factor: spot, shift: -10%}
"""

RISE = """\
version: 1
name: rise
horizon: 1m
shocks:
  - {select: {issuer: MSFT}, factor: spot, shift: +10%}
"""


def account(name: str, *positions: str, currency: str = "USD", more: str = "") -> str:
    """Return an account of positions written as flow mappings."""
    lines = "".join(f"  - {{{position}}}\n" for position in positions)
    return f"version: 1\nname: {name}\ncurrency: {currency}\n{more}positions:\n{lines}"


NVDA = "id: nvda, type: equity, issuer: NVDA, quantity: 100"
MSFT = "id: msft, type: equity, issuer: MSFT, quantity: -30"
CASH = "id: cash, type: cash, currency: EUR, quantity: 1_000"
UNKNOWN = "id: nowhere, type: equity, issuer: NOSUCH, quantity: 5"


def write_job(folder: Path, accounts: Mapping[str, str], job: str = SMALL_JOB) -> Path:
    """Write a job with its scenarios and accounts by file name; return the job's file."""
    (folder / "accounts").mkdir(parents=True)
    for name, text in accounts.items():
        (folder / "accounts" / name).write_text(text, encoding="utf-8")
    (folder / "fall.yaml").write_text(FALL, encoding="utf-8")
    (folder / "rise.yaml").write_text(RISE, encoding="utf-8")
    (folder / "job.yaml").write_text(job, encoding="utf-8")
    return folder / "job.yaml"


def prepared_job(source: Path | str) -> Prepared:
    """Return a job ready to be valued."""
    return prepare(load_inputs(load_job(source)))


def tables(prepared: Prepared, *, memory: int = MEMORY, workers: int = 2) -> dict[str, pa.Table]:
    """Return the tables of a whole run, groups one after the other."""
    plan = plan_of(prepared, memory, workers)
    parts = [(value_task(prepared, task), prepared.row_groups(shares=not task.set)) for task in plan.values]
    found: dict[str, list[pa.Table]] = {}
    for group in prepared.groups:
        own = [part.slice(sum(sizes[: group.number]), sizes[group.number]) for part, sizes in parts]
        for name, table in assemble_group(prepared, group, own).items():
            found.setdefault(name, []).append(table)
    return {name: pa.concat_tables(every) for name, every in found.items()}


def run_job(source: Path | str) -> dict[str, pa.Table]:
    """Return the tables of a job."""
    return tables(prepared_job(source))


def numbers(table: pa.Table, names: tuple[str, ...] | list[str]) -> FloatArray:
    """Return `(n_rows, n_names)` columns of a table."""
    return np.column_stack([table[name].to_numpy() for name in names])
