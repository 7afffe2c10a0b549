"""What is known of a break-point: where it lies, what flips there, in which positions, at which loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen
from stresstest.measures.borders import EXACT, Border, close_in
from stresstest.measures.sweep import Moved, Sweeper
from stresstest.revaluation.result import PortfolioResult, StressResult


@dataclass(frozen=True, slots=True)
class BreakPoint:
    """Something that holds on one side of a value of the axis only.

    Attributes
    ----------
    portfolio
        Whose positions flip, or whose limit does.
    kind
        What flips, in snake_case: `strike`, `barrier`, `default`, `firm`, `limit`, `margin_call`, …
    what
        What happens as the axis rises past `x`: `comes into the money`.
    subject
        To whom or what: `NVDA 150 put`, `OPENAI`, the name of a limit.
    x
        First value of the axis beyond, to a part in a hundred million of the range.
    positions
        That flip; empty where no position does.
    effect
        Largest |P&L| that these positions have on the axis, as a part of the portfolio's gross value; NaN
        where no position flips.
    bends
        Whether the P&L has a kink or a jump there.
    loss
        −P&L of the portfolio at `x`, in its currency.
    """

    portfolio: str
    kind: str
    what: str
    subject: str
    x: float
    positions: tuple[str, ...] = ()
    effect: float = float("nan")
    bends: bool = True
    loss: float = float("nan")


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Break-points of a kind that are counted only: of positions that hardly move, or too many of a kind."""

    portfolio: str
    kind: str
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """Break-points, in order of the axis, and the number of those that are not listed."""

    points: tuple[BreakPoint, ...] = ()
    unlisted: tuple[Unlisted, ...] = ()


@dataclass(frozen=True, eq=False)
class GridRun:
    """The book on the grid of a sweep: values of the axis, the market there, everything revalued."""

    sweeper: Sweeper
    grid: tuple[float, ...]
    moved: Moved
    result: StressResult

    def over_grid(self, by_column: FloatArray) -> FloatArray:
        """Return `(n_rows, n_values)` of `(n_rows, n_columns)`: NaN where the scenario is impossible."""
        found = np.full((len(by_column), len(self.grid)), np.nan)
        possible = self.moved.last >= 0
        found[:, possible] = by_column[:, self.moved.last[possible]]
        return frozen(found)


class Reading(Protocol):
    """Gauges that need the market only, not the values of the book."""

    def at(self, moved: Moved) -> FloatArray:
        """Return `(n_gauges, n_values)`, NaN where the scenario is impossible."""
        ...


@dataclass(frozen=True, slots=True)
class Flips:
    """Borders of one reading, which closing in gives to the last digit."""

    reading: Reading
    borders: list[Border]


def close_in_together(sweeper: Sweeper, flips: Sequence[Flips]) -> None:
    """Close in upon the borders of all readings at once: a round moves the market once."""
    owner = {id(border): number for number, some in enumerate(flips) for border in some.borders}

    def evaluate(values: Sequence[float], asked: Sequence[Border]) -> list[float]:
        moved = sweeper.moved(values, between=True)
        owners = [owner[id(border)] for border in asked]
        found = {number: flips[number].reading.at(moved) for number in set(owners)}
        return [
            float(found[number][border.gauge, column])
            for column, (number, border) in enumerate(zip(owners, asked, strict=True))
        ]

    borders = [border for some in flips for border in some.borders]
    close_in(borders, evaluate, EXACT * (sweeper.axis.high - sweeper.axis.low))


def effects(held: PortfolioResult, last: IntArray) -> FloatArray:
    """Return `(n_positions,)` the largest |P&L| in the columns `last`, as a part of gross value."""
    gross = held.gross_value
    if not len(last) or gross == 0.0:
        return np.zeros(len(held.position_ids))
    largest: FloatArray = np.nanmax(np.abs(np.nan_to_num(held.position_pnl[:, last])), axis=1)
    return largest / gross


def with_losses(sweeper: Sweeper, found: tuple[BreakPoint, ...]) -> tuple[BreakPoint, ...]:
    """Return the break-points in order, each with the loss there: all are revalued together."""
    names = [portfolio.name for portfolio in sweeper.book.portfolios]
    points = sweeper.points([item.x for item in found], between=True)
    valued = [
        replace(item, loss=-float(point.pnl[names.index(item.portfolio)]))
        for item, point in zip(found, points, strict=True)
    ]
    return tuple(sorted(valued, key=lambda item: (item.x, item.portfolio, item.kind, item.subject)))


def distinct(sweeper: Sweeper, found: Sequence[BreakPoint]) -> tuple[BreakPoint, ...]:
    """Return the break-points, once each: a covenant that breaks breaks for all payments after it too."""
    width = EXACT * (sweeper.axis.high - sweeper.axis.low)
    kept: dict[tuple[object, ...], BreakPoint] = {}
    for item in found:
        who = item.positions or item.subject
        kept.setdefault((item.portfolio, item.kind, item.what, who, round(item.x / (4.0 * width))), item)
    return tuple(kept.values())


def exact(border: Border) -> float:
    """Return the first value behind a border."""
    return border.high[0]
