"""Tables of users as columns: CSV, Parquet and Excel alike, with the place of every cell."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from stresstest.arrays import FloatArray
from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io.coded import CodedTexts, code_numbers, code_texts
from stresstest.io.files import MAX_PROBLEMS
from stresstest.io.number_cells import parse_numbers

TextArray: TypeAlias = npt.NDArray[np.object_]
Column: TypeAlias = TextArray | CodedTexts | FloatArray


class Place(Protocol):
    """Gives the place of a cell by row (0: the first below the header, −1: the header) and column number."""

    def __call__(self, row: int, column: int) -> Location:
        """Return the location of the cell."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of a file by name.

    Attributes
    ----------
    file
        As the user named it.
    n_rows
        Rows below the header; blank rows do not count.
    columns
        Each `(n_rows,)`: text (`object` array of `str`, blank is the empty string; or its distinct texts and
        the one that each row holds), or numbers (float64, blank is NaN) where the file itself types the
        column.
    place
        Gives the place of a cell.
    """

    file: str
    n_rows: int
    columns: Mapping[str, Column]
    place: Place

    def location(self, row: int, column: str) -> Location:
        """Return where a cell stands; row −1 is the header, an unknown column gives the row's first cell.

        In a Parquet file, which has no lines, the line is the number of the row, counted from 1.
        """
        names = list(self.columns)
        return self.place(row, names.index(column) if column in self.columns else 0)

    def texts(self, column: str) -> TextArray:
        """Return a column as text `(n_rows,)`, as written; numbers in their shortest spelling.

        A missing column is blank throughout.
        """
        if column not in self.columns:
            return np.full(self.n_rows, "", dtype=object)
        values = self.columns[column]
        if isinstance(values, CodedTexts):
            return values.texts()
        return self.coded(column).texts() if values.dtype == np.float64 else cast(TextArray, values)

    def coded(self, column: str) -> CodedTexts:
        """Return a column as its distinct texts and the one that each row holds."""
        if column not in self.columns:
            return CodedTexts(np.zeros(self.n_rows, dtype=np.uint8), np.array([""], dtype=object))
        values = self.columns[column]
        if isinstance(values, CodedTexts):
            return values
        if values.dtype == np.float64:
            codes, numbers = code_numbers(cast(FloatArray, values))
            return CodedTexts(codes, np.array([shortest_text(number) for number in numbers], dtype=object))
        return code_texts(cast(TextArray, values))

    def numbers(self, column: str, problems: ProblemList, required: bool = True) -> FloatArray:
        """Return a column as finite numbers `(n_rows,)`; a blank cell is NaN, and a problem if `required`.

        Every malformed cell becomes a problem (ST121, ST122, ST155, ST165), at most 200 of them.
        """
        if column not in self.columns:
            if required:
                self.require((column,), problems)
            return np.full(self.n_rows, np.nan)
        values, faults = self.parsed(column, required)
        for row, problem in faults[:MAX_PROBLEMS]:
            problems.add(problem.at(self.location(row, column)))
        if len(faults) > MAX_PROBLEMS:
            problems.add(more_cells(len(faults) - MAX_PROBLEMS, column).at(Location(self.file)))
        return values

    def parsed(self, column: str, required: bool) -> tuple[FloatArray, list[tuple[int, Problem]]]:
        """Return a column of the file as numbers `(n_rows,)`, and its malformed cells by row.

        A blank cell is NaN, and malformed if `required`; the problems have no place yet.
        """
        values = self.columns[column]
        if not isinstance(values, CodedTexts):
            return parse_numbers(values, required)
        numbers, wrong = parse_numbers(values.values, required)
        faults = [(int(row), problem) for code, problem in wrong for row in values.rows_of(code)]
        return numbers[values.codes], sorted(faults, key=lambda fault: fault[0])

    def require(self, names: Sequence[str], problems: ProblemList) -> None:
        """Add a problem (ST140) for each of `names` that is no column."""
        unused = [known for known in self.columns if known not in names]
        for name in names:
            if name not in self.columns:
                close = nearest(name, unused)
                expected = f"a column {name!r}" + (f" (is {close!r} meant to be it?)" if close else "")
                where = self.place(-1, list(self.columns).index(close) if close else 0)
                problems.add(Problem("ST140", f"header without {name!r}", expected, where))

    def row(self, number: int) -> dict[str, str]:
        """Return the text cells of one row by column, blank ones included."""
        return {name: _cell(values, number) for name, values in self.columns.items()}


def _cell(values: Column, row: int) -> str:
    if isinstance(values, CodedTexts):
        return values.text(row)
    return shortest_text(values[row]) if values.dtype == np.float64 else str(values[row])


def more_cells(count: int, column: str) -> Problem:
    """Return the problem that says how many more cells of a column are malformed than are listed."""
    return Problem("ST123", f"{count:,} more cells like these in column {column!r}")


def shortest_text(value: float) -> str:
    """Return a number as the shortest text that reads back the same: `7203`, `0.1`; NaN is blank."""
    number = float(value)
    if math.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 1e16 else repr(number)


def read_table(source: Path, *, file: str | None = None) -> Table:
    """Read a table from a `.csv`, `.parquet` or `.xlsx` file; `file` is what problems call it.

    Raises
    ------
    InputError
        ST100-ST106 and ST130-ST141 with every problem that one pass can find.
    """
    readers: dict[str, Callable[[Path, str], Any]] = {
        ".csv": _csv,
        ".parquet": _parquet,
        ".xlsx": _workbook,
    }
    name = file or str(source)
    reader = readers.get(source.suffix.lower())
    if reader is None:
        got = f"table format {source.suffix!r}"
        raise InputError([Problem("ST130", got, "one of " + ", ".join(readers), Location(name))])
    return Table(name, *reader(source, name))


def column_names(source: Path) -> tuple[str, ...]:
    """Return the header of a table; of a CSV or Parquet file no more than the header is read.

    Raises
    ------
    InputError
        Where the file cannot be read, or is no table.
    """
    suffix = source.suffix.lower()
    if suffix == ".parquet":
        from stresstest.io.parquet_columns import parquet_names

        return parquet_names(source, str(source))
    if suffix == ".csv":
        from stresstest.io.csv_columns import csv_names

        return csv_names(source, str(source))
    return tuple(read_table(source).columns)


# One reader is loaded only when its format is met: pyarrow and openpyxl cost more than a small run.
def _csv(source: Path, file: str) -> Any:
    from stresstest.io.csv_columns import read_csv_columns

    return read_csv_columns(source, file)


def _parquet(source: Path, file: str) -> Any:
    from stresstest.io.parquet_columns import read_parquet_columns

    return read_parquet_columns(source, file)


def _workbook(source: Path, file: str) -> Any:
    from stresstest.io.workbook_columns import read_workbook_columns

    return read_workbook_columns(source, file)
