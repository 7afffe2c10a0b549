"""`stresstest reverse`: what would have to happen to lose so much."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.options import json_option, market_option, set_option, severity_value, shocks_option


@click.command("reverse")
@click.argument("portfolio", metavar="PORTFOLIO")
@click.option(
    "--loss",
    required=True,
    callback=severity_value,
    metavar="PERCENT",
    help="Loss to look for, in per cent of base value.",
)
@click.option(
    "--space",
    type=click.Choice(["factors", "scenarios"]),
    default="factors",
    show_default=True,
    help="Where to look: all moves of risk factors, or the severity and the drivers of scenarios.",
)
@click.option(
    "--horizon", default="12m", show_default=True, metavar="LENGTH", help="Time over which factors move."
)
@click.option(
    "--regime",
    default="stressed",
    show_default=True,
    metavar="NAME",
    help="State of the market whose covariance says what is plausible.",
)
@click.option(
    "--factors",
    metavar="WORD[,WORD…]",
    help="Move only these: kinds (spot), factors (spot/NVDA), groups (hyperscaler shares). Default: all.",
)
@click.option(
    "--answers", type=int, default=5, show_default=True, metavar="N", help="How many distinct answers."
)
@shocks_option("With --space scenarios: which. Default: all shipped ones.")
@market_option
@set_option
@json_option
@click.option(
    "-o",
    "--output",
    metavar="DIR|FILE.json",
    help="Write each answer as a scenario file into a folder, or the whole document as .json.",
)
@click.option("--force", is_flag=True, help="Let --output replace files.")
def command(**options: Any) -> int:
    """Find the most plausible moves that cost PORTFOLIO (a name, a file, or - for standard input) --loss.

    Every answer is fully revalued, costs the loss to a millionth of base value, and is led by another driver
    than those before it: the market, then what is left when the market stands still, and so on. Shown with
    its distance in each regime, the positions that lose, and where one more step hurts most. With --space
    scenarios: how severe each scenario must be, how far its drivers must go, and the pair that needs least.
    The status is 4 where nothing costs so much; the largest loss is then shown.

    \b
    stresstest reverse ai_growth_fund --loss 25%
    stresstest reverse my.csv --loss 10% --factors zero_rate -o answers
    stresstest reverse ai_growth_fund --loss 25% --space scenarios
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.reverse.reversing import ReverseOptions, run_reverse

    return run_reverse(ReverseOptions(**options))
