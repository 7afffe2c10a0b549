"""Parquet files as text and number columns."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stresstest.errors import InputError, Location, Problem
from stresstest.io.files import MEBIBYTE, read_bytes
from stresstest.io.header import header_problems

MAX_BYTES = 2048 * MEBIBYTE
_LARGEST_EXACT = 1 << 53

Column: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class ParquetPlace:
    """Names cells by the number of row and column, counted from 1: the format has no lines."""

    file: str

    def __call__(self, row: int, column: int) -> Location:
        """Return the location of a cell; the header is row 0 and so without a line."""
        return Location(self.file, row + 1, column + 1)


def read_parquet_columns(source: Path, file: str) -> tuple[int, dict[str, Column], ParquetPlace]:
    """Return number of rows, columns by name and the finder of cells.

    Texts, dates, booleans and integers beyond 2^53 become text, other numbers float64.

    Raises
    ------
    InputError
        ST100-ST104, ST133-ST137 with every problem of the columns.
    """
    content = read_bytes(source, MAX_BYTES, "; split the table", file)
    try:
        table = pq.ParquetFile(io.BytesIO(content)).read(use_threads=False)
        table.validate(full=True)
    except Exception:  # damaged files raise Arrow's errors, but UnicodeDecodeError and others as well
        raise InputError([Problem("ST136", "damaged content", "a Parquet file", Location(file))]) from None
    place = ParquetPlace(file)
    problems = header_problems(table.column_names, lambda column: place(-1, column))
    columns: dict[str, Column] = {}
    for number, name in enumerate(table.column_names):
        converted = _converted(table.column(number))
        if isinstance(converted, Problem):
            problems.append(
                replace(converted, got=f"column {name[:64]!r} {converted.got}", location=place(-1, number))
            )
        else:
            converted.flags.writeable = False
            columns[name] = converted
    if problems:
        raise InputError(problems)
    return table.num_rows, columns, place


def _converted(column: pa.ChunkedArray) -> Column | Problem:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    convert = next((convert for accepts, convert in _CONVERTERS if accepts(kind)), None)
    if convert is None:
        return Problem("ST137", f"of type {kind}", "texts, numbers, dates or booleans")
    try:
        return convert(column.cast(kind))
    except (pa.ArrowException, ValueError, OverflowError) as error:
        return Problem("ST137", f"of type {kind} ({str(error)[:80]})", "texts or numbers")


def _text(column: pa.ChunkedArray) -> Column:
    values = column.fill_null("").to_numpy(zero_copy_only=False)
    return np.array(values, dtype=object)


def _numbers(column: pa.ChunkedArray) -> Column:
    values = column.cast(pa.float64(), safe=False)
    return np.array(values.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _integers(column: pa.ChunkedArray) -> Column:
    limits = pc.min_max(column).as_py()
    if max(abs(limits["min"] or 0), abs(limits["max"] or 0)) > _LARGEST_EXACT:
        return _text(column.cast(pa.string()))
    return _numbers(column)


def _cast_to_text(column: pa.ChunkedArray) -> Column:
    return _text(column.cast(pa.string()))


def _timestamps(column: pa.ChunkedArray) -> Column:
    """Return ISO dates where no value has a time of day, else ISO date-times."""
    moments = column.to_pylist()
    dated = all(
        moment is None or moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
        for moment in moments
    )
    texts = ["" if m is None else (m.date().isoformat() if dated else m.isoformat()) for m in moments]
    return np.array(texts, dtype=object)


def _blank(column: pa.ChunkedArray) -> Column:
    return np.full(len(column), "", dtype=object)


_CONVERTERS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.ChunkedArray], Column]], ...] = (
    (pa.types.is_string, _text),
    (pa.types.is_large_string, _cast_to_text),
    (pa.types.is_string_view, _cast_to_text),
    (pa.types.is_floating, _numbers),
    (pa.types.is_integer, _integers),
    (pa.types.is_decimal, _numbers),
    (pa.types.is_boolean, _cast_to_text),
    (pa.types.is_date, _cast_to_text),
    (pa.types.is_timestamp, _timestamps),
    (pa.types.is_null, _blank),
)
