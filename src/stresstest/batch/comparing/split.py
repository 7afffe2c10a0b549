"""The change of each P&L between two runs, split over what changed, so that the parts add up to it.

From run A to run B by sequential substitution: A as recorded; A's inputs valued by today's program; then B's
positions; then B's market; then B's scenario definitions; B as recorded. The difference of two neighbours is
the part of what was replaced between them; the first and the last, where only the program differs, are
together the part of the model. What comes earlier is taken at A's values of what comes later: another order
would share out joint effects in another way, and the sum would be the same.

The parts of a cell, added in the order of `STEPS`, are its change to the last bit: the last part that is not
0 is the remainder of the others, which moves it by rounding only. Where parts cancel and are larger than the
change, there may be no double that does this; then the sum is the nearest that there is, and `largest_gap`
says how near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen

STEPS = ("positions", "market", "scenarios", "model")
"""What a change comes from, in the order in which the parts are added."""


@dataclass(frozen=True)
class Chain:
    """P&L at each state between two runs, `(n_portfolios, n_scenarios)` each; NaN where there is none.

    Attributes
    ----------
    recorded_before
        Run A as recorded.
    before
        A's inputs by today's program.
    positions, market
        The same with B's positions; with B's market too.
    after
        B's inputs by today's program.
    recorded_after
        Run B as recorded.
    """

    recorded_before: FloatArray
    before: FloatArray
    positions: FloatArray
    market: FloatArray
    after: FloatArray
    recorded_after: FloatArray


@dataclass(frozen=True)
class Split:
    """Changes of P&L and their parts.

    Attributes
    ----------
    portfolios, scenarios
        Names of the cells that both runs have.
    before, after
        `(n_portfolios, n_scenarios)` P&L as recorded.
    parts
        `(n_steps, n_portfolios, n_scenarios)` in the order of `STEPS`; NaN where a run has no value.
    """

    portfolios: tuple[str, ...]
    scenarios: tuple[str, ...]
    before: FloatArray
    after: FloatArray
    parts: FloatArray

    @cached_property
    def change(self) -> FloatArray:
        """`(n_portfolios, n_scenarios)` after − before."""
        return frozen(self.after - self.before)

    @property
    def largest_gap(self) -> float:
        """Largest |change − sum of its parts|."""
        gaps = np.abs(self.change - _sum(self.parts))
        return float(np.nanmax(gaps)) if np.isfinite(gaps).any() else 0.0

    @property
    def unvalued(self) -> int:
        """Number of cells that lack a value in one of the runs."""
        return int(np.isnan(self.change).sum())


def split(portfolios: Sequence[str], scenarios: Sequence[str], chain: Chain) -> Split:
    """Return the change from the first to the last state of `chain`, split.

    A state without a value takes that of the state after it: the step that made it impossible to value is
    left out, and the next one holds both.
    """
    market = _filled(chain.market, chain.after)
    positions = _filled(chain.positions, market)
    before = _filled(chain.before, positions)
    change = chain.recorded_after - chain.recorded_before
    model = (before - chain.recorded_before) + (chain.recorded_after - chain.after)
    direct = np.array([positions - before, market - positions, chain.after - market, model])
    parts = _exact(direct, change)
    parts[:, np.isnan(change)] = np.nan
    return Split(
        tuple(portfolios), tuple(scenarios), chain.recorded_before, chain.recorded_after, frozen(parts)
    )


def _filled(values: FloatArray, following: FloatArray) -> FloatArray:
    return np.where(np.isnan(values), following, values)


def _exact(direct: FloatArray, change: FloatArray) -> FloatArray:
    """Return the parts with the last that is not 0 as the remainder of the others."""
    last = _last_moved(direct)
    rest = np.where(_at(last, len(direct)), 0.0, direct)
    remainder = change - _sum(rest)
    best = _with(direct, last, remainder)
    for direction in (-np.inf, np.inf):
        # The sum of a remainder rounds once more: where that shows, the double next to it may not.
        other = _with(direct, last, np.nextafter(remainder, direction))
        closer = np.abs(change - _sum(other)) < np.abs(change - _sum(best))
        best = np.where(closer, other, best)
    return best


def _last_moved(direct: FloatArray) -> IntArray:
    """Return `(n_portfolios, n_scenarios)` the last step with a part; the last of all where none has one."""
    moved = (direct != 0.0)[::-1]
    found: IntArray = np.where(moved.any(axis=0), len(direct) - 1 - moved.argmax(axis=0), len(direct) - 1)
    return found


def _at(step: IntArray, n_steps: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (
        np.arange(n_steps)[:, np.newaxis, np.newaxis] == step
    )
    return found


def _with(direct: FloatArray, step: IntArray, values: FloatArray) -> FloatArray:
    return np.where(_at(step, len(direct)), values, direct)


def _sum(parts: FloatArray) -> FloatArray:
    """Add parts in their order, as a reader would."""
    total = np.zeros(parts.shape[1:])
    for part in parts:
        total = total + part
    return total
