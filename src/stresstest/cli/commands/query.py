"""`stresstest query`: SQL over the results of a batch."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import json_option


@click.command("query")
@click.argument("folder", metavar="DIR")
@click.argument("sql", required=False, metavar="[SQL]")
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV to stdout.")
@click.option("-o", "--output", metavar="FILE", help="Write rows to a .csv, .parquet, .json or .xlsx file.")
@click.option("--force", is_flag=True, help="Let --output replace a file.")
def command(**options: Any) -> None:
    """Ask the results of the batch in DIR in SQL (DuckDB's); without SQL, list its tables.

    Results can be read only: a query sees the tables of the run, no file, no network. Amounts are in the
    currency of each portfolio; the table rates has the exchange rates of the run.

    \b
    stresstest query runs/monday
    stresstest query runs/monday "FROM breaches WHERE level = 'hard'"
    stresstest query runs/monday "SELECT portfolio, pnl / base_value AS part
        FROM pnl_long WHERE scenario = 'time_bomb' ORDER BY part LIMIT 10"
    stresstest query runs/monday "SELECT scenario, sum(pnl * rate) AS total
        FROM pnl_long JOIN rates USING (currency) GROUP BY scenario"
    stresstest query runs/monday "FROM pnl" -o pnl.xlsx
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.batch.query_text import QueryOptions, run_query

    run_query(QueryOptions(**options))
