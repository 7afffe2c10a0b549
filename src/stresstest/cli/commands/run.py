"""`stresstest run`: portfolios, scenarios and a market in, losses out."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import (
    json_option,
    market_option,
    memory_value,
    report_option,
    set_option,
    severity_option,
    shocks_option,
    threads_option,
)


@click.command("run")
@click.argument("portfolios", nargs=-1, required=True, metavar="PORTFOLIO...")
@shocks_option("Scenarios; repeat for more. Default: all shipped ones.")
@market_option
@severity_option
@set_option
@click.option(
    "--by",
    "attributes",
    multiple=True,
    metavar="ATTRIBUTE",
    help="Split the P&L by an attribute, a tag, `factor`, `factor_kind`, `factor_group` or `mechanism`.",
)
@click.option(
    "--shapley", is_flag=True, help="Split by factors in Shapley values; by `factor_group` without --by."
)
@click.option(
    "--delta-gamma",
    is_flag=True,
    help="Show delta and gamma of factors beside full revaluation; by `factor_group` without --by.",
)
@click.option("--rounds", is_flag=True, help="Show round by round how a network builds up a loss.")
@click.option("--positions", is_flag=True, help="Show every position of every scenario.")
@click.option(
    "--card/--no-card",
    default=True,
    show_default=True,
    help="Show how plausible each scenario is beside history.",
)
@click.option(
    "--judgement", is_flag=True, help="Show what losses rest on, and which judged numbers move them."
)
@click.option("--challenger", is_flag=True, help="Show networks beside the factor model in their place.")
@click.option("--proxies", is_flag=True, help="Show the positions that the market alone does not value.")
@click.option("--trace", metavar="POSITION", help="Split a position's P&L factor by factor.")
@json_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write positions and scenarios to a .csv, .parquet, .json or .xlsx file.",
)
@report_option
@click.option("--force", is_flag=True, help="Let --output and --report replace files.")
@click.option(
    "--fail-on",
    type=click.Choice(["limit", "warning"]),
    help="End with status 1 where a limit is breached, or its warning level too.",
)
@threads_option
@click.option(
    "--memory",
    callback=memory_value,
    metavar="SIZE",
    help="Memory for values, such as 4GB; beyond it only totals are kept.",
)
def command(**options: Any) -> int:
    """Revalue PORTFOLIOs (names; YAML, CSV, Parquet or Excel files; - for standard input) under scenarios.

    Shows the base value and, scenario by scenario, what is lost and which positions lose it, the worst first.

    \b
    stresstest run ai_growth_fund
    stresstest run my.csv --shocks ai_capex_collapse --severity 50% --by theme
    stresstest run my.csv --shocks time_bomb --by factor_group --shapley
    stresstest run my.csv --market 2025-10-03 --market my_prices.csv --json
    stresstest run my.csv --shocks my_scenario.yaml --set capex_cut=65%
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.run.running import RunOptions, run

    return run(RunOptions(**options))
