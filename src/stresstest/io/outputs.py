"""Columns to CSV, Parquet, JSON and Excel: texts harmless for spreadsheets, NaN an empty value."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np

from stresstest.errors import InputError, Location, Problem
from stresstest.io.atomic_file import require_free, write_atomically
from stresstest.io.sanitise import csv_cell

__all__ = ["csv_text", "require_format", "require_free", "write_atomically", "write_table"]

Cell: TypeAlias = str | float | int | bool | None
Columns: TypeAlias = Mapping[str, Sequence[Cell] | np.ndarray[Any, Any]]

_ROWS_A_GROUP = 1 << 17


def write_table(path: Path, columns: Columns, force: bool = False) -> None:
    """Write columns of equal length to a file whose suffix says the format.

    Parameters
    ----------
    columns
        By name, each `(n_rows,)`: texts, numbers (NaN and infinity become empty), booleans or None.

    Raises
    ------
    InputError
        ST147 for another suffix than `.csv`, `.parquet`, `.json`, `.xlsx`; else as `write_atomically`.
    ValueError
        When the columns differ in length.
    """
    writer = require_format(path)
    require_free(path, force)
    plain = {name: _plain(values) for name, values in columns.items()}
    if len({len(cells) for cells in plain.values()}) > 1:
        raise ValueError(
            "columns of different lengths: " + ", ".join(f"{n} {len(c)}" for n, c in plain.items())
        )
    write_atomically(path, lambda stream: writer(stream, plain), force)


def require_format(path: Path) -> Callable[[BinaryIO, dict[str, list[Cell]]], None]:
    """Return the writer of the format that the suffix of `path` names, or refuse it (ST147)."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        got, known = f"output format {path.suffix!r}", "one of " + ", ".join(_WRITERS)
        raise InputError([Problem("ST147", got, known, Location(str(path)))])
    if path.suffix.lower() == ".xlsx":
        try:
            import openpyxl  # noqa: F401 (an extra; better refused now than after the computation)
        except ImportError:
            extra = "the extra: pip install 'stresstest[xlsx]'"
            raise InputError([Problem("ST147", "output to Excel", extra, Location(str(path)))]) from None
    return writer


def csv_text(columns: Columns) -> str:
    """Return columns as CSV text, one header line, lines ended by a line feed."""
    stream = io.StringIO(newline="")
    _write_rows(stream, {name: _plain(values) for name, values in columns.items()})
    return stream.getvalue()


def _plain(values: Sequence[Cell] | np.ndarray[Any, Any]) -> list[Cell]:
    cells: list[Any] = values.tolist() if isinstance(values, np.ndarray) else list(values)
    cells = [cell.item() if isinstance(cell, np.generic) else cell for cell in cells]
    return [None if isinstance(cell, float) and not math.isfinite(cell) else cell for cell in cells]


def _write_rows(stream: Any, columns: Mapping[str, list[Cell]]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([csv_cell(name) for name in columns])
    texts = [_csv_cells(cells) for cells in columns.values()]
    writer.writerows(zip(*texts, strict=True))


def _csv_cells(cells: list[Cell]) -> list[str]:
    """Return cells as CSV text: numbers in their shortest exact spelling."""
    texts = []
    for cell in cells:
        if isinstance(cell, str):
            texts.append(csv_cell(cell))
        elif isinstance(cell, bool):
            texts.append("true" if cell else "false")
        else:
            texts.append("" if cell is None else repr(cell))
    return texts


def _csv(stream: BinaryIO, columns: dict[str, list[Cell]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    _write_rows(text, columns)
    text.detach()


def _json(stream: BinaryIO, columns: dict[str, list[Cell]]) -> None:
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    stream.write(json.dumps(rows, ensure_ascii=True, allow_nan=False, indent=1).encode("ascii") + b"\n")


def _parquet(stream: BinaryIO, columns: dict[str, list[Cell]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({name: pa.array(cells) for name, cells in columns.items()})
    pq.write_table(table, stream, compression="zstd", row_group_size=_ROWS_A_GROUP)


def _workbook(stream: BinaryIO, columns: dict[str, list[Cell]]) -> None:
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("result")
    sheet.append([csv_cell(name) for name in columns])
    for row in zip(*columns.values(), strict=True):
        sheet.append([csv_cell(cell) if isinstance(cell, str) else cell for cell in row])
    workbook.save(stream)


_WRITERS: dict[str, Callable[[BinaryIO, dict[str, list[Cell]]], None]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".json": _json,
    ".xlsx": _workbook,
}
