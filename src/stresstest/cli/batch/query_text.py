"""Rows of a query as a table, a JSON document, CSV or a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import click
from rich.console import Console
from rich.padding import Padding

from stresstest.batch.reading.intact import require_intact
from stresstest.batch.reading.query import Answer, View, query, views
from stresstest.batch.reading.run_folder import RunFolder, open_run
from stresstest.cli.terminal import money, open_console, plain_table, safe
from stresstest.io.outputs import csv_text, require_format, require_free, write_atomically, write_table

SCHEMA = "stresstest/query/1"

SHOWN_ROWS = 200
"""Rows that a table on the terminal shows; the other forms hold all."""

ShownColumn: TypeAlias = tuple[list[str], bool]
"""Texts of a column, and whether they are numbers."""

_FEW_COLUMNS, _FEW_ROWS = 8, 10
_GAP = 2
_NONE = "-"
_LARGE = 1000.0


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """Options of `stresstest query`, named as there."""

    folder: str
    sql: str | None
    as_json: bool
    as_csv: bool
    output: str | None
    force: bool


def run_query(options: QueryOptions) -> None:
    """Ask, and show or write the rows; without a query the tables that there are."""
    _require_one_form(options)
    target = None if options.output is None else Path(options.output)
    if target is not None:
        require_format(target)
        require_free(target, options.force)
    run = open_run(options.folder)
    if run.finished:
        require_intact(run)
    else:
        click.echo(
            f"stresstest: note: {options.folder} is unfinished; groups done so far are shown", err=True
        )
    if options.sql is None:
        _show_views(run, options)
        return
    answer = query(run, options.sql)
    if target is not None:
        _write(answer, target, options.force)
    if options.as_json:
        click.echo(json.dumps(query_document(options.sql, answer), allow_nan=False))
    elif options.as_csv:
        click.echo(csv_text(_flat(answer)), nl=False)
    elif target is None:
        _show(open_console(), answer)


def _require_one_form(options: QueryOptions) -> None:
    if options.sql is None and (options.as_csv or options.output is not None):
        raise click.UsageError("--csv and --output need a query: stresstest query DIR SQL")
    if options.as_csv and options.as_json:
        raise click.UsageError("--csv and --json exclude one another")


def query_document(sql: str, answer: Answer) -> dict[str, Any]:
    """Return the document of `query --json`."""
    columns = [
        {"name": name, "type": type_} for name, type_ in zip(answer.columns(), answer.types, strict=True)
    ]
    return {"schema": SCHEMA, "sql": sql, "columns": columns, "rows": [list(row) for row in answer.rows]}


def _write(answer: Answer, target: Path, force: bool) -> None:
    if target.suffix.lower() == ".json":
        columns = answer.columns()
        rows = [dict(zip(columns, row, strict=True)) for row in answer.rows]
        write_atomically(target, (json.dumps(rows, allow_nan=False) + "\n").encode("ascii"), force)
    else:
        write_table(target, _flat(answer), force)


def _flat(answer: Answer) -> dict[str, list[Any]]:
    """Return the columns with lists and mappings as JSON text."""
    return {
        name: [json.dumps(cell) if isinstance(cell, list | dict) else cell for cell in cells]
        for name, cells in answer.columns().items()
    }


def _show(console: Console, answer: Answer) -> None:
    """Print rows as a table; what is the same in all of them above it, where it would be too wide."""
    columns = {name: (_texts(cells[:SHOWN_ROWS]), _numeric(cells)) for name, cells in _flat(answer).items()}
    if _width(columns) > console.width and len(answer.rows) > 1:
        columns = _print_same(console, columns)
    if _width(columns) > console.width and (len(answer.rows) <= _FEW_ROWS or len(columns) > _FEW_COLUMNS):
        _print_records(console, columns, len(answer.rows))
    else:
        table = plain_table([(name, "right" if right else "left") for name, (_, right) in columns.items()])
        for row in zip(*(texts for texts, _ in columns.values()), strict=True):
            table.add_row(*(safe(cell) for cell in row))
        console.print(table)
    hidden = len(answer.rows) - SHOWN_ROWS
    if hidden > 0:
        note = f"stresstest: note: {hidden:,} more rows; --csv, --json or -o FILE for all"
        click.echo(note, err=True)


def _width(columns: Mapping[str, ShownColumn]) -> int:
    """Return how wide a table of columns would be."""
    return sum(max(map(len, (name, *texts)), default=0) + _GAP for name, (texts, _) in columns.items())


def _print_same(console: Console, columns: Mapping[str, ShownColumn]) -> dict[str, ShownColumn]:
    """Print the columns that hold one value, and return the others; empty ones go without a word."""
    same = {name: texts[0] for name, (texts, _) in columns.items() if len(set(texts)) == 1}
    if len(same) == len(columns):
        return dict(columns)
    told = ", ".join(f"{name}: {text}" for name, text in same.items() if text not in ("", _NONE))
    if told:
        console.print(safe(f"All rows have {told}"))
    return {name: column for name, column in columns.items() if name not in same}


def _print_records(console: Console, columns: Mapping[str, ShownColumn], n_rows: int) -> None:
    """Print each row as lines of `column  value`; a value of several lines below one another."""
    for row in range(min(n_rows, SHOWN_ROWS)):
        table = plain_table([(f"row {row + 1}", "left"), ("", "left")])
        for name, (texts, _) in columns.items():
            lines = texts[row].splitlines() or [""]
            table.add_row(safe(name), safe(lines[0]))
            for line in lines[1:]:
                table.add_row("", safe(line))
        console.print(table)


def _numeric(cells: list[Any]) -> bool:
    return any(isinstance(cell, int | float) for cell in cells)


def _texts(cells: list[Any]) -> list[str]:
    """Return a column as people read it: to the unit where an amount is 1,000 or more, else to six digits."""
    large = any(isinstance(cell, float) and abs(cell) >= _LARGE for cell in cells)
    return [_text(cell, large) for cell in cells]


def _text(cell: Any, large: bool) -> str:
    if cell is None:
        return _NONE
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return money(cell) if large else f"{cell:.6g}"
    return str(cell)


def _show_views(run: RunFolder, options: QueryOptions) -> None:
    found = views(run)
    if options.as_json:
        tables = [{"name": name, "columns": list(view.columns)} for name, view in found.items()]
        click.echo(json.dumps({"schema": SCHEMA, "tables": tables}))
        return
    console = open_console()
    for name, view in found.items():
        console.print(safe(f"{name}: a row is {view.what}"))
        console.print(Padding(safe(_listed(view)), (0, 0, 0, 2), expand=False))


def _listed(view: View) -> str:
    """Return the columns of a table; of those that are a result each, the number and the first."""
    names = [name for name in view.columns if name not in view.results]
    if view.results:
        names.append(f"and {len(view.results):,} results: {', '.join(view.results[:_FIRST])}")
    return ", ".join(names) + (", …" if len(view.results) > _FIRST else "")


_FIRST = 2
