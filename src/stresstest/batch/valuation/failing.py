"""Instruments without a value in some column of a task, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.portfolio.book import Book
from stresstest.revaluation.failures import FailureReason
from stresstest.scenarios.columns import ColumnSource


class Failing(NamedTuple):
    """An instrument that has no value in `columns` columns of which `column` is the first."""

    instrument: int
    column: int
    columns: int


class Failed(NamedTuple):
    """An instrument that has no value in `columns` results from `result` on, with the reason there."""

    instrument: int
    result: str
    columns: int
    reason: str
    message: str


def failing_instruments(first: int, lacks: BoolArray, column: int) -> Iterator[Failing]:
    """Yield the instruments of a block without a value, those of a range of draws.

    Parameters
    ----------
    first
        Row of the block's first instrument in the book.
    lacks
        `(n_block_instruments, width)`.
    column
        Number of the first of the columns.
    """
    for row in np.flatnonzero(lacks.any(axis=1)).tolist():
        yield Failing(first + row, column + int(lacks[row].argmax()), int(np.count_nonzero(lacks[row])))


def failing_scenarios(first: int, lacks: BoolArray, scenario: tuple[str, ...]) -> Iterator[Failing]:
    """Yield the instruments of a block without a value, once a scenario, at the first column that lacks it.

    `scenario (width,)` names each column.
    """
    seen: set[tuple[int, str]] = set()
    for row, column in zip(*(axis.tolist() for axis in np.nonzero(lacks)), strict=True):
        if (row, scenario[column]) not in seen:
            seen.add((row, scenario[column]))
            yield Failing(first + row, column, 1)


def why(book: Book, columns: ColumnSource, failing: Failing) -> tuple[str, str]:
    """Return reason and message: a factor outside its domain, or a value that is not finite."""
    item = book.instruments[failing.instrument]
    keys = item.requirements.factors
    number = int(columns.table.slice[failing.column])
    place = failing.column - columns.table.slice_bounds(number)[0]
    levels = columns.bind(keys).chunk(number, place, place + 1)[:, 0].tolist()
    for key, level in zip(keys, levels, strict=True):
        if not FACTOR_KINDS[key.kind].domain.holds(level):
            return FailureReason.FACTOR_OUTSIDE_DOMAIN.value, f"{key} is {level:g}"
    message = f"{item.tag} has no finite value under the factors of this column"
    return FailureReason.NOT_FINITE.value, message
