"""CSV files as text columns: RFC 4180, strictly, with the line and column of every cell.

The standard library's reader splits the rows (a million rows of five cells take about a second and a third
of a gigabyte); no type is guessed, so `NA`, `TRUE` and `00700` stay what they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from stresstest.arrays import IntArray
from stresstest.errors import InputError, Location, Problem
from stresstest.io.files import MAX_PROBLEMS, MEBIBYTE, checked_utf8, read_bytes, read_start
from stresstest.io.header import header_problems

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

MAX_BYTES = 2048 * MEBIBYTE
_ADVICE = "; give larger tables as Parquet"
_HEADER_BYTES = 1 << 16
# Few enough rows that their lists die young: with 65,536 a chunk the collector visits them again and again,
# and a million rows take three times as long.
_ROWS_A_CHUNK = 1 << 9

# A cell and what ends it. Possessive quantifiers: an unterminated quote must not backtrack over megabytes.
_CELL = re.compile(r'(?:"[^"]*+(?:""[^"]*+)*+"|(?!")[^,\n]*+)(?=,|\n|\Z)')

TextArray: TypeAlias = npt.NDArray[np.object_]
Rows: TypeAlias = list[list[str]]


class CsvPlace:
    """Finds cells in the bytes of a CSV file, when a problem has to be located.

    Parameters
    ----------
    lines
        First line of the header and of each row, counted from 0, `(n_rows + 1,)`.
    """

    def __init__(self, file: str, content: bytes, lines: IntArray) -> None:
        self.file = file
        self.lines = lines
        self._content = content

    @cached_property
    def _line_starts(self) -> IntArray:
        """Offset of each line; found once, on the first problem."""
        breaks = np.flatnonzero(np.frombuffer(self._content, dtype=np.uint8) == ord("\n"))
        return np.concatenate([[0], breaks + 1, [len(self._content)]]).astype(np.int64)

    def __call__(self, row: int, column: int) -> Location:
        """Return the line and column, counted from 1, where a cell begins."""
        first = int(self.lines[row + 1])
        after = int(self.lines[row + 2]) if row + 2 < self.lines.shape[0] else -1
        text = self._content[self._line_starts[first] : self._line_starts[after]].decode("utf-8")
        *_, offset = islice(_cell_starts(text), column + 1)
        return _located(text, offset, first, self.file)


@dataclass(slots=True)
class _Rows:
    """Rows read so far, as chunks of columns, with the line that each starts in."""

    n_columns: int
    chunks: list[list[TextArray]] = field(default_factory=list)
    lines: list[IntArray] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_csv_columns(source: Path, file: str) -> tuple[int, dict[str, TextArray], CsvPlace]:
    """Return number of rows, text columns by name and the finder of cells.

    Raises
    ------
    InputError
        ST100-ST106, ST131-ST135 with every problem of header and rows.
    """
    content = checked_utf8(read_bytes(source, MAX_BYTES, _ADVICE, file), file)
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    numbered = _numbered_rows(content, file)
    header, header_line, problem = _header(numbered, file)
    if problem is not None:
        raise InputError([problem])
    place = CsvPlace(file, content, np.array([header_line], dtype=np.int64))
    problems = header_problems(header, lambda column: place(-1, column))
    if any(problem.code == "ST135" for problem in problems):
        raise InputError(problems)  # every row would seem ragged
    rows = _Rows(len(header))
    for chunk, lines, fault in numbered:
        _keep(rows, chunk, lines, file)
        rows.problems.extend([] if fault is None else [fault])
    if problems or rows.problems:
        raise InputError([*problems, *_limited(rows.problems, file)])
    columns, row_lines = _joined(rows)
    lines = np.concatenate([place.lines, row_lines])
    return row_lines.shape[0], dict(zip(header, columns, strict=True)), CsvPlace(file, content, lines)


def csv_names(source: Path, file: str) -> tuple[str, ...]:
    """Return the names in the first line of a CSV file, or in its first 64 KiB where no line ends there.

    Raises
    ------
    InputError
        ST100-ST102 where the file cannot be read, ST105 where it is not UTF-8, ST131 for a quote without end.
    """
    content = checked_utf8(read_start(source, _HEADER_BYTES, file).splitlines()[0], file)
    header, _, problem = _header(_numbered_rows(content, file), file)
    if problem is not None:
        raise InputError([problem])
    return tuple(header)


Numbered: TypeAlias = tuple[Rows, IntArray, Problem | None]


def _numbered_rows(content: bytes, file: str) -> Iterator[Numbered]:
    """Yield chunks of rows, the first of them the header alone, each row with its first line (from 0)."""
    stream = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="\n")
    reader = csv.reader(stream, strict=True)
    one_line_a_row = b'"' not in content
    next_line, size = 0, 1
    while True:
        rows: Rows = []
        ends: list[int] = []
        fault: Problem | None = None
        try:
            _take(reader, size, rows, None if one_line_a_row else ends)
        except csv.Error as error:
            fault = _quote_problem(content, ends[-1] if ends else next_line, error, file)
        if one_line_a_row:
            ends = list(range(next_line + 1, next_line + 1 + len(rows)))
        starts = np.array([next_line, *ends[:-1]][: len(rows)], dtype=np.int64)
        next_line, size = ends[-1] if ends else next_line, _ROWS_A_CHUNK
        yield rows, starts, fault
        if fault is not None or not rows:
            return


def _take(reader: CsvReader, size: int, rows: Rows, ends: list[int] | None) -> None:
    """Append up to `size` rows, and the number of lines read after each to `ends`."""
    if ends is None:
        rows.extend(islice(reader, size))
        return
    for row in islice(reader, size):
        rows.append(row)
        ends.append(reader.line_num)


def _header(numbered: Iterator[Numbered], file: str) -> tuple[list[str], int, Problem | None]:
    for rows, lines, fault in numbered:
        if fault is not None:
            return [], 0, fault
        if rows and rows[0]:
            return rows[0], int(lines[0]), None
        break
    return (
        [],
        0,
        Problem("ST134", "blank first line", "a header with the names of the columns", Location(file, 1, 1)),
    )


def _keep(rows: _Rows, chunk: Rows, lines: IntArray, file: str) -> None:
    """Keep the rows of a chunk as columns: blank lines are dropped, ragged rows are problems."""
    if {len(row) for row in chunk} - {rows.n_columns}:
        whole = []
        for number, row in enumerate(chunk):
            if len(row) == rows.n_columns:
                whole.append(number)
            elif row:
                got = f"row with {len(row)} cells"
                where = Location(file, int(lines[number]) + 1, 1)
                rows.problems.append(Problem("ST132", got, f"{rows.n_columns} cells as in the header", where))
        chunk, lines = [chunk[number] for number in whole], lines[whole]
    if not chunk:
        return
    columns = [np.array(cells, dtype=object) for cells in zip(*chunk, strict=True)]
    blank = np.logical_and.reduce([np.asarray(column == "", dtype=np.bool_) for column in columns])
    if blank.any():
        columns, lines = [column[~blank] for column in columns], lines[~blank]
    rows.chunks.append(columns)
    rows.lines.append(lines)


def _joined(rows: _Rows) -> tuple[list[TextArray], IntArray]:
    if not rows.chunks:
        return [np.array([], dtype=object) for _ in range(rows.n_columns)], np.array([], dtype=np.int64)
    columns = [np.concatenate(parts) for parts in zip(*rows.chunks, strict=True)]
    for column in columns:
        column.flags.writeable = False
    return columns, np.concatenate(rows.lines)


def _limited(problems: list[Problem], file: str) -> list[Problem]:
    if len(problems) <= MAX_PROBLEMS:
        return problems
    more = f"{len(problems) - MAX_PROBLEMS:,} more rows like these"
    return [*problems[:MAX_PROBLEMS], Problem("ST123", more, location=Location(file))]


def _quote_problem(content: bytes, line: int, error: csv.Error, file: str) -> Problem:
    text = content.decode("utf-8").split("\n", line)[line]
    *_, offset = _cell_starts(text)
    unterminated = "unexpected end" in str(error) or "field limit" in str(error)
    got = "quote without its end" if unterminated else "text after the closing quote of a cell"
    return Problem("ST131", got, 'a quoted cell like "a ""b"" c"', _located(text, offset, line, file))


def _located(text: str, offset: int, first_line: int, file: str) -> Location:
    """Return the place of an offset into text that begins with the line `first_line` (from 0)."""
    line = first_line + text.count("\n", 0, offset)
    return Location(file, line + 1, offset - text.rfind("\n", 0, offset))


def _cell_starts(text: str) -> Iterator[int]:
    """Yield the offset of each cell of the row that `text` begins with; the last may be malformed."""
    offset = 0
    while True:
        yield offset
        cell = _CELL.match(text, offset)
        if cell is None or text[cell.end() : cell.end() + 1] != ",":
            return
        offset = cell.end() + 1
