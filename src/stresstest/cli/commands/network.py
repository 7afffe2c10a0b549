"""`stresstest network`: networks of firms that finance and buy from one another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from stresstest.cli.options import json_option
from stresstest.networks.model import EDGE_TYPES, STATUSES


def _day(_context: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return None if value is None else value.date()


@click.group("network")
def command() -> None:
    """Look at networks of firms that invest in, lend to and buy from one another."""


@command.command("show")
@click.argument("source", metavar="NAME|FILE")
@click.option(
    "--type",
    "edge_types",
    multiple=True,
    type=click.Choice(list(EDGE_TYPES)),
    metavar="TYPE",
    help="Only edges of this type, such as equity_stake; repeat for more.",
)
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(list(STATUSES)),
    metavar="STATUS",
    help="Only edges of this status, such as funded; repeat for more.",
)
@click.option(
    "--as-of",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    metavar="DATE",
    help="Only what is valid on a day; default: the network's date.",
)
@click.option(
    "--circles",
    "most_circles",
    type=click.IntRange(0, 1000),
    default=10,
    show_default=True,
    metavar="N",
    help="Show the N strongest circles.",
)
@json_option
@click.option("-o", "--output", metavar="FILE", help="Draw the network to a .svg, .png or .pdf file.")
@click.option("--force", is_flag=True, help="Let --output replace a file.")
def show(**options: Any) -> None:
    """Show the firms and edges of a network, its circles, who depends on whom, and double pledges.

    NAME is a shipped network (stresstest list networks); - is standard input. Money goes along an edge from
    its first firm to its second: it invests, lends, buys, leases. A circle is firms each of which finances or
    buys from the next, and the last one from the first. Its strength is the smallest share along it: how much
    of its own revenue, or of its equity and debt, each firm has from the one before. Circles have at most six
    firms; the strongest come first.

    \b
    stresstest network show ai_circular_financing
    stresstest network show ai_circular_financing --status funded --output funded.svg
    stresstest network show mine.yaml --as-of 2025-11-03 --json
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.network.showing import NetworkOptions, show_network

    show_network(NetworkOptions(**options))
