"""`stresstest report`: one HTML file to mail."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import market_option, set_option, severity_option, shocks_option, threads_option


@click.command("report")
@click.argument("sources", nargs=-1, required=True, metavar="RESULT.json|PORTFOLIO...")
@click.option("-o", "--output", required=True, metavar="FILE", help="The .html file to write.")
@shocks_option("Scenarios; repeat for more. Default: all shipped ones.")
@market_option
@set_option
@severity_option
@click.option(
    "--hedge", "policy", metavar="POLICY", help="Propose trades for each portfolio too; `list hedges`."
)
@click.option("--frontier", is_flag=True, help="With --hedge, show what other amounts of its rules cost.")
@click.option("--judgement", is_flag=True, help="Move judged numbers one by one even where many.")
@click.option("--title", default="", metavar="TEXT", help="Title; default: those of the portfolios.")
@click.option("--force", is_flag=True, help="Let --output replace a file.")
@threads_option
def command(**options: Any) -> None:
    """Write a report of PORTFOLIOs (names or files) under scenarios, or of a RESULT of `run --json`.

    One HTML file without script that loads nothing: to mail, to print, to read on a telephone. It opens with
    the answer in a sentence and with what to know before any number; then losses by scenario, who loses
    where and how, severity and paths, networks, hedges, and where every number comes from. From a result only
    what it holds is shown, and what is missing is named.

    \b
    stresstest report ai_growth_fund -o report.html
    stresstest report my.csv --shocks time_bomb --hedge buffett -o report.html
    stresstest run my.csv --by mechanism -o result.json
    stresstest report result.json -o report.html
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.report.reporting import ReportOptions, run_report

    run_report(ReportOptions(**options))
