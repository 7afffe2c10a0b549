"""Portfolios of many accounts from one table of positions, read column by column.

The table is one of positions with a column `portfolio`: the name of the account that each row belongs to.
`portfolio_currency` may name the currency that an account reports in (a plain `currency` is, as in every
position table, a term of the instrument), and `group` what the holder files the account under.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stresstest.arrays import IntArray, frozen_int
from stresstest.errors import InputError, Location, Problem
from stresstest.io.coded import CodedTexts, distinct_rows
from stresstest.io.fields import read_currency, read_identifier
from stresstest.io.tables import Table, column_names, read_table
from stresstest.portfolio.model import Portfolio
from stresstest.portfolio.row_faults import RowFaults
from stresstest.portfolio.tables import Accounts, PositionTable, no_positions, read_positions
from stresstest.quantity import QuantityError

ACCOUNT, CURRENCY, GROUP = "portfolio", "portfolio_currency", "group"
"""Columns of accounts, in front of those of positions."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is no position, and why; it stops neither its account nor the others.

    Attributes
    ----------
    portfolio, position
        Names as the row states them; they may themselves be what is wrong.
    row
        Row of the table, counted from 0.
    """

    portfolio: str
    position: str
    row: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class AccountsTable:
    """The accounts of a table.

    Attributes
    ----------
    portfolios
        In the order of their names. All share one tuple of instruments, the distinct ones of the table, so
        that each is bound and priced once; a portfolio holds some of them.
    refused
        Rows left out, in their order. An account of which every row is left out is no portfolio.
    groups
        Group of each portfolio; without those that state none.
    """

    portfolios: tuple[Portfolio, ...]
    refused: tuple[RefusedRow, ...]
    groups: Mapping[str, str]


def has_accounts(path: Path) -> bool:
    """Tell whether a table of positions holds several accounts: whether it has their column.

    Only the header of a CSV or Parquet file is read; a file that is no table has none.
    """
    try:
        return ACCOUNT in column_names(path)
    except InputError:
        return False


def read_accounts(path: Path, file: str = "") -> AccountsTable:
    """Return the accounts of a table in CSV, Parquet or Excel; `file` is what problems call it.

    Raises
    ------
    InputError
        Where the file cannot be read as a table, or its header is not one of accounts: then no row can be
        read. A row that is at fault is refused alone.
    """
    table = read_table(path, file=file or str(path))
    if ACCOUNT not in table.columns:
        expected = f"a column {ACCOUNT!r} with the name of each row's account"
        raise InputError([Problem("ST715", "no column 'portfolio'", expected, Location(table.file))])
    if not table.n_rows:
        raise InputError([no_positions(Location(table.file))])
    faults = RowFaults(table)
    account = table.coded(ACCOUNT)
    _check_names(account, faults)
    currency = _stated_once(table, CURRENCY, account, faults)
    group = _stated_once(table, GROUP, account, faults)
    own = tuple(name for name in (ACCOUNT, CURRENCY, GROUP) if name in table.columns)
    found = read_positions(table, faults, Accounts(own, account.codes, len(account.values)))
    _refuse_weights(found, faults)
    portfolios = _portfolios(found, account, currency, ~faults.bad())
    groups = {item.name: group[item.name] for item in portfolios if item.name in group}
    return AccountsTable(portfolios, _refused(faults, account, found.ids), groups)


def _check_names(account: CodedTexts, faults: RowFaults) -> None:
    for number, name in enumerate(account.values):
        try:
            read_identifier(name)
        except QuantityError as error:
            faults.add_all(account.rows_of(number), ACCOUNT, error.problem())


def _stated_once(table: Table, column: str, account: CodedTexts, faults: RowFaults) -> dict[str, str]:
    """Return what each account states in a column that says one thing of it: blank cells do not count.

    Where its rows differ, or state no currency, all of them are at fault.
    """
    texts = table.coded(column)
    stated = np.flatnonzero(texts.codes != texts.code(""))
    pairs = [(account.codes[stated], len(account.values)), (texts.codes[stated], len(texts.values))]
    found: dict[str, str] = {}
    for row in stated[distinct_rows(pairs, len(stated)).first].tolist():
        name, text = account.text(row), texts.text(row)
        problem = None
        if name in found:
            problem = Problem("ST716", f"{text!r}, elsewhere {found[name]!r}", f"one {column} an account")
        elif column == CURRENCY:
            problem = _no_currency(text)
        if problem is not None:
            faults.add_all(account.rows_of(int(account.codes[row])), column, problem)
        found.setdefault(name, text)
    return found


def _no_currency(text: str) -> Problem | None:
    try:
        read_currency(text)
    except QuantityError as error:
        return error.problem()
    return None


def _refuse_weights(found: PositionTable, faults: RowFaults) -> None:
    problem = Problem("ST257", "a weight without a total", "a quantity: accounts of a table have no total")
    faults.add_all(np.flatnonzero(~np.isnan(found.weight)), "weight", problem)


def _portfolios(
    found: PositionTable, account: CodedTexts, currency: Mapping[str, str], sound: np.ndarray
) -> tuple[Portfolio, ...]:
    """Return the accounts with their sound rows, in the order of names; rows keep their order."""
    kept = np.flatnonzero(sound)
    names = sorted(range(len(account.values)), key=lambda number: account.values[number])
    place = np.empty(len(names), dtype=np.int64)
    place[names] = np.arange(len(names))
    by_name = place[account.codes[kept]]
    order = np.argsort(by_name, kind="stable")
    rows = frozen_int(kept[order])
    ends = np.searchsorted(by_name[order], np.arange(len(names) + 1))
    return tuple(
        _portfolio(found, str(account.values[number]), currency, rows[first:last])
        for number, first, last in zip(names, ends[:-1].tolist(), ends[1:].tolist(), strict=True)
        if first < last
    )


def _portfolio(found: PositionTable, name: str, currency: Mapping[str, str], rows: IntArray) -> Portfolio:
    positions = found.positions(rows, found.instrument[rows])
    return Portfolio(name, currency.get(name, ""), found.instruments, positions, file=found.table.file)


def _refused(faults: RowFaults, account: CodedTexts, ids: CodedTexts) -> tuple[RefusedRow, ...]:
    return tuple(
        RefusedRow(account.text(row), ids.text(row), row, problems)
        for row, problems in faults.by_row().items()
    )
