"""Excel workbooks as text and number columns: one sheet, values only, no formula is ever evaluated."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from stresstest.errors import InputError, Location, Problem
from stresstest.io.files import MAX_PROBLEMS, MEBIBYTE, read_bytes
from stresstest.io.header import header_problems

MAX_BYTES = 256 * MEBIBYTE
MAX_UNPACKED_BYTES = 2048 * MEBIBYTE
_EXTRA = "the extra: pip install 'stresstest[xlsx]'"

Column: TypeAlias = npt.NDArray[Any]
Cells: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class WorkbookPlace:
    """Names cells by sheet row and column, counted from 1; `lines[0]` is the row of the header."""

    file: str
    lines: tuple[int, ...]

    def __call__(self, row: int, column: int) -> Location:
        """Return the location of a cell."""
        return Location(self.file, self.lines[row + 1], column + 1)


def read_workbook_columns(source: Path, file: str) -> tuple[int, dict[str, Column], WorkbookPlace]:
    """Return number of rows, columns by name and the finder of cells.

    A column whose cells are all numbers or blank becomes float64, any other text; blank rows are dropped.

    Raises
    ------
    InputError
        ST100-ST104, ST132-ST134, ST138, ST139, ST141 with every problem of the sheet.
    """
    content = read_bytes(source, MAX_BYTES, "; give larger tables as CSV or Parquet", file)
    rows, problems = _sheet_rows(content, file)
    if not rows:
        raise InputError(
            problems or [Problem("ST104", "sheet without cells", "a header and rows", Location(file))]
        )
    lines, cells = [line for line, _ in rows], [row for _, row in rows]
    header = [_as_text(cell) for cell in _trimmed(cells[0])]
    place = WorkbookPlace(file, tuple(lines))
    problems += header_problems(header, lambda column: place(-1, column))
    for number, row in enumerate(cells[1:]):
        if len(_trimmed(row)) > len(header):
            got = f"row with {len(_trimmed(row))} cells"
            expected = f"at most {len(header)} cells as in the header"
            problems.append(Problem("ST132", got, expected, place(number, len(header))))
    if problems:
        raise InputError(_limited(problems, file))
    padded = [(*row, *[None] * (len(header) - len(row))) for row in cells[1:]]
    columns = {name: _column([row[number] for row in padded]) for number, name in enumerate(header)}
    return len(padded), columns, place


def _sheet_rows(content: bytes, file: str) -> tuple[list[tuple[int, Cells]], list[Problem]]:
    """Return the rows that are not blank with their numbers, and a problem for each formula."""
    try:
        import openpyxl
    except ImportError:
        raise InputError([Problem("ST138", "Excel workbook", _EXTRA, Location(file))]) from None
    try:
        _require_modest(content)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        if len(workbook.sheetnames) == 1:
            return _values(workbook.worksheets[0], file)
        got = f"workbook with {len(workbook.sheetnames)} sheets"
    except Exception as error:  # openpyxl lets any error of zip, XML or its own out on damaged files
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        got = f"unreadable Excel workbook ({reason})"
        raise InputError([Problem("ST138", got, "an .xlsx workbook", Location(file))]) from None
    return [], [Problem("ST141", got, "one sheet", Location(file))]


def _values(sheet: Any, file: str) -> tuple[list[tuple[int, Cells]], list[Problem]]:
    rows: list[tuple[int, Cells]] = []
    problems: list[Problem] = []
    sheet.reset_dimensions()  # the file's own claim could be a million empty columns
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        for column, cell in enumerate(cells, start=1):
            if cell.data_type == "f":
                where = Location(file, line, column)
                problems.append(Problem("ST139", f"formula {str(cell.value)[:64]!r}", "its value", where))
        values = _trimmed(tuple(cell.value for cell in cells))
        if values:
            rows.append((line, values))
    return rows, problems


def _require_modest(content: bytes) -> None:
    """Refuse an archive that says it unpacks to more than memory should hold."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise ValueError(f"it unpacks to {unpacked // MEBIBYTE:,} MiB")


def _trimmed(cells: Cells) -> Cells:
    """Return the cells up to the last that is not blank."""
    length = len(cells)
    while length and cells[length - 1] in (None, ""):
        length -= 1
    return cells[:length]


def _column(cells: list[object]) -> Column:
    if all(cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)) for cell in cells):
        column: Column = np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    else:
        column = np.array([_as_text(cell) for cell in cells], dtype=object)
    column.flags.writeable = False
    return column


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | datetime | time) else str(cell)


def _limited(problems: list[Problem], file: str) -> list[Problem]:
    if len(problems) <= MAX_PROBLEMS:
        return problems
    more = f"{len(problems) - MAX_PROBLEMS:,} more problems like these"
    return [*problems[:MAX_PROBLEMS], Problem("ST123", more, location=Location(file))]
