"""`stresstest market`: what makes a market out of raw data."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import market_option


@click.group("market")
def command() -> None:
    """Make parts of a market out of raw data."""


@command.command("build")
@click.option("--prices", required=True, metavar="FILE", help="Adjusted closes: wide or long CSV, Parquet.")
@click.option("--issuers", metavar="FILE", help="Issuers with kind, sector, industry. Default: the market's.")
@click.option("-o", "--output", "folder", required=True, metavar="DIR", help="Folder that the model goes to.")
@market_option
@click.option(
    "--regime",
    "regimes",
    multiple=True,
    metavar="NAME=FIRST..LAST",
    help="Window to estimate; several joined by commas, and repeat for more. Default: calm, stressed, ….",
)
@click.option(
    "--source", default="", metavar="TEXT", help="What the prices are, for whoever reads the model."
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
def build(**options: Any) -> None:
    """Estimate a factor model from a price history.

    Writes factor_model.yaml and two tables into DIR: exposures of every factor of the market to systematic
    ones, their covariance by regime, own vols, and the largest moves seen. Scenarios that propagate, samples
    and plausibility use it. Prices are only read: none of them is in the output.
    """
    from stresstest.cli.market.model_building import BuildOptions, build
    from stresstest.io.sanitise import terminal_text

    for line in build(BuildOptions(**options)):
        click.echo(terminal_text(line))
