"""Break-points inside contracts: strikes, barriers, covenants, calls, whatever their types say may flip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.measures.borders import Border, find_borders
from stresstest.measures.break_points.record import BreakPoint, Flips, GridRun, Unlisted, effects, exact
from stresstest.measures.sweep import Moved
from stresstest.revaluation.gauges import ContractGauges, Gauge, Moment
from stresstest.revaluation.result import PortfolioResult
from stresstest.scenarios.histories import previous_years

LEAST_EFFECT = 1e-4
"""Part of gross value that the positions of a kind must move together for what flips in them to be listed."""

LEAST_SHARE = 0.01
"""Part of the largest effect of its kind that a position must have to be listed."""

MOST_OF_A_KIND = 64
"""Flips of one kind that are closed in upon: half of them the earliest, half those with most effect."""


class _Reading:
    """Gauges of contracts at the last date of a scenario.

    Parameters
    ----------
    rows
        Rows of `Book.instruments` to look at; None: all.
    """

    def __init__(self, run: GridRun, rows: Sequence[int] | None = None) -> None:
        columns, possible = run.moved.columns, run.moved.last[run.moved.last >= 0]
        self._slice = int(columns.table.slice[possible[0]]) if len(possible) else 0
        before = previous_years(columns.table, columns.elapsed_years)
        moment = Moment(columns.elapsed_years[self._slice], before[self._slice])
        self._contracts = ContractGauges(run.sweeper.book, rows, moment)

    @property
    def gauges(self) -> Sequence[Gauge]:
        """What is measured, in order."""
        return self._contracts.gauges

    def at(self, moved: Moved) -> FloatArray:
        """Return `(n_gauges, n_values)`, NaN where the scenario is impossible."""
        found = np.full((len(self.gauges), len(moved.last)), np.nan)
        possible = np.flatnonzero(moved.last >= 0)
        if len(possible) and len(found):
            own = self._contracts.at(moved.columns, self._slice)
            # Each number of values makes a table of its own, in which the last date begins elsewhere.
            first = moved.columns.table.slice_bounds(self._slice)[0]
            found[:, possible] = own[:, moved.last[possible] - first]
        return found


class ContractFlips:
    """What flips in contracts between two values of the grid; two flips in between are not seen.

    Attributes
    ----------
    flips
        With every border that is listed, to be closed in upon.
    """

    def __init__(self, run: GridRun) -> None:
        self._run = run
        every = _Reading(run)
        borders = find_borders(run.grid, every.at(run.moved))
        listed = _chosen(borders, every.gauges, self._weights.max(axis=0, initial=0.0))
        some = _Reading(run, sorted({every.gauges[border.gauge].instrument for border in listed}))
        self._counts = _counts(borders, listed, every.gauges)
        self._gauges = some.gauges
        self.flips = Flips(some, _renumbered(listed, every.gauges, some.gauges))

    @cached_property
    def _weights(self) -> FloatArray:
        """`(n_portfolios, n_instruments)` largest effect of a position in each instrument."""
        run = self._run
        last = run.moved.last[run.moved.last >= 0]
        weight = np.zeros((len(run.result.portfolios), len(run.sweeper.book.instruments)))
        for own, held in zip(weight, run.result.portfolios, strict=True):
            np.maximum.at(own, held.instrument, effects(held, last))
        return weight

    def break_points(self) -> Iterator[BreakPoint]:
        """Yield the break-points of each portfolio that holds a contract which flips."""
        for border in self.flips.borders:
            for held, weight in zip(self._run.result.portfolios, self._weights, strict=True):
                yield from _break_point(held, self._gauges[border.gauge], border, weight)

    def unlisted(self) -> Iterator[Unlisted]:
        """Yield how many flips are not listed, by portfolio and kind."""
        for held in self._run.result.portfolios:
            own, counts = set(held.instrument.tolist()), Counter[tuple[str, str]]()
            for (instrument, kind, what), count in self._counts.items():
                if instrument in own:
                    counts[kind, what] += count
            yield from (Unlisted(held.name, kind, what, count) for (kind, what), count in counts.items())


def _chosen(borders: Sequence[Border], gauges: Sequence[Gauge], effect: FloatArray) -> list[Border]:
    """Return the borders that are listed: with an effect, and not too many of a kind."""
    by_kind: dict[tuple[str, bool], list[tuple[float, Border]]] = {}
    for border in borders:
        gauge = gauges[border.gauge]
        kind = gauge.trigger.name, border.begins
        by_kind.setdefault(kind, []).append((float(effect[gauge.instrument]), border))
    return [border for some in by_kind.values() for border in _telling(some)]


def _telling(some: Sequence[tuple[float, Border]]) -> list[Border]:
    """Return the borders of a kind that are listed, given each with its effect."""
    largest = max(effect for effect, _ in some)
    if sum(effect for effect, _ in some) < LEAST_EFFECT:
        return []
    kept = [item for item in some if item[0] >= LEAST_SHARE * largest]
    kept.sort(key=lambda item: (item[1].low[0], -item[0]))
    early, rest = kept[: MOST_OF_A_KIND // 2], kept[MOST_OF_A_KIND // 2 :]
    rest.sort(key=lambda item: -item[0])
    return [border for _, border in (*early, *rest[: MOST_OF_A_KIND // 2])]


def _renumbered(borders: Sequence[Border], every: Sequence[Gauge], some: Sequence[Gauge]) -> list[Border]:
    """Return the borders with the numbers that their gauges have among those of fewer contracts.

    Types give gauges contract by contract, so that leaving contracts out changes no order.
    """
    kept = {gauge.instrument for gauge in some}
    numbers = [number for number, gauge in enumerate(every) if gauge.instrument in kept]
    place = {number: row for row, number in enumerate(numbers)}
    return [Border(place[border.gauge], border.low, border.high) for border in borders]


def _counts(
    borders: Sequence[Border], listed: Sequence[Border], gauges: Sequence[Gauge]
) -> Counter[tuple[int, str, str]]:
    """Return the number of borders that are not listed, by instrument, kind and what happens."""
    known = {id(border) for border in listed}
    return Counter(
        (gauge.instrument, gauge.trigger.name, _what(gauge, border))
        for border in borders
        if id(border) not in known
        for gauge in (gauges[border.gauge],)
    )


def _what(gauge: Gauge, border: Border) -> str:
    return gauge.trigger.begins if border.begins else gauge.trigger.ends


def _break_point(
    held: PortfolioResult, gauge: Gauge, border: Border, weight: FloatArray
) -> Iterator[BreakPoint]:
    """Yield the break-point of a portfolio, where it holds the contract."""
    rows = np.flatnonzero(held.instrument == gauge.instrument)
    if len(rows):
        yield BreakPoint(
            portfolio=held.name,
            kind=gauge.trigger.name,
            what=_what(gauge, border),
            subject=gauge.detail,
            x=exact(border),
            positions=tuple(held.position_ids[row] for row in rows.tolist()),
            effect=float(weight[gauge.instrument]),
            bends=gauge.trigger.bends,
        )
