"""`stresstest hedge`: trades that a policy proposes for a portfolio, with receipts."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import (
    json_option,
    loss_limits,
    market_option,
    percentage_value,
    report_option,
    set_option,
    shocks_option,
)


@click.command("hedge")
@click.argument("portfolio", metavar="PORTFOLIO")
@click.option("--policy", required=True, metavar="NAME|FILE", help="Hedge policy; `list hedges` shows them.")
@shocks_option("Scenarios to report, beside those that the policy names. Default: all shipped ones.")
@market_option
@set_option
@click.option(
    "--budget",
    callback=percentage_value,
    metavar="PERCENT",
    help="Option premium a year at the ask, in per cent of base value; in place of the policy's own.",
)
@click.option(
    "--max-loss",
    "max_losses",
    multiple=True,
    callback=loss_limits,
    metavar="SCENARIO=PERCENT",
    help="Allow at most this loss, in per cent of base value; repeat for more.",
)
@click.option("--frontier", is_flag=True, help="Solve again over a range of participation, premium and cost.")
@click.option(
    "--challenges/--no-challenges",
    default=True,
    show_default=True,
    help="Put the reasons to reject a plan to it; takes four more solves.",
)
@json_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write the trades as a portfolio: .csv, .parquet, .xlsx, .yaml; as .json the whole document.",
)
@click.option(
    "--hedged",
    metavar="FILE",
    help="Write the hedged portfolio, as the plan values it, for `stresstest run`.",
)
@report_option
@click.option("--force", is_flag=True, help="Let --output, --hedged and --report replace files.")
@click.option(
    "--nodes",
    type=click.IntRange(min=1),
    default=2_000,
    show_default=True,
    help="Nodes of a search over lines, a quarter for their lots; it ends at the same place on any machine.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=1.0),
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="Time for each call of a solver, a last resort.",
)
@click.option("--threads", type=click.IntRange(min=1), help="Threads; the trades do not depend on it.")
def command(**options: Any) -> int:
    """Propose trades for PORTFOLIO (a name, a file, or - for standard input) that keep to a policy.

    Shows what to sell and buy and what that costs, the loss in every scenario before and after, what each
    trade saves where, which rules hold the plan back and at what price, what is given up, who the sellers
    are, and every reason to reject the plan. Every number is checked by revaluing the hedged portfolio from
    its files. Where no plan keeps to the policy, the status is 4, and the rules that conflict are shown with
    the least change that ends it.

    \b
    stresstest hedge ai_growth_fund --policy buffett
    stresstest hedge ai_growth_fund --policy tail_puts --budget 1%
    stresstest hedge my.csv --policy buffett --max-loss any=30% -o trades.csv
    stresstest hedge ai_growth_fund --policy buffett --frontier --json
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.hedge.names import require_names
    from stresstest.cli.hedge.options import HedgeOptions, require_targets

    asked = HedgeOptions(**options)
    require_targets(asked)
    require_names(asked)

    from stresstest.cli.hedge.hedging import run_hedge

    return run_hedge(asked)
