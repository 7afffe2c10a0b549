"""`stresstest sweep`: the P&L and break-points of a scenario over a range of its severity or of a driver."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import json_option, market_option, set_option


@click.command("sweep")
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--portfolio", "portfolios", multiple=True, required=True, metavar="P", help="Portfolio; repeat for more."
)
@market_option
@click.option(
    "--severity",
    metavar="LOW..HIGH",
    help="Sweep the severity over this range (default 0%..200%); one value where a driver is swept.",
)
@click.option(
    "--set-range", "set_range", metavar="DRIVER[=LOW..HIGH]", help="Sweep a driver; default: its own range."
)
@set_option
@click.option(
    "--steps", type=int, default=40, show_default=True, metavar="N", help="Number of steps of the grid."
)
@click.option(
    "--against",
    metavar="P",
    help="Compare with another portfolio, such as the book before its hedge: where both lose the same.",
)
@json_option
def command(**options: Any) -> None:
    """Revalue portfolios under SCENARIO (a name or a file) over a range of its severity or of one driver.

    Shows the P&L along the range, where it bends or jumps and what changes there, and exactly where something
    flips: an option crosses its strike or touches its barrier, a loan breaks a covenant or misses a payment,
    a firm fails, a limit is breached, a margin call comes, a hedge no longer helps.

    \b
    stresstest sweep ai_capex_collapse --portfolio ai_growth_fund
    stresstest sweep dotcom_replay --portfolio my.csv --severity 50%..150%
    stresstest sweep mine.yaml --portfolio my.csv --set-range cut=10%..80%
    stresstest sweep boom_continues --portfolio new.yaml --against old.yaml
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.sweep.sweeping import SweepOptions, run_sweep

    run_sweep(SweepOptions(**options))
