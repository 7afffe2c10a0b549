"""A hedge plan as its view."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stresstest.hedging.diagnosis.repair_words import amount_text, repair_text
from stresstest.hedging.plans.comparisons import Yardstick
from stresstest.hedging.plans.frontier import Frontier
from stresstest.hedging.plans.plan import HedgePlan, PlannedTrade, RuleReading
from stresstest.hedging.plans.sellers import SellerExposure
from stresstest.report.view.hedge import (
    ChallengeLine,
    ComparisonLine,
    FrontierPointView,
    FrontierView,
    HedgedLine,
    HedgeView,
    RuleLine,
    TradeLine,
)
from stresstest.report.view.hedge_words import (
    book_text,
    no_trade_text,
    objective_text,
    rule_text,
    shadow_text,
)
from stresstest.report.view.wording import short_text, size_text

_ACTIONS = {"sell": "Sell", "cover": "Buy back", "buy": "Buy"}


def hedge_view(plan: HedgePlan) -> HedgeView:
    """Return a plan, or why there is none, as plain data."""
    lines = sorted(plan.scenarios, key=lambda one: (one.pnl_before, one.name))
    planned = plan.diagnosis is None
    return HedgeView(
        *(plan.portfolio.name, plan.currency, plan.policy.name, plan.policy.title, plan.policy.horizon),
        status=plan.status,
        objective=objective_text(plan),
        lines=tuple(
            HedgedLine(one.name, one.horizon, one.role, *map(plan.percent, (one.pnl_before, one.pnl_after)))
            for one in lines
        ),
        worst_before=_worst(plan, after=False),
        worst_after=_worst(plan, after=True) if planned else None,
        spent=None if plan.yardstick is None else 100.0 * plan.yardstick.spent,
        trades=tuple(_trade(plan, trade) for trade in plan.trades),
        totals=tuple(_totals(plan)),
        rules=tuple(_rules(plan)),
        frontiers=tuple(_frontier(found) for found in plan.frontiers),
        comparisons=tuple(_comparisons(plan)),
        challenges=_challenges(plan),
        sellers=tuple(_seller(plan, seller) for seller in plan.sellers),
        checks=tuple(_checks(plan)),
        diagnosis=tuple(_diagnosis(plan)),
    )


def _worst(plan: HedgePlan, *, after: bool) -> tuple[str, float] | None:
    found = plan.new_worst if after else plan.worst
    if found is None:
        return None
    return found.name, plan.percent(found.pnl_after if after else found.pnl_before)


def _trade(plan: HedgePlan, trade: PlannedTrade) -> TradeLine:
    worst = plan.worst.name if plan.worst is not None else ""
    return TradeLine(
        *(_ACTIONS.get(trade.action, trade.action), trade.named, trade.lots, trade.value, trade.cost.total),
        trade.saves.get(worst, 0.0),
        trade.days if math.isfinite(trade.days) else None,
        trade.reason,
    )


def _totals(plan: HedgePlan) -> Iterator[tuple[str, str]]:
    totals = plan.totals
    if totals is None or not plan.has_trades:
        return
    yield "Sold", short_text(totals.sold)
    yield "Bought", short_text(totals.bought)
    costs = ("spread", "impact", "tax", "fees", "rolls")
    for name in costs:
        amount = float(getattr(totals.cost, name))
        if amount:
            yield f"Cost: {name}", f"{short_text(amount)} ({size_text(plan.percent(amount), 2)})"
    yield "Cost in all", f"{short_text(totals.cost.total)} ({size_text(plan.percent(totals.cost.total), 2)})"


def _rules(plan: HedgePlan) -> Iterator[RuleLine]:
    shown = plan.binding if plan.diagnosis is None else tuple(one for one in plan.rules if one.was_broken)
    for reading in shown:
        yield _rule(reading, binds=plan.diagnosis is None)


def _rule(reading: RuleReading, *, binds: bool) -> RuleLine:
    measured = amount_text(reading.rule, reading.measured) if math.isfinite(reading.measured) else ""
    price = shadow_text(reading) if binds else book_text(reading)
    return RuleLine(rule_text(reading.rule), measured, price, reading.rule.reason)


def _frontier(found: Frontier) -> FrontierView:
    points = (
        FrontierPointView(
            amount_text(found.rule, point.amount),
            None if point.found is None else 100.0 * point.found.spent,
            None if point.found is None else 100.0 * point.found.worst_loss,
            _kept(point.found),
            point.amount == found.rule.amount,
        )
        for point in found.points
    )
    return FrontierView(found.rule.name, tuple(points))


def _kept(found: Yardstick | None) -> float | None:
    return None if found is None or not found.is_material else 100.0 * found.participation


def _comparisons(plan: HedgePlan) -> Iterator[ComparisonLine]:
    if plan.yardstick is None or not plan.comparisons:
        return
    rows = [("this plan", plan.yardstick), *((one.text, one.found) for one in plan.comparisons)]
    for text, found in rows:
        kept = _kept(found)
        boom = size_text(kept, 0) if kept is not None else ""
        yield ComparisonLine(text, 100.0 * found.spent, -100.0 * found.worst_loss, boom)


def _challenges(plan: HedgePlan) -> tuple[ChallengeLine, ...]:
    found = sorted(plan.challenges, key=lambda one: (one.passed is not False, one.passed is True))
    return tuple(ChallengeLine(one.question, one.passed, one.finding) for one in found)


def _seller(plan: HedgePlan, seller: SellerExposure) -> str:
    names = {one.name for one in plan.of_horizon}
    failing = {name: pnl for name, pnl in seller.pnl_if_failing.items() if name in names}
    who = seller.label or seller.name
    owes = f"{who} {'stands behind' if seller.is_cleared else 'owes'} {short_text(seller.bought)}"
    if not failing:
        return owes
    worst = min(failing, key=lambda name: failing[name])
    after = next(one.pnl_after for one in plan.scenarios if one.name == worst)
    return (
        f"{owes}; were it to fail in {worst} and pay 40 %, the loss would be "
        f"{size_text(plan.percent(failing[worst]))} instead of {size_text(plan.percent(after))}"
    )


def _checks(plan: HedgePlan) -> Iterator[str]:
    checked = plan.verification
    if checked is not None and checked.largest is not None:
        draws = f" and {checked.n_draws:,} draws" if checked.n_draws else ""
        yield (
            f"Trades file read back and the hedged book revalued in {checked.n_scenarios} scenarios{draws}; "
            f"largest difference {checked.largest.gap:.1e} of base value."
        )
    for tail in plan.fresh_tails:
        yield (
            f"On {tail.n_draws:,} draws of {tail.scenario_set} that the plan has not seen, the mean loss "
            f"beyond {100.0 * tail.confidence_level:g} % goes from {size_text(100.0 * tail.before)} to "
            f"{size_text(100.0 * tail.after)}."
        )
    yield from plan.notes


def _diagnosis(plan: HedgePlan) -> Iterator[str]:
    if plan.diagnosis is None:
        if not plan.has_trades:
            yield no_trade_text(plan)
        return
    found = plan.diagnosis
    if found.unbounded is not None:
        name, direction = found.unbounded.instrument, found.unbounded.direction
        yield f"No rule limits how much {name} to {direction}, and more of it always helps: cap it by a rule."
    if found.conflict:
        yield f"These rules cannot hold together: {', '.join(found.conflict)}."
    for repair in found.repairs:
        yield f"One repair: {repair_text(plan.policy.rule(repair.rule), repair)}."
    yield from (f"{note[:1].upper()}{note[1:]}." for note in found.notes)
