"""Positions that protect a portfolio up to a point: gains that turn into losses while the portfolio loses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.measures.borders import EXACT, Border, close_in, find_borders
from stresstest.measures.break_points.record import BreakPoint, GridRun, exact
from stresstest.revaluation.result import PortfolioResult

LEAST_GAIN = 0.01
"""Part of the portfolio's largest loss that a position must have gained to count as protection."""

MOST_TURNS = 16
"""Positions that are closed in upon: those that had gained most."""


def protection_break_points(run: GridRun) -> tuple[BreakPoint, ...]:
    """Return where positions that gained while their portfolio lost begin to lose with it."""
    found: list[BreakPoint] = []
    for place, held in enumerate(run.result.portfolios):
        found += _of_portfolio(run, place, held)
    return tuple(found)


def _of_portfolio(run: GridRun, place: int, held: PortfolioResult) -> list[BreakPoint]:
    pnl = run.over_grid(held.position_pnl)
    total = run.over_grid(held.pnl[np.newaxis])[0]
    turns = [(_gain_before(run, (pnl, total), border), border) for border in find_borders(run.grid, -pnl)]
    turns = sorted((turn for turn in turns if turn[0] > 0.0), key=lambda turn: -turn[0])[:MOST_TURNS]
    chosen = [border for _, border in turns]

    def evaluate(values: Sequence[float], asked: Sequence[Border]) -> list[float]:
        moved, result = run.sweeper.results(values)
        own = result.portfolios[place].position_pnl
        return [
            -float(own[border.gauge, column]) if column >= 0 else float("nan")
            for border, column in zip(asked, moved.last.tolist(), strict=True)
        ]

    close_in(chosen, evaluate, EXACT * (run.sweeper.axis.high - run.sweeper.axis.low))
    return [_turn(held, gain, border) for gain, border in turns]


def _turn(held: PortfolioResult, gain: float, border: Border) -> BreakPoint:
    position = held.position_ids[border.gauge]
    what, effect = "no longer gains while the portfolio loses", gain / held.gross_value
    return BreakPoint(held.name, "hedge", what, position, exact(border), (position,), effect, bends=False)


def _gain_before(run: GridRun, pnl: tuple[FloatArray, FloatArray], border: Border) -> float:
    """Return the most that a position gains before a border while the portfolio loses.

    0 where that is too small to count, the position begins to gain there, or the portfolio does not lose on
    both sides.

    Parameters
    ----------
    pnl
        On the grid: of the positions, of the portfolio.
    """
    own, total = pnl[0][border.gauge], pnl[1]
    low, high = run.grid.index(border.low[0]), run.grid.index(border.high[0])
    if not (border.begins and total[low] < 0.0 and total[high] < 0.0):
        return 0.0
    before = np.where(total[: low + 1] < 0.0, np.nan_to_num(own[: low + 1]), 0.0)
    gain = float(before.max())
    return gain if gain >= LEAST_GAIN * -float(np.nanmin(total)) else 0.0
