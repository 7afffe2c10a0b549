"""`stresstest scorecard`: what a scenario says of each name, against what happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from stresstest.cli.options import json_option, market_option, severity_value


def _day(_context: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return None if value is None else value.date()


@click.command("scorecard")
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--realised",
    required=True,
    metavar="FILE",
    help="Table of issuer and return (-16.97%) or return_percent (-16.97).",
)
@market_option
@click.option(
    "--severity", callback=severity_value, default="100%", metavar="PERCENT", help="Scale every shock."
)
@click.option(
    "--leave-out",
    "group_by",
    type=click.Choice(["theme", "industry", "sector"]),
    default="theme",
    show_default=True,
    help="Predict each name without the lines that reach names of the same group.",
)
@click.option(
    "--regime", default="", metavar="NAME", help="Regime of the factor model that does so; default: stressed."
)
@click.option("--prices", metavar="FILE", help="Price history for the baseline; default: the model's betas.")
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    metavar="DATE",
    help="Last day that the baseline knows; default: the history's last.",
)
@json_option
def command(**options: Any) -> int:
    """Compare SCENARIO (a name or a file) with realised returns, name by name.

    Names that the scenario's lines name are scored apart: there it restates. The score that counts is over
    names predicted without their own theme, beside a baseline: betas on NVDA and QQQ times what these did.

    \b
    stresstest scorecard deepseek_cost_shock --realised 2025-01-27.csv
    stresstest scorecard mine.yaml --realised moves.csv --json
    stresstest scorecard mine.yaml --realised moves.csv --prices history.csv
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.market.scorecards import ScorecardOptions, run_scorecard

    return run_scorecard(ScorecardOptions(**options))
