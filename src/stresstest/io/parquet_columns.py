"""Parquet files as text and number columns."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stresstest.arrays import FloatArray
from stresstest.errors import InputError, Location, Problem
from stresstest.io.coded import CodedTexts, smallest
from stresstest.io.files import MEBIBYTE, read_bytes, read_start
from stresstest.io.header import header_problems

MAX_BYTES = 2048 * MEBIBYTE
_LARGEST_EXACT = 1 << 53

Column: TypeAlias = CodedTexts | FloatArray


@dataclass(frozen=True, slots=True)
class ParquetPlace:
    """Names cells by the number of row and column, counted from 1: the format has no lines."""

    file: str

    def __call__(self, row: int, column: int) -> Location:
        """Return the location of a cell; the header is row 0 and so without a line."""
        return Location(self.file, row + 1, column + 1)


def read_parquet_columns(source: Path, file: str) -> tuple[int, dict[str, Column], ParquetPlace]:
    """Return number of rows, columns by name and the finder of cells.

    Texts, dates, booleans and integers beyond 2^53 become text, each distinct one held once; other numbers
    become float64. One column is decoded after the other, so that memory holds the file, the columns and one
    column as the file has it.

    Raises
    ------
    InputError
        ST100-ST104, ST133-ST137 with every problem of the columns.
    """
    content = read_bytes(source, MAX_BYTES, "; split the table", file)
    place = ParquetPlace(file)
    try:
        parquet = pq.ParquetFile(io.BytesIO(content))
        names, n_rows = parquet.schema_arrow.names, parquet.metadata.num_rows
        problems = header_problems(names, lambda column: place(-1, column))
        found = {} if problems else dict(_columns(content, place, problems))
    except Exception:  # damaged files raise Arrow's errors, but UnicodeDecodeError and others as well
        raise InputError([Problem("ST136", "damaged content", "a Parquet file", Location(file))]) from None
    if problems:
        raise InputError(problems)
    return n_rows, found, place


def parquet_names(source: Path, file: str) -> tuple[str, ...]:
    """Return the names of the columns of a Parquet file, of which only the footer is read.

    Raises
    ------
    InputError
        ST100-ST102 where the file cannot be read, ST136 where it is damaged.
    """
    read_start(source, 4, file)
    try:
        return tuple(pq.read_schema(source).names)
    except Exception:  # as above
        raise InputError([Problem("ST136", "damaged content", "a Parquet file", Location(file))]) from None


def _columns(content: bytes, place: ParquetPlace, problems: list[Problem]) -> Iterator[tuple[str, Column]]:
    """Yield each column by its name, or add why it cannot be one."""
    schema = pq.read_schema(io.BytesIO(content))
    texts = [field.name for field in schema if _is_text(field.type)]
    parquet = pq.ParquetFile(io.BytesIO(content), read_dictionary=texts)
    for number, name in enumerate(schema.names):
        table = parquet.read(columns=[name], use_threads=False)
        table.validate(full=True)
        converted = _converted(table.column(name))
        if isinstance(converted, Problem):
            got = f"column {name[:64]!r} {converted.got}"
            problems.append(replace(converted, got=got, location=place(-1, number)))
            continue
        array = converted.codes if isinstance(converted, CodedTexts) else converted
        array.flags.writeable = False
        yield name, converted


def _converted(column: pa.ChunkedArray) -> Column | Problem:
    coded = pa.types.is_dictionary(column.type)
    kind = column.type.value_type if coded else column.type
    convert = next((convert for accepts, convert in _CONVERTERS if accepts(kind)), None)
    if convert is None:
        return Problem("ST137", f"of type {kind}", "texts, numbers, dates or booleans")
    try:
        return convert(column.cast(kind) if coded and not _is_text(kind) else column)
    except (pa.ArrowException, ValueError, OverflowError) as error:
        return Problem("ST137", f"of type {kind} ({str(error)[:80]})", "texts or numbers")


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _text(column: pa.ChunkedArray) -> CodedTexts:
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return _coded(column)


def _coded(column: pa.ChunkedArray) -> CodedTexts:
    """Return a dictionary-encoded text column with blanks for nulls, each distinct text once."""
    merged = column.unify_dictionaries().combine_chunks()
    array = merged if isinstance(merged, pa.DictionaryArray) else merged.chunk(0)
    values = ["" if value is None else value for value in array.dictionary.cast(pa.string()).to_pylist()]
    indices = array.indices
    if indices.null_count or "" not in values:
        values = [*values, ""]
        indices = indices.fill_null(len(values) - 1)
    numbers: dict[str, int] = {}
    place = np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)
    codes = place[np.asarray(indices.to_numpy(zero_copy_only=False), dtype=np.int64)]
    return CodedTexts(smallest(codes, len(numbers)), np.array(list(numbers), dtype=object))


def _numbers(column: pa.ChunkedArray) -> FloatArray:
    values = column.cast(pa.float64(), safe=False)
    return np.array(values.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _integers(column: pa.ChunkedArray) -> Column:
    limits = pc.min_max(column).as_py()
    if max(abs(limits["min"] or 0), abs(limits["max"] or 0)) > _LARGEST_EXACT:
        return _cast_to_text(column)
    return _numbers(column)


def _cast_to_text(column: pa.ChunkedArray) -> CodedTexts:
    """Return a column as text, by its distinct values: two million dates are few thousand days."""
    coded = column.dictionary_encode()
    chunks = [
        pa.DictionaryArray.from_arrays(chunk.indices, chunk.dictionary.cast(pa.string()))
        for chunk in coded.chunks
    ]
    return _coded(pa.chunked_array(chunks, pa.dictionary(pa.int32(), pa.string())))


def _timestamps(column: pa.ChunkedArray) -> CodedTexts:
    """Return ISO dates where no value has a time of day, else ISO date-times."""
    distinct = column.unique().to_pylist()
    dated = all(
        moment is None or moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
        for moment in distinct
    )
    texts = ["" if m is None else (m.date().isoformat() if dated else m.isoformat()) for m in distinct]
    indices = pc.index_in(column, value_set=pa.array(distinct, column.type))
    chunks = [pa.DictionaryArray.from_arrays(chunk, pa.array(texts, pa.string())) for chunk in indices.chunks]
    return _coded(pa.chunked_array(chunks, pa.dictionary(pa.int32(), pa.string())))


def _blank(column: pa.ChunkedArray) -> CodedTexts:
    return CodedTexts(np.zeros(len(column), dtype=np.uint8), np.array([""], dtype=object))


_CONVERTERS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.ChunkedArray], Column]], ...] = (
    (_is_text, _text),
    (pa.types.is_floating, _numbers),
    (pa.types.is_integer, _integers),
    (pa.types.is_decimal, _numbers),
    (pa.types.is_boolean, _cast_to_text),
    (pa.types.is_date, _cast_to_text),
    (pa.types.is_timestamp, _timestamps),
    (pa.types.is_null, _blank),
)
