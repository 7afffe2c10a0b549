"""`stresstest status`: how a batch stands."""

from __future__ import annotations

import click

from stresstest.cli.options import json_option


@click.command("status")
@click.argument("folder", metavar="DIR")
@json_option
def command(folder: str, as_json: bool) -> None:
    """Say how the batch in DIR stands: tasks done, who works on it, time left, what failed.

    \b
    stresstest status runs/monday
    stresstest status runs/monday --json
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.batch.status_text import show_status

    show_status(folder, as_json=as_json)
