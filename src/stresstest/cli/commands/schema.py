"""`stresstest schema`: the JSON Schema of a kind of file, for editors and other programs."""

from __future__ import annotations

import click


@click.command("schema")
@click.argument(
    "kind",
    type=click.Choice(
        [
            *("portfolio", "scenario", "scenario_set", "network", "market", "hedge_policy", "job"),
            *("result", "hedge", "network_show", "reverse", "sweep"),
            *("query", "diff", "replay", "origin"),
        ]
    ),
)
def command(kind: str) -> None:
    """Print the JSON Schema of a kind of file, or of what a verb writes with `--json`.

    An editor that knows the schema completes fields and marks slips while you write; shipped files name it in
    their first line.
    """
    from stresstest.cli.files.schemas import schema_text

    click.echo(schema_text(kind), nl=False)
