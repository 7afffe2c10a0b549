"""Sections on a hedge: before and after, trades with receipts, what holds it back, frontier, challenges."""

from __future__ import annotations

from collections.abc import Iterator

from stresstest.report.sections.blocks import (
    Beside,
    Block,
    Cell,
    Facts,
    Figure,
    Prose,
    Section,
    Table,
    columns,
    plain_rows,
    signed,
)
from stresstest.report.view.hedge import FrontierView, HedgedLine, HedgeView
from stresstest.report.view.wording import (
    NOTHING,
    days_text,
    headed,
    horizon_text,
    number_text,
    percent_text,
    short_text,
    size_text,
)

_STATUS = {
    "optimal": "Optimal: proved best within the gap that the solver was asked for.",
    "feasible": "The best plan found in the search that was allowed; a better one may exist.",
    "no_trade": "No trade: the book keeps every rule, and no trade that they allow helps.",
    "infeasible": "Infeasible: no plan keeps to every rule.",
    "unbounded": "Unbounded: some trade helps without end, so that a rule is missing.",
}
_ROLES = {"objective": "objective", "rule": "rule", "held_out": "held out"}
_VERDICTS = {True: Cell("passed", "good"), False: Cell("FAILED", "alarm"), None: Cell("not asked", "aside")}


def hedge_section(plan: HedgeView) -> Section:
    """Return a plan, or why there is none."""
    return Section(
        "hedge",
        f"Hedge under policy {plan.policy}",
        f"{plan.portfolio}; scenarios over {horizon_text(plan.horizon)}; minimises {plan.objective}",
        "investment advice, or a promise: it saves only if a scenario happens, at the prices assumed",
        tuple(_blocks(plan)),
    )


def _blocks(plan: HedgeView) -> Iterator[Block]:
    planned = plan.worst_after is not None
    yield Prose((_STATUS.get(plan.status, headed(plan.status)),), "" if planned else "alarm")
    if plan.diagnosis:
        yield Prose(plan.diagnosis, is_list=True)
    yield Facts(tuple(_facts(plan)))
    yield from _outcomes(plan, planned=planned)
    yield from _trades(plan)
    if plan.rules:
        title = "What holds it back" if planned else "Rules that the book breaks"
        rows = ((one.text, one.measured, one.price, one.reason) for one in plan.rules)
        heads = columns("Rule", "#Measured", "What it costs" if planned else "Beside what is asked", "Reason")
        yield Table(title, heads, plain_rows(rows))
    for found in plan.frontiers:
        yield _frontier(found)
    yield from _committee(plan)


def _facts(plan: HedgeView) -> Iterator[tuple[str, str]]:
    if plan.worst_before is not None:
        yield f"Worst as written, before: {plan.worst_before[0]}", percent_text(plan.worst_before[1])
    if plan.worst_after is not None:
        yield f"Worst as written, after: {plan.worst_after[0]}", percent_text(plan.worst_after[1])
    if plan.spent is not None:
        yield "Spent, premium included", size_text(plan.spent, 2)
    yield from plan.totals


def _outcomes(plan: HedgeView, *, planned: bool) -> Iterator[Block]:
    lines = [line for line in plan.lines if line.role != "held_out"]
    apart = [line for line in plan.lines if line.role == "held_out"]
    if planned and plan.trades and lines:
        description = (
            "Profit and loss in per cent of base value of each scenario that the plan uses: hollow without "
            "the hedge, filled with it, joined by a line."
        )
        yield Beside(
            Figure("hedge", "Before and after the hedge", description, plan), _table("Used to plan", lines)
        )
    elif lines:
        yield _table("Scenarios of the policy", lines)
    if apart:
        yield _table("Held out: neither objective nor rules rest on them", apart)


def _table(title: str, lines: list[HedgedLine]) -> Table:
    rows = [
        (
            line.name,
            line.horizon,
            signed(percent_text(line.before), line.before),
            signed(percent_text(line.after), line.after),
            percent_text(line.after - line.before),
            _ROLES.get(line.role, line.role),
        )
        for line in sorted(lines, key=lambda line: line.before)
    ]
    heads = columns("Scenario", "Over", "#Before", "#After", "#Change", "Used for")
    return Table(
        title,
        heads,
        plain_rows(rows),
        "In per cent of the base value of the book as it is.",
        folded=len(rows) > 30,
    )


def _trades(plan: HedgeView) -> Iterator[Block]:
    if not plan.trades:
        return
    worst = plan.worst_before[0] if plan.worst_before is not None else "the worst scenario"
    rows = [
        (
            f"{trade.action} {trade.label}",
            number_text(trade.lots, 0),
            short_text(trade.value, sign=True),
            short_text(trade.cost),
            signed(short_text(trade.saves, sign=True), trade.saves),
            NOTHING if trade.days is None else days_text(trade.days),
            trade.reason,
        )
        for trade in plan.trades
    ]
    heads = columns("Trade", "#Lots", f"#Value {plan.currency}", "#Cost", "#Saves", "#Days", "Why")
    note = f"Saves: P&L added in {worst}, costs paid. Days: at the allowed part of the usual volume."
    yield Table("Trades", heads, plain_rows(rows), note)


def _frontier(found: FrontierView) -> Block:
    rows = []
    for point in found.points:
        mark = " (the plan)" if point.is_plan else ""
        if point.spent is None or point.worst is None:
            rows.append((f"{point.amount}{mark}", "no plan", "", ""))
        else:
            figures = size_text(point.spent, 2), percent_text(-point.worst), size_text(point.kept, 0)
            rows.append((f"{point.amount}{mark}", *figures))
    heads = columns(headed(found.rule), "#Spent", "#Worst loss", "#Boom kept")
    table = Table(f"Frontier of {found.rule}", heads, plain_rows(rows), "All other rules kept; without lots.")
    if sum(point.spent is not None for point in found.points) < 2:
        return table
    description = (
        f"Largest loss against what is spent, each point the best plan at one amount of {found.rule}; the "
        "square is the plan."
    )
    return Beside(Figure("frontier", f"Frontier of {found.rule}", description, found), table)


def _committee(plan: HedgeView) -> Iterator[Block]:
    if plan.comparisons:
        rows = (
            (one.text, size_text(one.spent, 2), percent_text(one.worst), one.boom) for one in plan.comparisons
        )
        yield Table(
            "Beside simpler hedges", columns("Hedge", "#Spent", "#Worst", "#Boom kept"), plain_rows(rows)
        )
    if plan.challenges:
        asked = ((one.question, _VERDICTS[one.passed], one.finding) for one in plan.challenges)
        yield Table("Reasons to reject it", columns("Must hold", "Verdict", "Found"), plain_rows(asked))
    if plan.sellers:
        yield Prose(tuple(f"{text}." for text in plan.sellers), is_list=True)
    if plan.checks:
        yield Prose(plan.checks, "aside", is_list=True)
