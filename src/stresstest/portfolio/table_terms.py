"""Distinct instruments of a position table: contract terms are read once for all rows that state them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from stresstest.arrays import FloatArray, IntArray
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


@dataclass(frozen=True, slots=True)
class TermRows:
    """Rows of a position table whose terms are read.

    Attributes
    ----------
    quantity, stated_value
        Numbers of each row `(n_rows,)`, NaN where there is none.
    ignored
        Columns beside those of positions that say nothing about instruments.
    """

    table: Table
    owners: Owners
    quantity: FloatArray
    stated_value: FloatArray
    ignored: Sequence[str] = ()


def table_instruments(rows: TermRows, faults: RowFaults) -> tuple[tuple[Instrument, ...], IntArray]:
    """Return the distinct instruments, by first row, and the one that each row holds.

    A row whose terms are at fault has −1, and its fault in `faults`.
    """
    table = rows.table
    not_terms = {*POSITION_FIELDS, *rows.ignored}
    names = [name for name in table.columns if name not in not_terms and not name.startswith(TAG_PREFIX)]
    common = [name for name in _COMMON if name in table.columns]
    columns = {name: table.coded(name) for name in ("type", *names, *common)}
    keys = [(column.codes, len(column.values)) for column in columns.values()]
    distinct = distinct_rows([*keys, *_owned(columns, rows.owners)], table.n_rows)
    merged: dict[Instrument, int] = {}
    place = np.full(len(distinct.first), -1, dtype=np.int64)
    wrong: dict[int, ProblemList] = {}
    for number, terms in enumerate(_terms(columns, distinct.first, names)):
        problems = ProblemList()
        instrument = _instrument(_Reader(rows, tuple(table.columns), problems), terms)
        if len(problems) or instrument is None:
            wrong[number] = problems
        else:
            place[number] = merged.setdefault(instrument, len(merged))
    if wrong:
        order = np.argsort(distinct.number, kind="stable")
        holders = np.split(order, np.searchsorted(distinct.number[order], np.arange(1, len(place))))
        for number, problems in wrong.items():
            faults.add_terms(holders[number], problems)
    return tuple(merged), place[distinct.number]


def _owned(columns: dict[str, CodedTexts], owners: Owners) -> list[tuple[Codes, int]]:
    """Return the owner of each row that states a value: such an instrument is its position's alone."""
    if "stated_value" not in columns:
        return []
    stated = columns["stated_value"]
    blank = stated.codes == stated.code("")
    return [(np.where(blank, 0, codes.astype(np.int64) + 1), count + 1) for codes, count in owners.columns()]


def _terms(columns: dict[str, CodedTexts], first: IntArray, names: Sequence[str]) -> list[_Terms]:
    """Return the cells that are filled in the rows `first`."""
    tags = columns["type"].take(first).tolist()
    terms = [_Terms(row, tag) for row, tag in zip(first.tolist(), tags, strict=True)]
    for name, column in columns.items():
        if name == "type":
            continue
        codes = column.codes[first].astype(np.int64)
        for number in np.flatnonzero(codes != column.code("")).tolist():
            one = terms[number]
            (one.cells if name in names else one.stated)[name] = column.values[codes[number]]
    return terms


@dataclass(frozen=True, slots=True)
class _Reader:
    """What terms are read with. Places are the numbers of columns, counted from 1: rows share the terms."""

    rows: TermRows
    columns: tuple[str, ...]
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
    owner = reader.rows.owners.ids.text(terms.row) if stated else ""
    return Instrument(terms.tag, spec, owner, stated, terms.stated.get("proxy", ""))


def _stated(reader: _Reader, terms: _Terms) -> StatedValue | None:
    """Return the stated value of the row, or None where it has none, or one that cannot be read."""
    rows, row = reader.rows, terms.row
    if "stated_value" not in terms.stated:
        return None
    try:
        day = read_date(terms.stated.get("stated_date", ""))
    except QuantityError as error:
        reader.problems.add(error.problem(reader.at("stated_date")))
        return None
    return StatedValue(float(rows.stated_value[row]), day, float(rows.quantity[row]))
