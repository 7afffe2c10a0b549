"""Position tables: columns checked as a whole, contract terms read once for each distinct instrument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io.coded import CodedTexts, Codes, distinct_rows
from stresstest.io.tables import Table
from stresstest.portfolio.model import Instrument, Lot, Positions
from stresstest.portfolio.position_fields import known_columns
from stresstest.portfolio.row_faults import RowFaults
from stresstest.portfolio.table_terms import TAG_PREFIX, Owners, TermRows, table_instruments
from stresstest.quantity import QuantityError, parse_percentage

__all__ = ["TAG_PREFIX", "Accounts", "PositionTable", "no_positions", "read_positions", "table_positions"]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Which portfolio each row of a table belongs to, and the columns that say so beside those of positions.

    Attributes
    ----------
    columns
        Names of these columns.
    codes, count
        Number of each row's portfolio `(n_rows,)`, and how many there are.
    """

    columns: tuple[str, ...]
    codes: Codes
    count: int


@dataclass(frozen=True, slots=True)
class PositionTable:
    """The positions of a table as columns, every row of it, those at fault included.

    Attributes
    ----------
    instruments, instrument
        Distinct contract terms by first row, and the ones that each row holds, −1 where its terms are at
        fault `(n_rows,)`.
    quantity, weight
        One of them in each row, the other NaN `(n_rows,)`.
    ids, names, tags
        Texts of each row.
    cost_price
        What a unit cost, NaN where the row does not say `(n_rows,)`.
    """

    table: Table
    instruments: tuple[Instrument, ...]
    instrument: IntArray
    quantity: FloatArray
    weight: FloatArray
    ids: CodedTexts
    names: CodedTexts
    tags: Mapping[str, CodedTexts]
    cost_price: FloatArray

    def positions(self, rows: IntArray, instrument: IntArray) -> Positions:
        """Return the positions of `rows`, given the number of each one's instrument in its portfolio."""
        cost = self.cost_price[rows]
        quantity = frozen(self.quantity[rows])
        lots = {
            row: (Lot(float(quantity[row]), float(cost[row])),)
            for row in np.flatnonzero(~np.isnan(cost)).tolist()
        }
        return Positions(
            tuple(self.ids.take(rows).tolist()),
            frozen_int(instrument),
            quantity,
            frozen(self.weight[rows]),
            {name: tuple(column.take(rows).tolist()) for name, column in self.tags.items()},
            tuple(self.names.take(rows).tolist()),
            partial(_located, self.table, rows),
            lots,
        )


def _located(table: Table, rows: IntArray, position: int, field: str) -> Location:
    return table.location(int(rows[position]), field)


def table_positions(table: Table) -> tuple[tuple[Instrument, ...], Positions]:
    """Return the distinct instruments and the positions of a table.

    The header has the field names of positions and of their types; `tags.NAME` columns are the holder's own
    attributes. A blank cell is an absent field.

    Raises
    ------
    InputError
        With everything that is wrong, each with its row and column.
    """
    if not table.n_rows:
        check_header(table)
        raise InputError([no_positions(Location(table.file))])
    faults = RowFaults(table)
    found = read_positions(table, faults)
    faults.raise_if_any()
    rows = frozen_int(np.arange(table.n_rows))
    return found.instruments, found.positions(rows, found.instrument)


def read_positions(table: Table, faults: RowFaults, accounts: Accounts | None = None) -> PositionTable:
    """Return the positions of a table as columns; what is wrong with a row is added to `faults`.

    Raises
    ------
    InputError
        Where the header is wrong, so that no row can be read.
    """
    check_header(table, () if accounts is None else accounts.columns)
    owner = (np.zeros(table.n_rows, np.uint8), 1) if accounts is None else (accounts.codes, accounts.count)
    ids = table.coded("id")
    owners = Owners(ids, owner)
    _check_ids(owners, faults)
    quantity, weight = _amounts(table, faults)
    cost_price = _cost_prices(table, quantity, faults)
    stated_value = _numbers(table, "stated_value", faults)
    ignored = () if accounts is None else accounts.columns
    terms = TermRows(table, owners, quantity, stated_value, ignored)
    instruments, instrument = table_instruments(terms, faults)
    tags = {
        name.removeprefix(TAG_PREFIX): table.coded(name)
        for name in table.columns
        if name.startswith(TAG_PREFIX)
    }
    amounts = (frozen_int(instrument), frozen(quantity), frozen(weight))
    return PositionTable(table, instruments, *amounts, ids, table.coded("name"), tags, cost_price)


def no_positions(where: Location) -> Problem:
    """Return the problem of a portfolio without positions."""
    return Problem("ST268", "no position", "at least one position", where)


def check_header(table: Table, more: Sequence[str] = ()) -> None:
    """Check that a table has the columns of positions and no unknown ones.

    Raises
    ------
    InputError
        With every column that is missing or unknown.
    """
    problems = ProblemList()
    known = (*more, *known_columns())
    for column in table.columns:
        if column not in known and not column.startswith(TAG_PREFIX):
            expected = "one of " + ", ".join(known) + f", or {TAG_PREFIX}NAME"
            where = table.location(-1, column)
            got = f"unknown column {column!r}"
            problems.add(Problem("ST150", got, expected, where, nearest(column, known)))
    for column in ("id", "type"):
        if column not in table.columns:
            expected = "id, type, quantity, …"
            problems.add(Problem("ST140", f"no column {column!r}", expected, Location(table.file)))
    if not {"quantity", "weight"} & set(table.columns):
        got = "neither a column 'quantity' nor 'weight'"
        problems.add(Problem("ST140", got, "how much is held", Location(table.file)))
    problems.raise_if_any()


def _check_ids(owners: Owners, faults: RowFaults) -> None:
    """Add a fault for each blank id, and each that its portfolio has in a row before."""
    ids = owners.ids
    blank = ids.codes == ids.code("")
    faults.add_all(np.flatnonzero(blank), "id", Problem("ST250", "position without id", "a unique id"))
    distinct = distinct_rows(owners.columns(), len(blank))
    repeated = ~blank
    repeated[distinct.first] = False
    for row in np.flatnonzero(repeated).tolist():
        got = f"position id {ids.text(row)!r} stands twice"
        faults.add(row, "id", Problem("ST250", got, "a unique id"))


def _amounts(table: Table, faults: RowFaults) -> tuple[FloatArray, FloatArray]:
    """Return quantities and weights; each row has exactly one of them."""
    before = len(faults)
    quantity = _numbers(table, "quantity", faults)
    weight = _weights(table, faults)
    both = np.isnan(quantity) == np.isnan(weight)
    if both.any() and len(faults) > before:
        both &= ~faults.bad()
    problem = Problem("ST260", "neither quantity nor weight, or both", "one of them")
    faults.add_all(np.flatnonzero(both), "id", problem)
    return quantity, weight


def _numbers(table: Table, column: str, faults: RowFaults) -> FloatArray:
    """Return a column as numbers `(n_rows,)`, NaN where it is blank, missing or malformed."""
    if column not in table.columns:
        return np.full(table.n_rows, np.nan)
    values, malformed = table.parsed(column, required=False)
    for row, problem in malformed:
        faults.add(row, column, problem)
    return values


def _weights(table: Table, faults: RowFaults) -> FloatArray:
    column = table.coded("weight")
    values = np.full(len(column.values), np.nan)
    for number, cell in enumerate(column.values):
        if cell:
            try:
                values[number] = parse_percentage(cell)
            except QuantityError as error:
                faults.add_all(column.rows_of(number), "weight", error.problem())
    return values[column.codes]


def _cost_prices(table: Table, quantity: FloatArray, faults: RowFaults) -> FloatArray:
    """Return what a unit cost in each row that says so: 0 or more, and only where there is a quantity."""
    price = _numbers(table, "cost_price", faults)
    for row in np.flatnonzero(price < 0.0).tolist():
        got = f"cost_price {price[row]:g}"
        problem = Problem("ST480", got, "a price of 0 or more, and a quantity")
        faults.add(row, "cost_price", problem)
    alone = np.flatnonzero((price >= 0.0) & np.isnan(quantity))
    got = "a cost price without a quantity"
    faults.add_all(alone, "cost_price", Problem("ST480", got, "a price of 0 or more, and a quantity"))
    return price
