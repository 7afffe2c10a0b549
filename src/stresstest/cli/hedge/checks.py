"""What a committee asks of a hedge: sellers, simpler hedges beside it, frontiers, challenges."""

from __future__ import annotations

import math
import textwrap

from rich.cells import set_cell_size
from rich.console import Console
from rich.text import Text

from stresstest.cli.terminal import ALARM, ASIDE, HEAD, bar, compact, safe
from stresstest.cli.wrapping import paragraph
from stresstest.hedging.diagnosis.repair_words import amount_text
from stresstest.hedging.plans.comparisons import Yardstick
from stresstest.hedging.plans.frontier import Frontier
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.hedging.plans.sellers import SellerExposure

_BAR = 24


def print_sellers(console: Console, plan: HedgePlan) -> None:
    """Print who owes what is bought, what happens if they fail, and the number of bets."""
    for seller in plan.sellers:
        paragraph(console, _seller_text(plan, seller))
    if plan.has_trades and not plan.sellers:
        paragraph(console, "Sellers: none; nobody has to honour what is bought.")
    if plan.bets is not None:
        bets = plan.bets
        text = (
            f"Effective bets: {bets.before:.1f} before, {bets.after:.1f} after ({bets.definition}); "
            f"by entropy {bets.entropy_before:.1f} and {bets.entropy_after:.1f}."
        )
        paragraph(console, text)
    console.print()


def _seller_text(plan: HedgePlan, seller: SellerExposure) -> str:
    names = {one.name for one in plan.of_horizon}
    failing = {name: pnl for name, pnl in seller.pnl_if_failing.items() if name in names}
    worst = min(failing, key=lambda name: failing[name])
    after = next(one.pnl_after for one in plan.scenarios if one.name == worst)
    owes = f"{compact(seller.bought).lstrip('+')} ({plan.percent(seller.bought):.1f} %)"
    owes = owes if seller.bought > 0.0 else "what is worth nothing yet"
    name = seller.label or seller.name
    who = f"Clearing house {name}: stands behind" if seller.is_cleared else f"Seller {name}: owes"
    fail = "Were it to fail all the same" if seller.is_cleared else "Were it to fail"
    return (
        f"{who} {owes}. {fail} in {worst} and pay 40 %, the loss there would be "
        f"{-plan.percent(failing[worst]):.1f} % instead of {-plan.percent(after):.1f} %."
    )


def print_comparisons(console: Console, plan: HedgePlan) -> None:
    """Print simpler hedges beside the plan."""
    if not plan.comparisons or plan.yardstick is None:
        return
    width = console.width - 32
    head = f"{'Beside simpler hedges':<{width}}{'spent %':>9}{'worst %':>9}{_boom_head(plan.yardstick):>12}"
    console.print(Text(head, HEAD))
    rows = [("this plan", plan.yardstick), *((one.text, one.found) for one in plan.comparisons)]
    for text, found in rows:
        first, *rest = textwrap.wrap(safe(text).plain, width - 1)
        console.print(
            Text(f"{set_cell_size(first, width)}{_yardstick(found)}"), no_wrap=True, overflow="crop"
        )
        for line in rest:
            console.print(Text(f"  {line}"), no_wrap=True, overflow="crop")
    console.print()


def _boom_head(found: Yardstick) -> str:
    """Return what the last column says: the part of the gain that is kept, or the P&L where it is small."""
    return "boom kept" if found.is_material else "in boom %"


def _yardstick(found: Yardstick) -> str:
    if found.is_material:
        boom = f"{100.0 * found.participation:.0f} %"
    else:
        boom = "-" if math.isnan(found.boom_after) else f"{100.0 * found.boom_after:+.1f}"
    return f"{100.0 * found.spent:>9.2f}{-100.0 * found.worst_loss:>+9.1f}{boom:>12}"


def print_frontiers(console: Console, plan: HedgePlan) -> None:
    """Print what the plan could be at other amounts of its rules."""
    head = "" if plan.yardstick is None else _boom_head(plan.yardstick)
    for found in plan.frontiers:
        _print_frontier(console, found, head)


def _print_frontier(console: Console, found: Frontier, boom: str) -> None:
    rule = found.rule
    title = f"{rule.name} ({rule.measure})"
    head = f"{title:<32}{'spent %':>9}{'worst %':>9}{boom:>12}"
    console.print(Text(head, HEAD))
    largest = max((point.found.worst_loss for point in found.points if point.found is not None), default=0.0)
    for point in found.points:
        mark = " ◄ the plan's" if point.amount == rule.amount else ""
        row = Text(f"{amount_text(rule, point.amount) + mark:<32}")
        if point.found is None:
            row.append("no plan keeps to every rule", ASIDE)
        else:
            row.append(_yardstick(point.found) + "  ")
            width = min(_BAR, console.width - 66)
            loss = -point.found.worst_loss
            row.append_text(bar(loss, largest, max(width, 4), ascii_only=console.options.ascii_only))
        console.print(row, no_wrap=True, overflow="crop")
    paragraph(console, "Without lots; all other rules kept.", style=ASIDE)
    console.print()


def print_challenges(console: Console, plan: HedgePlan) -> None:
    """Print every reason to reject the plan with its answer, failures first."""
    if not plan.challenges:
        return
    console.print(Text("Reasons to reject it", HEAD))
    words = {False: ("FAILED ", ALARM), None: ("not asked ", ASIDE), True: ("passed ", "")}
    for challenge in sorted(plan.challenges, key=lambda one: (one.passed is not False, one.passed is True)):
        verdict, style = words[challenge.passed]
        paragraph(console, f"{verdict}{challenge.question}", style=style)
        paragraph(console, challenge.finding, 2, ASIDE)
    console.print()
