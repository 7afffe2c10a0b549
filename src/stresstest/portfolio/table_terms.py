"""Distinct instruments of a position table: contract terms are read once for all rows that state them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from stresstest.arrays import IntArray
from stresstest.errors import Location, Problem, ProblemList
from stresstest.io.cells import spec_from_cells
from stresstest.io.coded import CodedTexts, Codes, distinct_rows
from stresstest.io.document import DataPath, Locate
from stresstest.io.fields import read_date
from stresstest.io.tables import Table
from stresstest.portfolio.model import Instrument, StatedValue
from stresstest.portfolio.position_fields import instrument_type_at, unknown_fields
from stresstest.portfolio.row_faults import RowFaults
from stresstest.portfolio.spec import POSITION_FIELDS
from stresstest.quantity import QuantityError

TAG_PREFIX = "tags."

_COMMON = ("proxy", "stated_value", "stated_date")


@dataclass(frozen=True, slots=True)
class Owners:
    """Who owns a row: the position's id, and the account where a table holds several.

    Attributes
    ----------
    ids
        Id of each row.
    accounts
        Codes of each row's account `(n_rows,)` and their number; none: the table is one portfolio.
    """

    ids: CodedTexts
    accounts: tuple[Codes, int]

    def columns(self) -> tuple[tuple[Codes, int], ...]:
        """Return what tells positions apart."""
        return self.accounts, (self.ids.codes, len(self.ids.values))


@dataclass(slots=True)
class _Terms:
    """Cells that make an instrument, with the first row that has them."""

    row: int
    tag: str
    cells: dict[str, str] = field(default_factory=dict)
    stated: dict[str, str] = field(default_factory=dict)


def table_instruments(
    table: Table, owners: Owners, ignored: Sequence[str], faults: RowFaults
) -> tuple[tuple[Instrument, ...], IntArray]:
    """Return the distinct instruments, by first row, and the one that each row holds (−1: none that is valid).

    Parameters
    ----------
    ignored
        Columns beside those of positions that say nothing about instruments.
    """
    not_terms = {*POSITION_FIELDS, *ignored}
    names = [
        name for name in table.columns if name not in not_terms and not name.startswith(TAG_PREFIX)
    ]
    common = [name for name in _COMMON if name in table.columns]
    columns = {name: table.coded(name) for name in ("type", *names, *common)}
    keys = [(column.codes, len(column.values)) for column in columns.values()]
    distinct = distinct_rows([*keys, *_owned(columns, owners)], table.n_rows)
    terms = _terms(columns, distinct.first, names)
    rows_of = _rows_by_number(distinct.number, len(terms))
    merged: dict[Instrument, int] = {}
    place = np.full(len(terms), -1, dtype=np.int64)
    listed = list(table.columns)
    for number, one in enumerate(terms):
        problems = ProblemList()
        instrument = _instrument(_Reader(table, owners, listed, problems), one)
        if len(problems) or instrument is None:
            faults.add_terms(rows_of(number), problems, listed)
        else:
            place[number] = merged.setdefault(instrument, len(merged))
    return tuple(merged), place[distinct.number]


def _owned(columns: dict[str, CodedTexts], owners: Owners) -> list[tuple[Codes, int]]:
    """Return the owner of each row that states a value: such an instrument is its position's alone."""
    if "stated_value" not in columns:
        return []
    stated = columns["stated_value"]
    blank = stated.codes == stated.code("")
    return [
        (np.where(blank, 0, codes.astype(np.int64) + 1), count + 1) for codes, count in owners.columns()
    ]


def _terms(columns: dict[str, CodedTexts], first: IntArray, names: Sequence[str]) -> list[_Terms]:
    """Return the cells that are filled in the rows `first`."""
    tags = columns["type"].take(first).tolist()
    terms = [_Terms(row, tag) for row, tag in zip(first.tolist(), tags, strict=True)]
    for name, column in columns.items():
        if name == "type":
            continue
        codes = column.codes[first]
        filled = np.flatnonzero(codes != column.code("")) if column.code("") >= 0 else range(len(first))
        for number in filled:
            one = terms[number]
            (one.cells if name in names else one.stated)[name] = column.values[codes[number]]
    return terms


def _rows_by_number(number: IntArray, count: int) -> _RowsByNumber:
    return _RowsByNumber(number, count)


class _RowsByNumber:
    """Finds the rows that hold one of the distinct contents; sorts them only when the first is asked for."""

    def __init__(self, number: IntArray, count: int) -> None:
        self._number = number
        self._count = count
        self._order: IntArray | None = None
        self._start: npt.NDArray[np.integer] = np.zeros(0, dtype=np.int64)

    def __call__(self, wanted: int) -> IntArray:
        if self._order is None:
            self._order = np.argsort(self._number, kind="stable")
            self._start = np.searchsorted(self._number[self._order], np.arange(self._count + 1))
        return self._order[self._start[wanted] : self._start[wanted + 1]]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What terms are read with. Places are the numbers of columns, counted from 1: rows share the terms."""

    table: Table
    owners: Owners
    columns: list[str]
    problems: ProblemList

    def at(self, name: str) -> Location:
        """Return the number of a column as the line of a place; another name stands for the first column."""
        return Location("", self.columns.index(name) + 1 if name in self.columns else 1)

    def path(self) -> Locate:
        """Return where the cell of a field stands, given the field as a path."""

        def located(path: DataPath, key: bool = False) -> Location:
            del key
            return self.at(str(path[0]) if path else "type")

        return located


def _instrument(reader: _Reader, terms: _Terms) -> Instrument | None:
    problems = reader.problems
    if not terms.tag:
        problems.add(Problem("ST165", "no type", "an instrument type", reader.at("type")))
        return None
    type_ = instrument_type_at(terms.tag, reader.at, problems)
    if type_ is None:
        return None
    unknown = unknown_fields(terms.cells, type_, reader.at)
    problems.extend(unknown)
    known = {name: cell for name, cell in terms.cells.items() if name in type_.spec.model_fields}
    spec = spec_from_cells(type_.spec, known, reader.path(), problems)
    stated = _stated(reader, terms)
    if spec is None or unknown:
        return None
    owner = _text_at(reader.owners.ids, terms.row) if stated else ""
    return Instrument(terms.tag, spec, owner, stated, terms.stated.get("proxy", ""))


def _text_at(column: CodedTexts, row: int) -> str:
    return str(column.values[column.codes[row]])


def _stated(reader: _Reader, terms: _Terms) -> StatedValue | None:
    """Return the stated value of the row, or None where it has none, or one that cannot be read.

    A malformed number is left to the checks of its column.
    """
    if "stated_value" not in terms.stated:
        return None
    value, quantity = (_number_at(reader.table, name, terms.row) for name in ("stated_value", "quantity"))
    try:
        day = read_date(terms.stated.get("stated_date", ""))
    except QuantityError as error:
        reader.problems.add(error.problem(reader.at("stated_date")))
        return None
    return StatedValue(value, day, quantity)


def _number_at(table: Table, column: str, row: int) -> float:
    ...
