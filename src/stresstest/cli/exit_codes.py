"""What the exit status of `stresstest` says, and which one wins where several hold."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit statuses; a script may rely on them."""

    DONE = 0
    GATE_FIRED = 1
    BAD_INPUT = 2
    NOT_VALUED = 3
    HEDGE_INFEASIBLE = 4
    RESOURCE = 5
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done; positions valued through a proxy are listed",
    ExitCode.GATE_FIRED: "done, and a gate that was asked for fired (--fail-on limit)",
    ExitCode.BAD_INPUT: "bad usage or bad input: nothing computed, nothing written",
    ExitCode.NOT_VALUED: "done, but the model could not value some positions or a scenario; they are listed",
    ExitCode.HEDGE_INFEASIBLE: "the hedge is infeasible or unbounded, or a loss is out of reach",
    ExitCode.RESOURCE: "a resource gave out: memory, disk, a lock, time",
    ExitCode.BUG: "a bug of stresstest",
    ExitCode.INTERRUPTED: "interrupted from the keyboard",
    ExitCode.TERMINATED: "terminated",
}

_PRECEDENCE = (
    ExitCode.BUG,
    ExitCode.RESOURCE,
    ExitCode.BAD_INPUT,
    ExitCode.HEDGE_INFEASIBLE,
    ExitCode.NOT_VALUED,
    ExitCode.GATE_FIRED,
)


def gravest(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the exit status to end with where all of `codes` hold; `DONE` where there is none.

    Examples
    --------
    >>> gravest([ExitCode.GATE_FIRED, ExitCode.NOT_VALUED]).value
    3
    """
    holding = set(codes)
    return next((code for code in _PRECEDENCE if code in holding), ExitCode.DONE)
