"""Synthetic accounts as the columns of a position table, in memory and as a Parquet file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stresstest.arrays import IntArray
from stresstest.batch.accounts.reading import ACCOUNT, CURRENCY, GROUP
from stresstest.batch.accounts.synthetic import SyntheticAccounts
from stresstest.batch.accounts.universe import Universe
from stresstest.errors import InputError, Location, Problem
from stresstest.io.coded import CodedTexts, code_texts, smallest
from stresstest.io.flow_text import flow_text
from stresstest.io.outputs import write_atomically
from stresstest.io.tables import Column, Table
from stresstest.portfolio.model import Portfolio
from stresstest.portfolio.tables import table_positions

_ROWS_A_GROUP = 1 << 17


def account_columns(accounts: SyntheticAccounts) -> dict[str, Column]:
    """Return the table of all accounts: their name, currency and mandate, then the columns of positions."""
    each = accounts.positions_each
    heads = {ACCOUNT: accounts.names, CURRENCY: accounts.currencies, GROUP: accounts.mandates}
    columns: dict[str, Column] = {}
    for name, texts in heads.items():
        coded = code_texts(np.array(texts, dtype=object))
        columns[name] = CodedTexts(np.repeat(coded.codes, each), coded.values)
    return {**columns, **position_columns(accounts)}


def position_columns(accounts: SyntheticAccounts) -> dict[str, Column]:
    """Return the columns of positions, numbered from 1 in each account."""
    each, count = accounts.positions_each, len(accounts.names)
    width = len(str(each))
    ids = np.array([f"p{number:0{width}d}" for number in range(1, each + 1)], dtype=object)
    numbers = smallest(np.arange(each), each)
    terms = {name: _taken(column, accounts.instrument) for name, column in _terms(accounts.universe).items()}
    return {"id": CodedTexts(np.tile(numbers, count), ids), **terms, "quantity": accounts.quantity}


def portfolio_of(accounts: SyntheticAccounts) -> Portfolio:
    """Return the only account as a portfolio, without a file between."""
    (name,), (currency,) = accounts.names, accounts.currencies

    def nowhere(row: int, column: int) -> Location:
        return Location(name, row + 1, column + 1)

    table = Table(name, len(accounts.instrument), position_columns(accounts), nowhere)
    return Portfolio(name, currency, *table_positions(table))


def write_accounts(path: Path, accounts: SyntheticAccounts, *, force: bool = False) -> None:
    """Write the table of all accounts to a Parquet file.

    Raises
    ------
    InputError
        ST147 for another suffix than `.parquet`, ST145 for a file that exists, unless `force`.
    """
    if path.suffix.lower() != ".parquet":
        got = f"accounts as {path.suffix!r}"
        raise InputError([Problem("ST147", got, "a file that ends in .parquet", Location(str(path)))])
    table = pa.table({name: _arrow(column) for name, column in account_columns(accounts).items()})
    write_atomically(path, partial(_write, table), force)


def _write(table: pa.Table, stream: BinaryIO) -> None:
    pq.write_table(table, stream, compression="zstd", row_group_size=_ROWS_A_GROUP)


def _arrow(column: Column) -> pa.Array:
    if not isinstance(column, CodedTexts):
        return pa.array(column, from_pandas=True)
    blank = column.codes == column.code("")
    indices = pa.array(column.codes.astype(np.int32), mask=blank)
    return pa.DictionaryArray.from_arrays(indices, pa.array(column.values.tolist(), pa.string()))


def _terms(universe: Universe) -> Mapping[str, Column]:
    """Return type and terms of the universe as columns, a row an instrument."""
    names = dict.fromkeys(name for terms in universe.terms for name in terms)
    cells = {name: [_cell(terms.get(name)) for terms in universe.terms] for name in names}
    types = code_texts(np.array(universe.tags, dtype=object))
    return {"type": types, **{name: _column(values) for name, values in cells.items()}}


def _column(cells: list[Any]) -> Column:
    if not any(isinstance(cell, str) for cell in cells):
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    texts = ["" if cell is None else cell if isinstance(cell, str) else flow_text(cell) for cell in cells]
    return code_texts(np.array(texts, dtype=object))


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return flow_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else value


def _taken(column: Column, rows: IntArray) -> Column:
    return column.take(rows) if isinstance(column, CodedTexts) else column[rows]
