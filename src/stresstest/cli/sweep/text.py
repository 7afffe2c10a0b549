"""A sweep as tables: the curve, where it bends or jumps, and what flips along it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from stresstest.cli.sweep.report import SweepReport
from stresstest.cli.terminal import HEAD, bar, compact, percent, plain_table, safe, signed_style
from stresstest.measures.borders import EXACT
from stresstest.measures.breaches import Kept
from stresstest.measures.break_points.groups import Group, groups
from stresstest.measures.break_points.record import BreakPoint
from stresstest.measures.turning_points import TurningPoint
from stresstest.scenarios.event import NOTICE

_BAR = 24
_NAMED = 3


def print_sweep(console: Console, report: SweepReport) -> None:
    """Print each portfolio's curve with what flips along it, then where the scenario is impossible."""
    result = report.result
    for place, name in enumerate(result.portfolios):
        if name != result.against:
            _print_portfolio(console, report, place)
    if report.scenario.names_defaults:
        console.print(safe(f"Note: {NOTICE}"))
    if result.impossible:
        first = result.impossible[0]
        span = f"{report.at(first.x)} and at {len(result.impossible) - 1} more points"
        console.print(safe(f"Impossible at {span}: {first.problem}"))


def _print_portfolio(console: Console, report: SweepReport, place: int) -> None:
    result = report.result
    name, base = result.portfolios[place], result.base_values[place]
    title = f"{report.scenario.name} on {name}, base value {base:,.0f} {result.currencies[place]}"
    console.print(safe(title, HEAD))
    _print_curve(console, report, place)
    for turn in (item for item in result.turning_points if item.portfolio == name):
        console.print(safe(_turning_text(report, turn)))
    _print_break_points(console, report, place)
    for kept in (item for item in result.kept if item.portfolio == name):
        console.print(safe(_kept_text(report, kept)))
    console.print()


def _print_curve(console: Console, report: SweepReport, place: int) -> None:
    result, against = report.result, report.result.against
    base, values = result.base_values[place], result.pnl[place].tolist()
    headers = [(report.axis.name, "right"), ("P&L", "right"), ("% of base", "right")]
    other = result.pnl[result.portfolios.index(against)].tolist() if against else [math.nan] * len(values)
    table = plain_table([*headers, *([(against, "right")] if against else []), ("", "left")])
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    for x, value, compared in zip(result.x.tolist(), values, other, strict=True):
        if not math.isfinite(value):
            table.add_row(report.at(x), *("-" for _ in table.columns[2:]), "impossible")
            continue
        share = percent(100.0 * value / abs(base)) if base else "-"
        drawn = bar(value, largest, _BAR, ascii_only=console.options.ascii_only)
        beside = [safe(compact(compared), signed_style(compared))] if against else []
        table.add_row(report.at(x), safe(compact(value), signed_style(value)), share, *beside, drawn)
    console.print(table)


def _turning_text(report: SweepReport, turn: TurningPoint) -> str:
    at, kink = report.at(turn.kink.x), turn.kink
    if kink.is_cliff:
        what = f"cliff at {at}: P&L jumps by {compact(kink.jump)}"
    else:
        before, after = compact(0.01 * kink.slope_before), compact(0.01 * kink.slope_after)
        what = f"kink at {at}: from {before} to {after} a point"
    return "; ".join((what, *turn.causes))


def _print_break_points(console: Console, report: SweepReport, place: int) -> None:
    """Print what flips along the axis, one line for many of a kind, and what is counted only."""
    result = report.result
    name, base = result.portfolios[place], result.base_values[place]
    own = [item for item in result.break_points if item.portfolio == name]
    if own:
        console.print(safe("Break-points", HEAD))
        headers = [("at", "right"), ("loss", "right"), ("% of base", "right"), ("what flips", "left")]
        table = plain_table(headers)
        for group in groups(own):
            loss = group.first.loss
            share = percent(100.0 * loss / abs(base)).removeprefix("+") if base else "-"
            words = safe(_group_text(report, group))
            table.add_row(report.at(group.first.x), _amount(loss), share, words)
        console.print(table)
    counted = [f"{item.count} × {item.what}" for item in result.unlisted if item.portfolio == name]
    if counted:
        console.print(safe(f"Of little effect or too many to list: {'; '.join(counted)}"))
    for line in _unturned(report, place):
        console.print(safe(line))


def _amount(loss: float) -> Text:
    return safe(compact(loss).removeprefix("+"), signed_style(-loss)) if math.isfinite(loss) else safe("-")


def _group_text(report: SweepReport, group: Group) -> str:
    first, count = group.first, len(group.members)
    if count == 1:
        return f"{_who(first)} {first.what}"
    if group.last.x - first.x <= 4.0 * EXACT * (report.axis.high - report.axis.low):
        names = list(dict.fromkeys(item.subject for item in group.members))
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return f"{', '.join(names[:_NAMED])}{more}: {first.what}"
    return f"{count} times until {report.at(group.last.x)}, first {_who(first)}: {first.what}"


def _who(item: BreakPoint) -> str:
    """Return who flips: the positions with their terms, or the firm, issuer or limit with its positions."""
    if not item.positions or item.positions == (item.subject,):
        return item.subject
    more = len(item.positions) - _NAMED
    named = ", ".join(item.positions[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    if item.kind == "default":
        return f"{item.subject} ({named})"
    return f"{named} ({item.subject})" if item.subject else named


def _unturned(report: SweepReport, place: int) -> Iterator[str]:
    """Yield what a comparison says that finds no border on the axis."""
    result = report.result
    name, against = result.portfolios[place], result.against
    found = any(item.kind == "comparison" and item.portfolio == name for item in result.break_points)
    if not against or found:
        return
    how = {1: "more than", -1: "less than", 0: "as much as"}[result.lead(place)]
    yield f"{name} loses {how} {against} over the whole range"


def _kept_text(report: SweepReport, kept: Kept) -> str:
    how = "breached over the whole range" if kept.breached else "not breached over the range"
    loss, at = percent(100.0 * kept.largest_loss), report.at(kept.x)
    seen = f"largest loss {loss.removeprefix('+')} at {at}" if kept.largest_loss > 0.0 else "no loss seen"
    most = percent(100.0 * kept.limit.max_loss).removeprefix("+")
    return f"limit {kept.limit.name or kept.limit.scenario} ({most} of {kept.limit.of}) is {how}: {seen}"
