"""Memory that a run holds on this machine, read while it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from stresstest.errors import ResourceError

_DEFAULT_BYTES = 4_000_000_000
_SHARE_OF_ALL = 0.8


def memory_to_plan_for() -> int:
    """Return the bytes that tasks are cut for where no cap is given: most of this machine's."""
    try:
        return int(_SHARE_OF_ALL * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return _DEFAULT_BYTES


def private_bytes(process: int) -> int:
    """Return the memory that a process has to itself; 0 where the system does not tell, or it has ended.

    Libraries that processes share are left out: they are there once, whatever the number of workers.
    """
    if sys.platform != "linux":
        return 0
    try:
        with open(f"/proc/{process}/statm", "rb") as stream:  # noqa: PTH123 - read several times a second
            _, resident, shared, *_ = stream.read().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")


class MemoryGauge:
    """Adds up the memory of our process and its workers, keeps the peak, and minds a cap.

    Parameters
    ----------
    cap
        Bytes that may be held; None for any number.
    """

    def __init__(self, cap: int | None = None) -> None:
        self.cap = cap
        self.peak = 0

    def read(self, workers: Iterable[int]) -> int:
        """Return the bytes held now.

        Raises
        ------
        ResourceError
            When they are more than the cap.
        """
        held = sum(map(private_bytes, (os.getpid(), *workers)))
        self.peak = max(self.peak, held)
        if self.cap is not None and held > self.cap:
            raise ResourceError(
                f"the run holds {held:,} bytes, {self.cap:,} allowed; raise --memory, or use fewer --workers"
            )
        return held
