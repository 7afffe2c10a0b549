"""Realised moves by name, from a table."""

from __future__ import annotations

from pathlib import Path

from stresstest.errors import InputError, Location, Problem, ProblemList
from stresstest.io.tables import Table, read_table
from stresstest.quantity import QuantityError, parse_percentage

_NAMES = ("issuer", "ticker", "symbol", "name")
_TEXT, _NUMBER = "return", "return_percent"


def read_realised(path: Path) -> dict[str, float]:
    """Return relative moves by name, −0.17 for −17 %; rows with a blank move are left out.

    The table has a column `issuer` (also `ticker`, `symbol`, `name`), and either `return` with texts like
    `-16.97%` or `return_percent` with plain numbers in per cent.

    Raises
    ------
    InputError
        ST460 where a column is missing, a name stands twice, or a move is no return above −100 % or at it.
    """
    table = read_table(path)
    names = next((name for name in _NAMES if name in table.columns), "")
    moves = next((name for name in (_TEXT, _NUMBER) if name in table.columns), "")
    if not names or not moves:
        got = f"a table of columns {', '.join(table.columns)}"
        expected = f"issuer, and {_TEXT} (-16.97%) or {_NUMBER} (-16.97)"
        raise InputError([Problem("ST460", got, expected, Location(table.file))])
    problems = ProblemList()
    found: dict[str, float] = {}
    values = _values(table, moves, problems)
    for row, name in enumerate(table.texts(names).tolist()):
        if name in found:
            got = f"second row of {name}"
            problems.add(Problem("ST460", got, "each name once", table.location(row, names)))
        move = values[row]
        if move is not None:
            found[name] = move
    problems.raise_if_any()
    return found


def _values(table: Table, column: str, problems: ProblemList) -> list[float | None]:
    """Return the moves as fractions; None where a cell is blank or wrong, which is added to `problems`."""
    if column == _NUMBER:
        cells = table.numbers(column, problems, required=False).tolist()
        values = [None if cell != cell else cell / 100.0 for cell in cells]  # noqa: PLR0124 - NaN is a blank
    else:
        values = [_percentage(table, row, text, problems) for row, text in enumerate(table.texts(column))]
    for row, value in enumerate(values):
        if value is not None and value < -1.0:
            got = f"a return of {100.0 * value:g} %"
            problems.add(Problem("ST460", got, "-100 % or more", table.location(row, column)))
    return values


def _percentage(table: Table, row: int, text: str, problems: ProblemList) -> float | None:
    if not text:
        return None
    try:
        return parse_percentage(text)
    except QuantityError as error:
        problems.add(error.problem(table.location(row, _TEXT)))
        return None
