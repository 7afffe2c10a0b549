"""SQL over the results of a run. The only importer of DuckDB, which here sees no file and no network."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pyarrow as pa

from stresstest.batch.reading.run_folder import KEYS, TABLES, RunFolder
from stresstest.batch.reading.sql_errors import SOURCE, sql_problem
from stresstest.errors import InputError, Location, Problem, ResourceError

if TYPE_CHECKING:
    import duckdb

MEMORY = 2 * 1024**3
"""Bytes that DuckDB may take; it may not spill to disk."""

LONG = {
    "pnl_long": ("pnl", "scenario"),
    "draws_long": ("draws", "draw"),
    "contributions_long": ("contributions", "scenario"),
}
"""Views with a row a result: of which wide table, and what their column of names is called."""

# Named tables of results are handed over as Arrow data sets, so DuckDB needs no file: everything that could
# open one, load code or widen these settings is off before the first word of a user's query is read.
# One thread: the same sums each time.
_CONFIGURATION = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "temp_directory": "",
    "errors_as_json": True,
    "memory_limit": f"{MEMORY}B",
    "threads": 1,
    "preserve_insertion_order": True,
}


@dataclass(frozen=True)
class Answer:
    """Rows of a query.

    Attributes
    ----------
    names, types
        Of the columns; types as DuckDB calls them.
    rows
        Plain values: texts, numbers, booleans, None, and lists or mappings of these. No NaN, no infinity.
    """

    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def columns(self) -> dict[str, list[Any]]:
        """Return the rows as columns, names that stand twice numbered."""
        names: list[str] = []
        for name in self.names:
            same = sum(known == name or known.startswith(f"{name}_") for known in names)
            names.append(f"{name}_{same}" if name in names else name)
        return {name: [row[place] for row in self.rows] for place, name in enumerate(names)}


def query(run: RunFolder, sql: str, memory: int = MEMORY) -> Answer:
    """Return what one SELECT over the tables of a run gives.

    Tables are those of `TABLES` that the run has, those of `LONG`, with a row a result, and `RATES`.

    Raises
    ------
    InputError
        ST761 for an unknown table or column, ST762 for anything but one query of the run's tables, ST763 for
        SQL that DuckDB does not take, ST764 where DuckDB is not installed.
    ResourceError
        When the query needs more than `memory` bytes.
    """
    duckdb = _duckdb()
    connection = duckdb.connect(":memory:", config={**_CONFIGURATION, "memory_limit": f"{memory}B"})
    try:
        columns = _add_views(connection, run)
        connection.execute("SET lock_configuration=true")
        return _answer(connection, _only_select(connection, sql))
    except duckdb.OutOfMemoryException:
        got = f"the query needs more than {memory / 1e9:.1f} GB"
        raise ResourceError(f"{got}; select less, or aggregate before sorting") from None
    except duckdb.Error as error:
        raise InputError([sql_problem(sql, str(error), columns)]) from None
    finally:
        connection.close()


RATES = "rates"
"""Table of a finished run: price of one unit of each portfolio's currency in the currency of totals."""


@dataclass(frozen=True)
class View:
    """A table that a query may name.

    Attributes
    ----------
    what
        What a row is.
    columns
        Its columns.
    results
        Those that are a result each: scenarios, or draws.
    """

    what: str
    columns: tuple[str, ...]
    results: tuple[str, ...] = ()


def views(run: RunFolder) -> dict[str, View]:
    """Return the tables that a query of the run may name."""
    found = {}
    for name in run.tables:
        results = run.results(name) if name in KEYS and run.results(name) != ["scenario", "pnl"] else ()
        found[name] = View(TABLES[name], tuple(run.dataset(name).schema.names), tuple(results))
    for name, (table, result) in LONG.items():
        if table in found:
            found[name] = View(f"a row of {table} and a {result}", (*KEYS[table], result, "pnl"))
    if run.finished:
        found[RATES] = View(f"a currency, with the price of one unit in {run.currency}", ("currency", "rate"))
    return found


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError:
        extra = "the extra: pip install 'stresstest[query]'"
        raise InputError([Problem("ST764", "a query without DuckDB", extra)]) from None
    return duckdb


def _add_views(connection: duckdb.DuckDBPyConnection, run: RunFolder) -> Mapping[str, Sequence[str]]:
    """Name the tables of the run in a connection, and return their columns."""
    for name in run.tables:
        connection.register(name, run.dataset(name))
    found = views(run)
    for name in LONG.keys() & found.keys():
        connection.execute(_long_view(name, run))
    if RATES in found:
        rates = {"currency": list(run.rates), "rate": list(run.rates.values())}
        connection.register(RATES, pa.table(rates))
    return {name: view.columns for name, view in found.items()}


def _long_view(name: str, run: RunFolder) -> str:
    """Return the definition of a view with a row a result."""
    table, result = LONG[name]
    keys = ", ".join(f'"{key}"' for key in KEYS[table])
    results = run.results(table)
    if results == ["scenario", "pnl"]:  # the run was asked for the long layout
        return f"CREATE VIEW {name} AS SELECT {keys}, scenario AS {result}, pnl FROM {table}"  # noqa: S608
    if not results:
        return f"CREATE VIEW {name} AS SELECT {keys}, '' AS {result}, 0.0 AS pnl FROM {table} WHERE false"  # noqa: S608
    # Names of scenarios are snake_case and those of draws `set/number`; quoted all the same.
    listed = ", ".join('"' + known.replace('"', '""') + '"' for known in results)
    unpivot = f"{table} UNPIVOT INCLUDE NULLS (pnl FOR {result} IN ({listed}))"
    return f"CREATE VIEW {name} AS SELECT {keys}, {result}, pnl FROM {unpivot}"  # noqa: S608


def _only_select(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """Return the one statement of `sql`, a query; refuse anything else."""
    statements = connection.extract_statements(sql)
    kinds = [statement.type.name for statement in statements]
    if kinds == ["SELECT"]:
        return statements[0]
    if not kinds:
        got = "nothing"
    elif len(kinds) > 1:
        got = f"{len(kinds)} statements"
    else:
        got = "a PIVOT without its IN (…)" if kinds[0] == "MULTI" else f"a statement {kinds[0]}"
    expected = "one SELECT; the results of a run can be read only"
    raise InputError([Problem("ST762", got, expected, Location(SOURCE))])


def _answer(connection: duckdb.DuckDBPyConnection, statement: Any) -> Answer:
    result = connection.execute(statement)
    described = result.description or []
    rows = tuple(tuple(_plain(cell) for cell in row) for row in result.fetchall())
    return Answer(tuple(str(item[0]) for item in described), tuple(str(item[1]) for item in described), rows)


def _plain(cell: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(cell, Decimal):
        cell = float(cell)
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    if isinstance(cell, timedelta | UUID | bytes):
        return cell.hex() if isinstance(cell, bytes) else str(cell)
    if isinstance(cell, list | tuple):
        return [_plain(item) for item in cell]
    if isinstance(cell, dict):
        return {str(key): _plain(item) for key, item in cell.items()}
    return cell
