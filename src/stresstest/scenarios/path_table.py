"""The columns of scenarios of which some go on from date to date, in slices of one valuation date each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.errors import InputError, Problem
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.histories import AGED
from stresstest.scenarios.paths import Path, PathPoint
from stresstest.scenarios.stages import StageLevels, last_stage
from stresstest.scenarios.table import BASE, MAX_SLICES, NO_DRAW, ColumnTable
from stresstest.scenarios.walking import Levels


class _Column(NamedTuple):
    """A column without a number yet: slice, path and stage, and the levels that differ from today's."""

    slice: int
    path: Path | None
    stage: str
    levels: Levels


def path_columns(paths: Sequence[Path], market: MarketSnapshot) -> FactorColumns:
    """Return the columns of `paths`: slice 0 with the base and what moves today, then a slice a later date.

    Each step of a path has two columns: the levels of the step before at the new date (`aged`), and the
    levels after its shocks. Where points have stages, those of the step before are first taken back, then
    come those of this step. Steps on one date from different dates before it are different slices, since
    what has been paid since differs. So no path depends on the company of another.

    Raises
    ------
    InputError
        ST451 when there are more dates than a run may have.
    """
    gaps = sorted({gap for path in paths for gap in _gaps(path)})
    if len(gaps) >= MAX_SLICES:
        got = (
            f"{len(gaps)} dates of steps of {', '.join(path.scenario.name for path in paths if _gaps(path))}"
        )
        expected = f"less than {MAX_SLICES} in one run: paths with dates in common, or fewer of them"
        raise InputError([Problem("ST451", got, expected)])
    columns = [
        _Column(0, None, BASE, {}),
        *_columns(paths, {gap: place for place, gap in enumerate(gaps, 1)}, market.levels),
    ]
    elapsed = tuple((day - market.as_of).days / DAYS_PER_YEAR for day, _ in gaps)
    table = _table(columns, tuple(path.scenario.name for path in paths))
    return FactorColumns(table, market.levels, _rows(columns, market.levels), (0.0, *elapsed))


def _gaps(path: Path) -> list[tuple[date, date]]:
    """Return the date of each step with the date before it."""
    days = [point.day for point in path.points]
    return list(zip(days[1:], days, strict=False))


def _columns(
    paths: Sequence[Path], slices: Mapping[tuple[date, date], int], base: Levels
) -> Iterator[_Column]:
    """Yield the columns in the order of slices, within one in the order of the scenarios."""
    found: list[_Column] = []
    for path in paths:
        stages = [tuple(_stages(point, base)) for point in path.points]
        if path.begins_today:
            found += (_Column(0, path, *stage) for stage in stages[0])
        for place, gap in enumerate(_gaps(path)):
            before, after = stages[place : place + 2]
            steps = (StageLevels(AGED, before[-1].levels), *_undone(before), *after)
            found += (_Column(slices[gap], path, *stage) for stage in steps)
    yield from sorted(found, key=lambda column: column.slice)


def _undone(stages: Sequence[StageLevels]) -> Iterator[StageLevels]:
    """Yield the way back from the last stage to the first, each under the name of what is taken back.

    The stages of the next date start from what lines state, so what networks and propagation did before is
    first taken back, and counts against the mechanism that did it.
    """
    for before, undone in zip(stages[-2::-1], stages[:0:-1], strict=True):
        yield StageLevels(undone.stage, before.levels)


def _stages(point: PathPoint, base: Levels) -> Iterator[StageLevels]:
    """Yield the stages of a point that were asked for, then the last one."""
    yield from point.stages
    yield StageLevels(last_stage(point.stated, point.linked, point.column), point.levels(base))


def _table(columns: Sequence[_Column], order: tuple[str, ...]) -> ColumnTable:
    stated = [column.path.scenario.probability if column.path else None for column in columns]
    return ColumnTable(
        scenario=tuple(column.path.scenario.name if column.path else BASE for column in columns),
        slice=np.array([column.slice for column in columns]),
        stage=tuple(column.stage for column in columns),
        draw=np.full(len(columns), NO_DRAW),
        probability=np.array([np.nan if value is None else value for value in stated]),
        order=order,
    )


def _rows(columns: Sequence[_Column], base: Levels) -> dict[RiskFactorKey, FloatArray]:
    """Return `(n_columns,)` levels of each factor that moves in some column."""
    rows: dict[RiskFactorKey, FloatArray] = {}
    for number, column in enumerate(columns):
        for key, level in column.levels.items():
            if key not in rows:
                rows[key] = np.full(len(columns), base[key])
            rows[key][number] = level
    return rows
