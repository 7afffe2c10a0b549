"""`stresstest init`: a small working project, or the files that your own holdings need."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import market_option


@click.command("init")
@click.argument("directory", metavar="DIR")
@click.option("--from", "holdings", metavar="HOLDINGS", help="CSV, Parquet or Excel list of what you hold.")
@click.option(
    "--as-of", "stated_on", metavar="DATE", help="Date of the values in HOLDINGS. Default: the market's."
)
@market_option
@click.option("--force", is_flag=True, help="Replace files that exist.")
def command(**options: Any) -> None:
    """Write a small working project into DIR: a portfolio, a scenario, a sampled set, schemas for editors.

    The schemas know the words of the market (--market): themes, sectors, issuers, curves, regimes.

    With --from, DIR gets your holdings (tickers, ISINs or CUSIPs with quantities) as a portfolio, and
    prices.csv with a row for each that the market has no price of. Until you fill in a price, such a position
    is valued as HOLDINGS states it and moves with the fund of its sector.
    """
    from stresstest.cli.projects import InitOptions, start_project

    for line in start_project(InitOptions(**options)):
        click.echo(line)
