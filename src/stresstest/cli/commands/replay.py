"""`stresstest replay`: do a batch again and compare, or show where one number comes from."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import json_option, memory_value


@click.command("replay")
@click.argument("folder", metavar="DIR")
@click.option("--archived", is_flag=True, help="Read the copies of the inputs that the run kept.")
@click.option(
    "--origin",
    nargs=2,
    metavar="PORTFOLIO SCENARIO",
    help="Show where one number comes from: positions, shocks, files.",
)
@click.option("--workers", type=click.IntRange(min=1), help="Tasks at once; the numbers do not depend on it.")
@click.option(
    "--memory", callback=memory_value, metavar="SIZE", help="Memory that the run may take, such as 4GB."
)
@json_option
def command(**options: Any) -> int:
    """Do the finished batch in DIR again, and compare its results to the last bit; DIR is not touched.

    Refuses, and names what changed, where an input is no longer what the run read. Ends with status 1 where
    the digest differs, with the first number that does. With --origin one number only is valued anew, from
    the copies of the inputs, and shown down to positions, risk factors, and the lines that move them.

    \b
    stresstest replay runs/monday
    stresstest replay runs/monday --archived
    stresstest replay runs/monday --origin ai_growth_fund time_bomb
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.batch.replaying import ReplayOptions, run_replay

    return run_replay(ReplayOptions(**options))
