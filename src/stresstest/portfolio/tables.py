"""Position tables: columns checked as a whole, contract terms read once for each distinct instrument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.errors import Location, Problem, ProblemList, nearest
from stresstest.io.document import DataPath, Locate
from stresstest.io.fields import read_date, spec_from_cells
from stresstest.io.tables import Table
from stresstest.portfolio.model import Instrument, Lot, Positions, StatedValue
from stresstest.portfolio.position_fields import instrument_type_at, known_columns, unknown_fields
from stresstest.portfolio.spec import POSITION_FIELDS
from stresstest.quantity import QuantityError, parse_percentage

TAG_PREFIX = "tags."
_MOST_REPEATED_IDS = 100


def table_positions(table: Table) -> tuple[tuple[Instrument, ...], Positions]:
    """Return the distinct instruments and the positions of a table.

    The header has the field names of positions and of their types; `tags.NAME` columns are the holder's own
    attributes. A blank cell is an absent field.

    Raises
    ------
    InputError
        With everything that is wrong, each with its row and column.
    """
    problems = ProblemList()
    _check_header(table, problems)
    if not table.n_rows:
        problems.add(no_positions(Location(table.file)))
    problems.raise_if_any()
    ids = table.texts("id").tolist()
    _check_ids(table, ids, problems)
    quantity, weight = _amounts(table, problems)
    instruments, row_of = _instruments(table, problems)
    problems.raise_if_any()
    tags = {
        name.removeprefix(TAG_PREFIX): tuple(table.texts(name))
        for name in table.columns
        if name.startswith(TAG_PREFIX)
    }
    names = tuple(table.texts("name")) if "name" in table.columns else ("",) * table.n_rows
    lots = _lots(table, quantity, problems)
    problems.raise_if_any()
    amounts = (frozen_int(row_of), quantity, weight)
    positions = Positions(tuple(ids), *amounts, tags, names, table.location, lots)
    return instruments, positions


def _lots(table: Table, quantity: FloatArray, problems: ProblemList) -> dict[int, tuple[Lot, ...]]:
    """Return one lot for each row that states what a unit cost."""
    if "cost_price" not in table.columns:
        return {}
    lots: dict[int, tuple[Lot, ...]] = {}
    for row, price in enumerate(table.numbers("cost_price", problems, required=False).tolist()):
        if price == price:  # noqa: PLR0124 - NaN where the cell is blank
            if price < 0.0 or np.isnan(quantity[row]):
                got = f"cost_price {price:g}" if price < 0.0 else "a cost price without a quantity"
                expected = "a price of 0 or more, and a quantity"
                problems.add(Problem("ST480", got, expected, table.location(row, "cost_price")))
            lots[row] = (Lot(float(quantity[row]), price),)
    return lots


def no_positions(where: Location) -> Problem:
    """Return the problem of a portfolio without positions."""
    return Problem("ST268", "no position", "at least one position", where)


def _check_header(table: Table, problems: ProblemList) -> None:
    known = known_columns()
    for column in table.columns:
        if column not in known and not column.startswith(TAG_PREFIX):
            expected = "one of " + ", ".join(known) + f", or {TAG_PREFIX}NAME"
            where = table.location(-1, column)
            problems.add(
                Problem("ST150", f"unknown column {column!r}", expected, where, nearest(column, known))
            )
    for column in ("id", "type"):
        if column not in table.columns:
            problems.add(
                Problem("ST140", f"no column {column!r}", "id, type, quantity, …", Location(table.file))
            )
    if not {"quantity", "weight"} & set(table.columns):
        got = "neither a column 'quantity' nor 'weight'"
        problems.add(Problem("ST140", got, "how much is held", Location(table.file)))


def _check_ids(table: Table, ids: list[str], problems: ProblemList) -> None:
    """Add a problem for each blank or repeated id."""
    if all(ids) and len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    found = 0
    for row, name in enumerate(ids):
        if not name or name in seen:
            got = f"position id {name!r} stands twice" if name else "position without id"
            problems.add(Problem("ST250", got, "a unique id", table.location(row, "id")))
            found += 1
        seen.add(name)
        if found == _MOST_REPEATED_IDS:
            return


def _amounts(table: Table, problems: ProblemList) -> tuple[FloatArray, FloatArray]:
    """Return quantities and weights; each row has exactly one of them."""
    nothing = np.full(table.n_rows, np.nan)
    quantity = nothing
    if "quantity" in table.columns:
        quantity = table.numbers("quantity", problems, required=False)
    weight = nothing.copy()
    if "weight" in table.columns:
        for row, cell in enumerate(table.texts("weight")):
            if cell:
                weight[row] = _percentage(cell, table.location(row, "weight"), problems)
    both = np.isnan(quantity) == np.isnan(weight)
    if not len(problems):
        for row in np.flatnonzero(both).tolist()[:_MOST_REPEATED_IDS]:
            problems.add(
                Problem(
                    "ST260", "neither quantity nor weight, or both", "one of them", table.location(row, "id")
                )
            )
    return frozen(quantity), frozen(weight)


def _percentage(cell: str, where: Location, problems: ProblemList) -> float:
    try:
        return parse_percentage(cell)
    except QuantityError as error:
        problems.add(error.problem(where))
        return float("nan")


@dataclass(frozen=True, slots=True)
class _Distinct:
    """Cells that make an instrument, with the first row that has them."""

    row: int
    tag: str
    cells: dict[str, str]
    stated: dict[str, str]


def _instruments(table: Table, problems: ProblemList) -> tuple[tuple[Instrument, ...], list[int]]:
    """Return the distinct instruments and the one that each row holds."""
    terms = [
        name for name in table.columns if name not in POSITION_FIELDS and not name.startswith(TAG_PREFIX)
    ]
    common = [name for name in ("proxy", "stated_value", "stated_date") if name in table.columns]
    columns = [table.texts(name).tolist() for name in ("type", *terms, *common)]
    if "stated_value" in table.columns:
        owners = zip(table.texts("id"), table.texts("stated_value"), strict=True)
        columns.append([name if stated else "" for name, stated in owners])
    first: dict[tuple[str, ...], int] = {}
    keys = list(zip(*columns, strict=True))
    for row, key in enumerate(keys):
        first.setdefault(key, row)
    merged: dict[Instrument, int] = {}
    place: dict[tuple[str, ...], int] = {}
    for key, row in first.items():
        cells = {name: cell for name, cell in zip(terms, key[1:], strict=False) if cell}
        stated = {name: cell for name, cell in zip(common, key[1 + len(terms) :], strict=False) if cell}
        instrument = _instrument(table, _Distinct(row, key[0], cells, stated), problems)
        if instrument is not None:
            place[key] = merged.setdefault(instrument, len(merged))
    return tuple(merged), [place.get(key, 0) for key in keys]


def _instrument(table: Table, distinct: _Distinct, problems: ProblemList) -> Instrument | None:
    row = distinct.row

    def locate(field: str) -> Location:
        return table.location(row, field)

    if not distinct.tag:
        problems.add(Problem("ST165", "no type", "an instrument type", locate("type")))
        return None
    type_ = instrument_type_at(distinct.tag, locate, problems)
    if type_ is None:
        return None
    unknown = unknown_fields(distinct.cells, type_, locate)
    problems.extend(unknown)
    known = {name: cell for name, cell in distinct.cells.items() if name in type_.spec.model_fields}
    spec = spec_from_cells(type_.spec, known, _path_locator(locate), problems)
    stated = _stated(table, distinct, problems)
    if spec is None or unknown:
        return None
    owner = table.texts("id")[row] if stated else ""
    return Instrument(distinct.tag, spec, owner, stated, distinct.stated.get("proxy", ""))


def _path_locator(locate: Callable[[str], Location]) -> Locate:
    """Return where the cell of a field stands, given the field as a path."""

    def at(path: DataPath, key: bool = False) -> Location:
        del key
        return locate(str(path[0]) if path else "type")

    return at


def _stated(table: Table, distinct: _Distinct, problems: ProblemList) -> StatedValue | None:
    """Return the stated value of the row, or None where it has none."""
    if "stated_value" not in distinct.stated:
        return None
    row = distinct.row
    before = len(problems)
    values = table.numbers("stated_value", problems, required=False)
    quantities = table.numbers("quantity", problems, required=False)
    try:
        day = read_date(distinct.stated.get("stated_date", ""))
    except QuantityError as error:
        problems.add(error.problem(table.location(row, "stated_date")))
    if len(problems) > before:
        return None
    return StatedValue(float(values[row]), day, float(quantities[row]))
