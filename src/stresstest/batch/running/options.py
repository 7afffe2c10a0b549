"""How a batch is run; none of it changes a P&L."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

ExecutorName: TypeAlias = Literal["auto", "serial", "threads", "processes", "dask"]


@dataclass(frozen=True)
class BatchOptions:
    """How a batch is run.

    Attributes
    ----------
    workers
        Tasks at once; None for one a core.
    executor
        Where tasks run; `auto`: in processes, where the work is worth their start.
    memory
        Bytes that the run may hold on this machine, all processes together; None for no cap: tasks are then
        cut for most of the machine's.
    dask
        Address of a cluster, such as `tls://scheduler:8786`, or `local` for one that is started here.
    fail_fast
        End at the first failure instead of going on without what failed.
    previous
        Folders of earlier runs, in place of those that the job names: ages of breaches are counted from them.
    """

    workers: int | None = None
    executor: ExecutorName = "auto"
    memory: int | None = None
    dask: str = ""
    fail_fast: bool = False
    previous: Sequence[str] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the options as plan and manifest list them."""
        return asdict(self)
