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
@click.option("--accounts", type=click.IntRange(1), metavar="N", help="Make up N accounts and a batch job.")
@click.option(
    "--positions",
    type=click.IntRange(1),
    metavar="N",
    help="With --accounts: positions of each (200).",
)
@click.option(
    "--instruments",
    type=click.IntRange(1),
    metavar="N",
    help="With --accounts: distinct instruments (5000).",
)
@click.option("--seed", type=click.IntRange(0), metavar="N", help="With --accounts: their seed (1).")
@market_option
@click.option("--force", is_flag=True, help="Replace files that exist.")
def command(**options: Any) -> None:
    """Write a small working project into DIR: a portfolio, a scenario, a sampled set, schemas for editors.

    The schemas know the words of the market (--market): themes, sectors, issuers, curves, regimes.

    With --from, DIR gets your holdings (tickers, ISINs or CUSIPs with quantities) as a portfolio, and
    prices.csv with a row for each that the market has no price of. Until you fill in a price, such a position
    is valued as HOLDINGS states it and moves with the fund of its sector.

    With --accounts, DIR gets accounts.parquet, made-up accounts over every instrument type that the market
    can value, and nightly.yaml, a batch job of them under the whole library and 1,000 draws. The same seed
    makes the same accounts; one account is a book that holds every type.
    """
    from stresstest.cli.project.starting import InitOptions, start_project

    for line in start_project(InitOptions(**options)):
        click.echo(line)
