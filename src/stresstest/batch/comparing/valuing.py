"""P&L of inputs in memory, by the tasks of a batch: the same bits as a run of them writes."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray, frozen
from stresstest.batch.inputs.loading import JobInputs
from stresstest.batch.jobs.job import Job
from stresstest.batch.planning.plan import Task
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.planning.preparing import prepare
from stresstest.batch.reading.cells import Cells
from stresstest.batch.valuation.task import value_task

_SCENARIOS_A_TASK = 8


def value_inputs(inputs: JobInputs) -> Cells:
    """Return the P&L of every portfolio in every named scenario of a job; nothing is measured or written.

    Raises
    ------
    InputError
        With what is wrong between positions, market and scenarios.
    """
    # Sets that are drawn from stay: what defaults in one of them decides how claims are valued.
    prepared = prepare(replace(inputs, job=values_only(inputs.job)))
    scenarios = prepared.scenarios
    tasks = [
        Task(f"value-{first:04d}", "value", scenarios=scenarios[first : first + _SCENARIOS_A_TASK])
        for first in range(0, len(scenarios), _SCENARIOS_A_TASK)
    ]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, max(len(tasks), 1))) as pool:
        parts = list(pool.map(lambda task: value_task(prepared, task), tasks))
    return _cells(prepared, parts)


def values_only(job: Job) -> Job:
    """Return a job with nothing beside the P&L of its portfolios in its named scenarios."""
    return replace(job, contributions=(), measures=(), samples=(), hedge=None, challenger="", judgement=False)


def _cells(prepared: Prepared, parts: list[pa.Table]) -> Cells:
    """Return the parts side by side: without contributions their rows are the portfolios, in order."""
    columns = {name: part[name] for part in parts for name in part.column_names}
    pnl: FloatArray = np.empty((len(prepared.holders), len(prepared.scenarios)))
    for place, name in enumerate(prepared.scenarios):
        pnl[:, place] = columns[name].cast(pa.float64()).fill_null(float("nan")).to_numpy()
    return Cells(
        prepared.holders.names,
        prepared.holders.currencies,
        prepared.row_base.portfolios,
        prepared.scenarios,
        frozen(pnl),
    )
