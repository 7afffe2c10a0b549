"""Kernels compiled once, before several processes would each compile the same."""

from __future__ import annotations

from stresstest.batch.planning.plan import Task
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.valuation.task import value_task


def warm_kernels(prepared: Prepared) -> None:
    """Value one draw of each sampled set; preparing has valued the book today, and so compiled the rest.

    The machine code is in the user's cache then, where workers find it.
    """
    for sample in prepared.sampled:
        value_task(prepared, Task(f"warm-{sample.name}", "value", set=sample.name, low=0, high=1))
