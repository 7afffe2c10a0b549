"""Digest of results: one number for what a run found, whatever its tasks, workers and files were.

It is over portfolios in order of name, and of each over name, currency, base value and P&L in every result
in order of name, as IEEE 754 doubles in little endian; a value that is missing is one NaN.

Hedge plans are no part of it: solvers are compiled elsewhere, and their last bits differ between platforms.
Their files are hashed in the manifest as all others are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from stresstest.arrays import FloatArray

_FORMAT = b"stresstest/digest/1\n"


def row_digests(names: Sequence[str], currencies: Sequence[str], numbers: FloatArray) -> dict[str, bytes]:
    """Return the digest of each portfolio by its name.

    Parameters
    ----------
    numbers
        `(n_portfolios, 1 + n_results)` base values, then P&L in the results in order of name.
    """
    doubles = np.ascontiguousarray(np.where(np.isnan(numbers), np.nan, numbers), dtype="<f8")
    return {
        name: hashlib.sha256(_text(name) + _text(currency) + row.tobytes()).digest()
        for name, currency, row in zip(names, currencies, doubles, strict=True)
    }


def digest_of(results: Iterable[str], rows: Mapping[str, bytes]) -> str:
    """Return the digest of a run in hexadecimal digits, from names of results and digests of portfolios."""
    total = hashlib.sha256(_FORMAT)
    for name in sorted(results):
        total.update(_text(name))
    for name in sorted(rows):
        total.update(rows[name])
    return total.hexdigest()


def digest_of_folder(results: Path) -> str:
    """Return the digest of the tables of results of a run, wide or long, as they lie in its folder.

    Raises
    ------
    ValueError
        Where a portfolio or one of its results stands twice, or the groups have different results.
    """
    known: tuple[str, ...] | None = None
    rows: dict[str, bytes] = {}
    for group in _groups(results):
        names, found = _group_digests(results, group)
        if known not in (None, names):
            raise ValueError(f"{group} has other results than the groups before it")
        if twice := rows.keys() & found.keys():
            raise ValueError(f"portfolio {min(twice)!r} stands in two groups")
        known = names
        rows.update(found)
    return digest_of(known or (), rows)


def _groups(results: Path) -> list[str]:
    return sorted(path.parent.name for path in results.glob("portfolios/group=*/part.parquet"))


def _group_digests(results: Path, group: str) -> tuple[tuple[str, ...], dict[str, bytes]]:
    """Return the names of the results, sorted, and the digest of each portfolio of a group."""
    portfolios = _read(results / "portfolios" / group)
    names = portfolios["portfolio"].to_pylist()
    if len(set(names)) != len(names):
        raise ValueError(f"a portfolio stands twice in {group}")
    columns: dict[str, FloatArray] = {}
    for table in ("pnl", "draws"):
        path = results / table / group
        if (path / "part.parquet").is_file():
            columns.update(_results(_read(path), names))
    order = tuple(sorted(columns))
    numbers = [_floats(portfolios["base_value"]), *(columns[name] for name in order)]
    return order, row_digests(names, portfolios["currency"].to_pylist(), np.column_stack(numbers))


_KEYS = ("portfolio", "currency", "base_value")


def _results(table: pa.Table, names: list[str]) -> dict[str, FloatArray]:
    """Return P&L by result, in the order of `names`."""
    place = {name: row for row, name in enumerate(names)}
    rows = np.array([place[name] for name in table["portfolio"].to_pylist()], dtype=np.int64)
    if {"scenario", "pnl"} <= set(table.column_names):
        return _long_results(table, rows, len(names))
    if len(np.unique(rows)) != len(names) or len(rows) != len(names):
        raise ValueError("a portfolio stands twice or is missing among the results")
    order = np.argsort(rows)
    return {name: _floats(table[name])[order] for name in table.column_names if name not in _KEYS}


def _long_results(table: pa.Table, rows: npt.NDArray[np.int64], n_portfolios: int) -> dict[str, FloatArray]:
    coded = table["scenario"].combine_chunks().dictionary_encode()
    names, codes = coded.dictionary.to_pylist(), coded.indices.to_numpy()
    if len(np.unique(codes * n_portfolios + rows)) != table.num_rows:
        raise ValueError("a result of a portfolio stands twice")
    numbers = np.full((len(names), n_portfolios), np.nan)
    numbers[codes, rows] = _floats(table["pnl"])
    return dict(zip(names, numbers, strict=True))


def _read(folder: Path) -> pa.Table:
    return pq.ParquetFile(folder / "part.parquet").read(use_threads=False)


def _floats(column: pa.ChunkedArray) -> FloatArray:
    return np.asarray(column.cast(pa.float64()).fill_null(np.nan).to_numpy(), dtype=np.float64)


def _text(text: str) -> bytes:
    content = text.encode("utf-8")
    return len(content).to_bytes(4, "little") + content
