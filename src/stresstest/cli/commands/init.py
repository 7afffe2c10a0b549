"""`stresstest init`: a small working project, or the files that your own holdings need."""

from __future__ import annotations

from pathlib import Path

import click

from stresstest.cli.options import market_option


@click.command("init")
@click.argument("directory", metavar="DIR")
@click.option(
    "--from", "holdings", metavar="HOLDINGS", help="CSV, Parquet or Excel list with tickers and quantities."
)
@click.option(
    "--as-of", "stated_on", metavar="DATE", help="Date of the values in HOLDINGS. Default: the market's."
)
@market_option
@click.option("--force", is_flag=True, help="Replace files that exist.")
def command(
    directory: str, holdings: str | None, stated_on: str | None, markets: tuple[str, ...], force: bool
) -> None:
    """Write a small working project into DIR: a portfolio, a scenario, and schemas for your editor.

    With --from, DIR gets your holdings as a portfolio, and prices.csv with a row for each of them that the
    market has no price of. Until you fill in a price, such a position is valued as HOLDINGS states it and
    moves with the fund of its sector.
    """
    if holdings is None:
        _starter(Path(directory), force)
    else:
        _from_holdings(Path(directory), Path(holdings), stated_on, markets, force)


def _starter(folder: Path, force: bool) -> None:
    from stresstest.cli.project_files import starter_files, write_files
    from stresstest.io.sanitise import terminal_text

    files = starter_files()
    write_files(folder, files, force=force)
    for name in files:
        click.echo(terminal_text(f"wrote {folder / name}"))
    click.echo(
        terminal_text(f"next: stresstest run {folder / 'portfolio.yaml'} --shocks {folder / 'shocks'}")
    )


def _from_holdings(
    folder: Path, holdings: Path, stated_on: str | None, markets: tuple[str, ...], force: bool
) -> None:
    from stresstest.cli.holdings import convert_holdings
    from stresstest.cli.project_files import write_files
    from stresstest.io.fields import read_date
    from stresstest.io.resources import names
    from stresstest.io.sanitise import terminal_text
    from stresstest.market.loading import load_market
    from stresstest.quantity import QuantityError

    try:
        day = None if stated_on is None else read_date(stated_on)
    except QuantityError as error:
        raise click.BadParameter(str(error), param_hint="--as-of") from None
    layers = markets or tuple(name for name, _ in names("markets")[-1:])
    found = convert_holdings(holdings, load_market(layers), day)
    files = {"portfolio.csv": found.portfolio}
    if found.unpriced:
        files["prices.csv"] = found.prices
    write_files(folder, files, force=force)
    click.echo(terminal_text(f"wrote {folder / 'portfolio.csv'}: {found.count} positions"))
    layered = " ".join(f"--market {layer}" for layer in layers)
    if found.unpriced:
        click.echo(
            terminal_text(
                f"wrote {folder / 'prices.csv'}: fill in the close of {len(found.unpriced)} issuers; "
                "until then each moves with its proxy"
            )
        )
        if found.unvalued:
            needed = ", ".join(found.unvalued)
            click.echo(
                terminal_text(f"{holdings} states no value of {needed}: fill in a close before you run")
            )
        layered += f" --market {folder / 'prices.csv'}"
    click.echo(terminal_text(f"next: stresstest run {folder / 'portfolio.csv'} {layered}"))
