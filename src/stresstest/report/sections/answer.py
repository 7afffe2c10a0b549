"""The answer in a sentence: what is lost where, through whom and how, and what a hedge makes of it."""

from __future__ import annotations

from collections.abc import Iterator

from stresstest.report.view.books import BookView
from stresstest.report.view.hedge import HedgeView
from stresstest.report.view.losses import LossLine, Shares, Waterfall
from stresstest.report.view.report import ReportView
from stresstest.report.view.wording import (
    fraction_text,
    horizon_text,
    short_text,
    size_text,
    small_number,
)

_NAMES = 5
_POINTS = 0.5
"""Points through a network, or that a hedge saves, from which they are told."""


def answers(report: ReportView) -> tuple[str, ...]:
    """Return the answer for each portfolio; a clause whose numbers are not known is left out."""
    found = []
    for book in report.books:
        plans = [plan for plan in report.hedges if plan.portfolio == book.name]
        found.append(_answer(report, book, plans[0] if plans else None))
    return tuple(found)


def _answer(report: ReportView, book: BookView, plan: HedgeView | None) -> str:
    worst = book.losses.worst
    if worst is None:
        return f"{book.name}: no scenario was run."
    if worst.pnl >= 0.0:
        count = len(book.losses.lines)
        return f"{book.name} loses in none of the {count:,} scenarios that were run."
    sentences = [_first(book, worst, plan), *_networked(book, worst)]
    gap = (
        [] if report.severity == 1.0 else [f"Every scenario at {100.0 * report.severity:.4g} % of its size."]
    )
    return " ".join([*sentences, *gap])


def _first(book: BookView, worst: LossLine, plan: HedgeView | None) -> str:
    clauses = [_loss(book, worst), *_names(book, worst)]
    for fall in book.waterfalls:
        if fall.scenario == worst.name:
            clauses += _network(fall)
    text = ", ".join(clauses)
    hedge = _hedge(plan, worst)
    return f"{text}; {hedge}." if hedge else f"{text}."


def _loss(book: BookView, line: LossLine) -> str:
    over = f", over {horizon_text(line.horizon)}," if line.horizon else ""
    amount = f"{book.currency} {short_text(-line.pnl)}"
    if line.percent is None:
        return f"Under {line.name}{over} {book.name} loses {amount}"
    unit = " of gross value" if book.small_base else ""
    digits = 0 if abs(line.percent) >= 9.95 else 1
    return f"Under {line.name}{over} {book.name} loses {size_text(line.percent, digits)}{unit} ({amount})"


def _names(book: BookView, line: LossLine) -> Iterator[str]:
    """Yield how much of the loss the five names make that lose most."""
    found = _by(book.shares, "issuer", line.name)
    if found is None:
        return
    losing = [one for one in found.lines if one.pnl < 0.0 and not one.group.startswith(("(", "all others"))]
    if len(losing) <= _NAMES:
        return
    share = sum(one.pnl for one in losing[:_NAMES]) / line.pnl
    names = f"{small_number(_NAMES)} names"
    if share <= 0.995:
        yield f"{fraction_text(share)} of it from {names}"
    else:
        yield f"{names} losing all of it and more"


def _by(shares: tuple[Shares, ...], by: str, scenario: str) -> Shares | None:
    return next((one for one in shares if one.by == by and one.scenario == scenario), None)


def _network(fall: Waterfall) -> Iterator[str]:
    points = -fall.through_network
    if points >= _POINTS:
        unit = "point" if f"{points:.0f}" == "1" else "points"
        yield f"{points:.0f} {unit} through the network of firms that finance one another"


def _networked(book: BookView, worst: LossLine) -> Iterator[str]:
    """Yield the loss of the worst scenario with a network where that is another one."""
    for fall in book.waterfalls:
        clauses = list(_network(fall))
        line = book.losses.line(fall.scenario)
        if fall.scenario != worst.name and clauses and line is not None:
            yield f"{_loss(book, line).replace(book.name, 'it')}, {clauses[0]}."


def _hedge(plan: HedgeView | None, worst: LossLine) -> str:
    """Return what a plan makes of the worst scenario, for which price."""
    if plan is None:
        return ""
    if plan.worst_after is None:
        return f"no hedge keeps to every rule of {plan.policy}"
    found = plan.line(worst.name)
    if not plan.trades:
        return f"policy {plan.policy} proposes no trade"
    if found is None or found.before >= 0.0:
        return ""
    where = "that"
    if found.before - found.after > -_POINTS and plan.worst_before is not None:
        found = plan.line(plan.worst_before[0]) or found
        where = f"the loss of {size_text(found.before, 0)} under {found.name}"
    if found.after - found.before < _POINTS:
        return f"the hedge proposed by {plan.policy} does not change that"
    return f"the proposed hedge {_cut(found.before, found.after, where)}{_price(plan)}"


def _cut(before: float, after: float, where: str) -> str:
    if after >= 0.0:
        return f"turns {where} into a gain"
    left = after / before
    if abs(left - 0.5) <= 0.03:
        return f"halves {where}"
    return f"takes {where} to {size_text(after, 0 if after <= -9.95 else 1)}"


def _price(plan: HedgeView) -> str:
    if plan.spent is None:
        return ""
    return f" for {size_text(plan.spent)} in costs, tax and premium over {horizon_text(plan.horizon)}"
