"""A hedge as a portfolio manager reads it: trades and why, losses before and after, what holds it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from stresstest.cli.hedge.checks import print_challenges, print_comparisons, print_frontiers, print_sellers
from stresstest.cli.hedge.diagnosis import print_diagnosis
from stresstest.cli.hedge.distances import print_distances
from stresstest.cli.hedge.document import HedgeReport
from stresstest.cli.terminal import ASIDE, HEAD, LOSS, compact, money, percent, safe, signed_style
from stresstest.cli.wrapping import paragraph
from stresstest.hedging.plans.plan import HedgePlan, PlannedTrade, RuleReading, ScenarioOutcome, is_plain
from stresstest.report.view.hedge_words import (
    no_trade_text,
    objective_text,
    rule_text,
    shadow_text,
    upside_text,
)

_NAME = 34
_SEEN, _GIVEN_UP = 0.05, 6
"""Per cent of base value that show in a table, and scenarios that are listed beside it."""

LOSSES = ("worst_loss", "expected_shortfall", "expected_loss")
"""Terms of an objective that trades can make better; all others are what trading costs."""
_MARKS = {"objective": "objective", "rule": "rule", "held_out": "held out"}


def print_hedge(console: Console, report: HedgeReport) -> None:
    """Print a plan, or why there is none."""
    plan = report.plan
    _print_headline(console, report)
    if plan.diagnosis is not None:
        print_diagnosis(console, plan)
        _print_outcomes(console, plan)
        for note in plan.notes:
            paragraph(console, f"Note: {note}.", style=ASIDE)
        return
    _print_summary(console, plan)
    if plan.has_trades:
        _print_trades(console, plan)
    _print_outcomes(console, plan)
    print_distances(console, plan)
    if plan.has_trades:
        _print_rules(console, plan)
        _print_given_up(console, plan)
        print_sellers(console, plan)
        print_comparisons(console, plan)
        print_frontiers(console, plan)
        print_challenges(console, plan)
    _print_checks(console, plan)


def _print_headline(console: Console, report: HedgeReport) -> None:
    plan = report.plan
    console.print(safe(f"{plan.portfolio.name} hedged by {plan.policy.name}", HEAD))
    paragraph(console, plan.policy.title)
    paragraph(
        console,
        f"Base value {plan.currency} {money(plan.base_value)}, market {plan.market} "
        f"({report.market_age_days:,} days old), scenarios over {plan.policy.horizon}",
    )
    paragraph(console, f"Minimises {objective_text(plan)}", style=ASIDE)
    console.print()


def _print_summary(console: Console, plan: HedgePlan) -> None:
    worst, new = plan.worst, plan.new_worst
    if not plan.has_trades:
        paragraph(console, no_trade_text(plan))
    elif worst is not None and new is not None and plan.certificate is not None and plan.totals is not None:
        found = plan.certificate
        verb = "falls" if new.pnl_after >= worst.pnl_before else "rises"
        proof = "Optimal" if plan.status == "optimal" else "The best found in the search allowed"
        paragraph(
            console,
            f"{proof} (gap {100.0 * found.gap:.2g} %): the worst {plan.policy.horizon} loss {verb} from "
            f"{-plan.percent(worst.pnl_before):.1f} % ({worst.name}) to {-plan.percent(new.pnl_after):.1f} % "
            f"({new.name}){upside_text(plan)}.",
        )
        _print_worst_with_others(console, plan)
        _print_mended(console, plan)
        paragraph(console, _cost_text(plan))
    console.print()


def _print_worst_with_others(console: Console, plan: HedgePlan) -> None:
    """Print the largest loss with a scenario on top of another, or at another size, where that is larger."""
    new = plan.new_worst
    more = min(
        (one for one in plan.scenarios if not is_plain(one.name)), key=lambda one: one.pnl_after, default=None
    )
    if more is not None and new is not None and more.pnl_after < new.pnl_after:
        before, after = -plan.percent(more.pnl_before), -plan.percent(more.pnl_after)
        paragraph(console, f"Larger still, in {more.name}: from {before:.1f} % to {after:.1f} %.")


def _print_mended(console: Console, plan: HedgePlan) -> None:
    """Print which rules the book breaks as it is, and what keeping them costs where that is all there is."""
    names = ", ".join(reading.rule.name for reading in plan.mended)
    if names:
        paragraph(console, f"Mends what the book breaks as it is: {names}.")
    if plan.cost_of_rules > 0.0 and any(term.minimise in LOSSES for term in plan.policy.objective):
        worse = f"{100.0 * plan.cost_of_rules:.2f} points"
        paragraph(console, f"The rules come first: keeping them makes the objective worse by {worse}.")


def _cost_text(plan: HedgePlan) -> str:
    totals = plan.totals
    assert totals is not None  # noqa: S101 - a plan with trades has totals
    parts = {"spread": totals.cost.spread, "impact": totals.cost.impact, "tax": totals.cost.tax}
    parts |= {"fees": totals.cost.fees, "rolls": totals.cost.rolls}
    named = ", ".join(f"{name} {compact(value).lstrip('+')}" for name, value in parts.items() if value)
    sold, bought = (
        compact(value).lstrip("+") if value else "nothing" for value in (totals.sold, totals.bought)
    )
    cash = -sum(trade.value for trade in plan.trades) - totals.cost.total
    return (
        f"Sells {sold}, buys {bought}; costs {plan.currency} {compact(totals.cost.total).lstrip('+')} "
        f"({plan.percent(totals.cost.total):.2f} %: {named}); cash changes by {compact(cash)}."
    )


def _print_trades(console: Console, plan: HedgePlan) -> None:
    worst, boom = plan.worst, plan.yardstick.boom if plan.yardstick is not None else ""
    assert worst is not None  # noqa: S101 - a plan with trades has scenarios
    legend = f"saves: P&L added in {worst.name}, costs paid; per 1: of one more {plan.currency} traded"
    legend += f"; boom: in {boom}" if boom else ""
    paragraph(console, legend, style=ASIDE)
    width = console.width - 56
    for action, title in (("sell", "Sell"), ("cover", "Buy back"), ("buy", "Buy")):
        trades = [trade for trade in plan.trades if trade.action == action]
        if trades:
            head = f"{title:<{width}}{'lots':>10}{'value':>9}{'cost':>9}{'saves':>9}{'per 1':>8}"
            console.print(Text(head + (f"{'boom':>9}" if boom else ""), HEAD))
            _print_group(console, trades, (worst.name, boom), width)
    console.print()


def _print_group(
    console: Console, trades: Sequence[PlannedTrade], scenarios: tuple[str, str], width: int
) -> None:
    """Print the trades of one action; those of one reason together, the reason once."""
    worst, boom = scenarios
    for reason in dict.fromkeys(trade.reason for trade in trades):
        for trade in (one for one in trades if one.reason == reason):
            label = safe(trade.named).plain
            if cell_len(label) >= width:
                console.print(Text(label), no_wrap=True, overflow="ellipsis")
                label = ""
            row = Text(set_cell_size(label, width - 1) + " ")
            row.append(
                f"{trade.lots:>+10,.0f}{compact(trade.value):>9}{compact(trade.cost.total).lstrip('+'):>9}"
            )
            row.append(f"{compact(trade.saves[worst]):>9}", signed_style(trade.saves[worst]))
            row.append(f"{trade.marginal[worst]:>+8.2f}")
            if boom:
                row.append(f"{compact(trade.saves[boom]):>9}", signed_style(trade.saves[boom]))
            console.print(row, no_wrap=True, overflow="crop")
        for trade in (one for one in trades if one.reason == reason and one.notional):
            paragraph(console, f"on a notional of {compact(trade.notional).lstrip('+')}", 2, ASIDE)
        if reason:
            paragraph(console, reason, 2, ASIDE)


def _print_outcomes(console: Console, plan: HedgePlan) -> None:
    planned = [one for one in plan.scenarios if not one.held_out]
    apart = [one for one in plan.scenarios if one.held_out]
    after = plan.diagnosis is None
    for title, found in (("P&L, in % of base value", planned), ("Held out: not used to plan", apart)):
        if found:
            head = f"{title:<{_NAME}}{'over':>6}{'before':>9}"
            console.print(Text(head + (f"{'after':>9}{'change':>9}  used for" if after else ""), HEAD))
            for one in sorted(found, key=lambda one: (one.pnl_after if after else one.pnl_before, one.name)):
                _print_outcome(console, plan, one, after=after)
            console.print()


def _print_outcome(console: Console, plan: HedgePlan, one: ScenarioOutcome, *, after: bool) -> None:
    row = Text(set_cell_size(safe(one.name).plain, _NAME) + f"{one.horizon:>6}")
    row.append(f"{plan.percent(one.pnl_before):>+9.1f}", signed_style(one.pnl_before))
    if after:
        row.append(f"{plan.percent(one.pnl_after):>+9.1f}", signed_style(one.pnl_after))
        row.append(f"{round(plan.percent(one.saved), 1) + 0.0:>+9.1f}")
        row.append(f"  {_MARKS[one.role]}", ASIDE)
    console.print(row, no_wrap=True, overflow="crop")


def _print_rules(console: Console, plan: HedgePlan) -> None:
    if not plan.binding:
        return
    console.print(Text("What holds it back", HEAD))
    for reading in sorted(plan.binding, key=lambda reading: -_worth(reading)):
        paragraph(console, rule_text(reading.rule))
        paragraph(console, f"{shadow_text(reading)}. {reading.rule.reason}", 2, ASIDE)
    console.print()


def _worth(reading: RuleReading) -> float:
    """Return what a rule costs the objective: left out, a step looser, or by its slope at the plan."""
    for change in (reading.change_without, reading.step_change):
        if change is not None:
            return -change
    return abs(reading.shadow_price or 0.0) * reading.rule.definition.step


def _print_given_up(console: Console, plan: HedgePlan) -> None:
    worse = [one for one in plan.scenarios if plan.percent(one.saved) <= -_SEEN and is_plain(one.name)]
    worse.sort(key=lambda one: one.saved)
    listed = ", ".join(
        f"{one.name} {percent(plan.percent(one.pnl_before))} → {percent(plan.percent(one.pnl_after))}"
        for one in worse[:_GIVEN_UP]
    )
    more = len(worse) - _GIVEN_UP
    listed += f", and less in {more} more of the table above" if more > 0 else ""
    paragraph(console, f"Given up: {listed or 'nothing that shows in the table above'}.", style=LOSS)
    calm = plan.totals
    if calm is not None:
        change = plan.percent(calm.carry)
        paragraph(console, f"Where nothing moves for a year the plan's income changes it by {change:+.2f} %.")
    console.print()


def _print_checks(console: Console, plan: HedgePlan) -> None:
    for text in _checks(plan):
        paragraph(console, text, style=ASIDE)


def _checks(plan: HedgePlan) -> Iterator[str]:
    """Yield what was checked, and what a reader of the numbers must know."""
    checked = plan.verification
    if checked is not None and checked.largest is not None:
        draws = f" and {checked.n_draws:,} draws" if checked.n_draws else ""
        yield (
            f"Checked: trades file read back, book revalued in {checked.n_scenarios} scenarios{draws}, "
            f"in full; largest difference {checked.largest.gap:.1e} of base value."
        )
    for tail in plan.fresh_tails:
        yield (
            f"On {tail.n_draws:,} draws of {tail.scenario_set} that the plan has not seen, the mean loss "
            f"beyond {100.0 * tail.confidence_level:g} % falls from {100.0 * tail.before:.1f} % to "
            f"{100.0 * tail.after:.1f} %."
        )
    if any(trade.cost.rolls for trade in plan.trades):
        yield "Options that are bought are valued at half of their life, their rolls over the horizon paid."
    if any(trade.notional and trade.cost.rolls for trade in plan.trades):
        yield (
            "Protection that is bought is paid for the horizon, under rolls: its premium less what its value "
            "gains if nothing moves. What it saves per 1 is per unit of notional."
        )
    yield from (f"Note: {note}" for note in plan.notes)
    yield "Losses if a scenario happens, not forecasts; nothing here is investment advice."
