"""Tables of a market layer: header checked, cells as text, every row with its evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

from stresstest.errors import InputError, Problem, ProblemList, nearest
from stresstest.io.fields import read_date
from stresstest.io.tables import Table, read_table
from stresstest.market.draft import Place
from stresstest.market.evidence import Claim, Jury
from stresstest.market.snapshot import Provenance
from stresstest.quantity import QuantityError

_T = TypeVar("_T")
EVIDENCE_COLUMNS = ("date", "class", "source", "note")


class Header(NamedTuple):
    """Columns of a table; the required ones may hold no blank cell unless they are in `may_be_blank`."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    may_be_blank: tuple[str, ...] = ()


class Sheet:
    """One table of a layer: asks for cells by row and column, and puts what is wrong on the list."""

    def __init__(self, table: Table, header: Header, jury: Jury) -> None:
        self.table = table
        self.jury = jury
        self.problems: ProblemList = jury.problems
        self.usable = self._check_header(header)
        self._texts: dict[str, list[str]] = {}
        self._dates: dict[str, date] = {}
        self._claims: list[tuple[str, ...]] = []
        self._evidence: dict[tuple[str, ...], Provenance] = {}
        if self.usable:
            self._check_blanks(header)

    def _check_header(self, header: Header) -> bool:
        known = header.required + header.optional
        self.table.require(header.required, self.problems)
        for column in self.table.columns:
            if column not in known:
                location = self.table.location(-1, column)
                got, expected = f"column {column!r}", "one of " + ", ".join(known)
                self.problems.add(Problem("ST219", got, expected, location, nearest(column, known)))
        return all(column in self.table.columns for column in header.required)

    def _check_blanks(self, header: Header) -> None:
        for column in header.required:
            cells = self.cells(column)
            if column in header.may_be_blank or "" not in cells:
                continue
            for row in (row for row, cell in enumerate(cells) if not cell):
                self.add(row, column, Problem("ST165", f"blank {column}", "a value"))

    def cells(self, column: str) -> list[str]:
        """Return the cells of a column as text, blank where the table lacks it."""
        found = self._texts.get(column)
        if found is None:
            found = self._texts[column] = self.table.texts(column).tolist()
        return found

    def rows(self, *columns: str) -> list[tuple[int, tuple[str, ...]]]:
        """Return (row, cells of `columns`) of each row in which none of them is blank."""
        cells = zip(*(self.cells(column) for column in columns), strict=True)
        return [(row, texts) for row, texts in enumerate(cells) if all(texts)]

    def place(self, row: int) -> Place:
        """Return where the cells of `row` stand; the empty column is the row's first."""
        return lambda column: self.table.location(row, column)

    def add(self, row: int, column: str, problem: Problem) -> None:
        """Add a problem with the cell at `row` and `column`."""
        self.problems.add(problem.at(self.place(row)(column)))

    def amount(self, row: int, column: str, parse: Callable[[str], _T]) -> _T | None:
        """Return the cell read by `parse`, or None after adding what is wrong with it."""
        try:
            return parse(self.cells(column)[row])
        except QuantityError as error:
            self.add(row, column, error.problem())
            return None

    def day(self, row: int, column: str) -> date | None:
        """Return the date in a cell, or None after adding what is wrong with it."""
        text = self.cells(column)[row]
        found = self._dates.get(text)
        if found is None:
            found = self.amount(row, column, read_date)
            if found is not None:
                self._dates[text] = found
        return found

    def evidence(self, row: int) -> Provenance:
        """Return the evidence of a row, checked; equal evidence is one object.

        A row without a date counts as of the market's day, in tables that allow it blank.
        """
        if not self._claims:
            self._claims = list(zip(*map(self.cells, EVIDENCE_COLUMNS), strict=True))
        cells = self._claims[row]
        found = self._evidence.get(cells)
        if found is not None:
            return found
        day, basis_class, source, note = cells
        before = len(self.problems)
        as_of = (self.day(row, "date") if day else None) or self.jury.as_of
        provenance = self.jury.provenance(Claim(basis_class, source, as_of, note), self.place(row))
        if len(self.problems) == before:
            self._evidence[cells] = provenance
        return provenance


def read_sheet(path: Path, header: Header, jury: Jury) -> Sheet | None:
    """Return the table in `path`, or None after adding why it cannot be read."""
    try:
        sheet = Sheet(read_table(path), header, jury)
    except InputError as error:
        jury.problems.extend(error.problems)
        return None
    return sheet if sheet.usable else None
