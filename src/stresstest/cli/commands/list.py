"""`stresstest list`: what is at hand, and where it came from."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from stresstest.cli.options import json_option


@click.command("list")
@click.argument(
    "kind",
    type=click.Choice(
        ["shocks", "sets", "networks", "portfolios", "hedges", "jobs", "markets", "instruments"]
    ),
)
@json_option
def command(kind: str, as_json: bool) -> None:
    """List the shocks, sets, networks, portfolios, hedge policies, jobs, markets or instruments to name."""
    from stresstest.cli.files.listing import GOVERNED, entries

    found = entries(kind)
    if as_json:
        click.echo(json.dumps({"schema": "stresstest/list/1", kind: [asdict(entry) for entry in found]}))
        return
    from stresstest.cli.terminal import open_console, plain_table, safe

    console = open_console()
    governed = kind in GOVERNED
    table = plain_table([("name", "left"), *([("status", "left")] if governed else []), ("", "left")])
    for entry in found:
        table.add_row(safe(entry.name), *([safe(entry.status)] if governed else []), safe(entry.title))
    console.print(table)
    folders = dict.fromkeys(entry.path.rpartition("/")[0] for entry in found if "/" in entry.path)
    for folder in folders:
        console.print(safe(f"from {folder}", "dim"), soft_wrap=True)
