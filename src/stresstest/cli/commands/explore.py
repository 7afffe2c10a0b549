"""`stresstest explore`: a local page where drivers, severity and trades are moved and the book answers."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import market_option, shocks_option


@click.command("explore")
@click.argument("portfolios", nargs=-1, required=True, metavar="PORTFOLIO...")
@shocks_option("Scenarios to choose from; repeat for more. Default: all shipped ones.")
@market_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="Port of the page. Default: a free one.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Address to listen at; any other than this machine's own lets others in who have the link.",
)
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open the page in a browser.")
def command(**options: Any) -> int:
    """Open a page on PORTFOLIOs (names or files) that answers at once while you move drivers and severity.

    Shows the P&L, who loses, the waterfall by mechanism, the network, limits and the hedge; takes what-if
    trades; saves the scenario as a file and downloads the report. Only this machine can reach the page, and
    only with the key in its address. Needs `pip install 'stresstest[explore]'`. Ctrl-C ends it.

    \b
    stresstest explore ai_growth_fund
    stresstest explore my.csv --shocks my_scenario.yaml --market my_prices.csv
    stresstest explore ai_growth_fund --port 8800 --no-browser
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.explore.exploring import ExploreOptions, explore

    return explore(ExploreOptions(**options))
