"""Timings of one run, and the ratios between those that do the same work."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

OURS = "stresstest"


@dataclass(frozen=True)
class Timing:
    """One way to do a piece of work.

    Attributes
    ----------
    work
        What is done, the same text for all who do it.
    who
        `stresstest`, or the peer with its variant.
    units
        Prices, flows, cells or processes of one call: times are compared per unit.
    target
        Ratio that the project wants to reach against this peer; 0 where none is set.
    """

    work: str
    who: str
    units: float = 1.0
    target: float = 0.0


TIMINGS: list[tuple[Timing, float]] = []
_MISSING: list[tuple[str, str, str]] = []


def measure(
    benchmark: Any, timing: Timing, function: Callable[[], object], rounds: int = 7, warmups: int = 1
) -> None:
    """Time `function` (after `warmups` calls) and keep its median seconds a unit."""
    benchmark.group = timing.work
    benchmark.name = timing.who
    benchmark.pedantic(function, rounds=rounds, iterations=1, warmup_rounds=warmups)
    if benchmark.stats is None:
        return
    median = float(benchmark.stats.stats.median)
    benchmark.extra_info["ns_a_unit"] = 1e9 * median / timing.units
    TIMINGS.append((timing, median / timing.units))


def least_processor_seconds(functions: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the least processor time of each of `functions`, over all threads of this process.

    They take turns, so that what else the machine does meets all of them; waiting for a core counts nothing.
    """
    least = [math.inf] * len(functions)
    for _ in range(rounds):
        for place, function in enumerate(functions):
            start = process_time()
            function()
            least[place] = min(least[place], process_time() - start)
    return least


def skip_peer(work: str, who: str, reason: str) -> None:
    """Note a peer that cannot run here: its row says so."""
    _MISSING.append((work, who, reason))


def not_measured() -> list[tuple[str, str, str]]:
    """Return the peers that could not run, with the reason."""
    return list(_MISSING)


def ratio_rows() -> list[str]:
    """Return the table: work, peer, ratio, target, and our time a unit."""
    rows = [f"{'work':<52} {'peer':<34} {'ratio':>9} {'target':>8} {'ours':>12}"]
    for work in dict.fromkeys(timing.work for timing, _ in TIMINGS):
        ours = next((t for timing, t in TIMINGS if timing.work == work and timing.who == OURS), None)
        for timing, seconds in TIMINGS:
            if timing.work != work or timing.who == OURS or ours is None:
                continue
            target = f"{timing.target:,.4g}" if timing.target else ""
            rows.append(f"{work:<52} {timing.who:<34} {seconds / ours:>9,.3g} {target:>8} {_shown(ours):>12}")
    rows += [f"{work:<52} {who:<34} not measured: {reason}" for work, who, reason in _MISSING]
    return rows


def _shown(seconds: float) -> str:
    for size, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
