"""`stresstest diff`: what changed between two batches, and why."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import json_option


@click.command("diff")
@click.argument("before", metavar="RUN_A")
@click.argument("after", metavar="RUN_B")
@click.option(
    "--by",
    type=click.Choice(["scenario", "portfolio", "currency"]),
    default="scenario",
    show_default=True,
    help="What changes are added up by.",
)
@json_option
def command(**options: Any) -> None:
    """Show what changed from the batch in folder RUN_A to that in RUN_B, and where it comes from.

    Splits the change of every P&L over positions, market, scenario definitions and model (program and
    packages), and names the files that differ, the portfolios and positions that moved most, and breaches
    that are new or gone. What is the same in both runs has a part of exactly 0; the parts add up to the
    change.

    \b
    stresstest diff runs/monday runs/tuesday
    stresstest diff runs/monday runs/tuesday --by portfolio
    stresstest diff runs/monday runs/tuesday --json
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.batch.diffing import DiffOptions, run_diff

    run_diff(DiffOptions(**options))
