"""What DuckDB says of a query that it cannot run, as a problem: place, nearest table or column."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from stresstest.errors import Location, Problem, nearest

SOURCE = "SQL"
"""What a query is called in the place of a file."""

_TABLE, _COLUMN = "MISSING_ENTRY", "COLUMN_NOT_FOUND"


def sql_problem(sql: str, message: str, columns: Mapping[str, Sequence[str]]) -> Problem:
    """Return the problem that an error of DuckDB tells.

    Parameters
    ----------
    sql
        The query.
    message
        Text of the error: a kind, then a JSON object (with `errors_as_json`) or plain text.
    columns
        Names of the columns by table, to suggest from.
    """
    told = _told(message)
    text = str(told.get("exception_message", message)).strip()
    where = _place(sql, int(told["position"])) if "position" in told else Location(SOURCE)
    name, subtype = str(told.get("name", "")), told.get("error_subtype", "")
    if subtype == _TABLE and told.get("type") == "Table":
        return Problem(
            "ST761", f"table {name!r}", f"one of {', '.join(columns)}", where, nearest(name, columns)
        )
    if subtype == _COLUMN and name:
        return _column_problem(name, where, columns)
    if told.get("exception_type") == "Permission":
        return Problem("ST762", "a query that reads or writes files", "a query of the run's tables", where)
    return Problem("ST763", text.splitlines()[0], _expected(sql, told, columns), where)


def _expected(sql: str, told: Mapping[str, Any], columns: Mapping[str, Sequence[str]]) -> str:
    """Return what is expected in the place of bad SQL: a column with the name of a SQL word needs quotes."""
    place = len(sql.encode("utf-8")[: int(told.get("position", 0))].decode("utf-8", errors="ignore"))
    words = [*re.findall(r"\w+", sql[:place])[-1:], *re.findall(r"^\w+", sql[place:])]
    for word in words if "position" in told else ():
        if any(word.lower() in names for names in columns.values()):
            return f'a query that DuckDB takes; the column is "{word.lower()}", in double quotes'
    return "a query that DuckDB takes"


def _column_problem(name: str, where: Location, columns: Mapping[str, Sequence[str]]) -> Problem:
    known = dict.fromkeys(column for found in columns.values() for column in found)
    near = nearest(name, known)
    holders = [table for table, found in columns.items() if (near or name) in found]
    expected = f"a column of the table (those of {holders[0]}: `DESCRIBE {holders[0]}`)" if holders else (
        "a column of the table; `DESCRIBE pnl` lists those of pnl"
    )  # fmt: skip
    return Problem("ST761", f"column {name!r}", expected, where, near if near != name else "")


def _told(message: str) -> dict[str, Any]:
    start = message.find("{")
    try:
        found = json.loads(message[start:]) if start >= 0 else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _place(sql: str, offset: int) -> Location:
    """Return line and column of the byte at `offset`."""
    before = sql.encode("utf-8")[:offset].decode("utf-8", errors="ignore")
    return Location(SOURCE, before.count("\n") + 1, len(before) - before.rfind("\n"))
