"""The small report with a hedge, failures and history beside it: every section, chart and table there is."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from tests.report.samples import view

from stresstest.networks.model import Network
from stresstest.report.view.checks import (
    ChallengerLine,
    FailureLine,
    JudgementLine,
    NavView,
    PlausibilityLine,
)
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
from stresstest.report.view.report import ReportView

PLAN = HedgeView(
    *("small", "USD", "thrift", "Sell what depends on one story", "6m", "optimal", "worst loss"),
    lines=(
        HedgedLine("fall", "6m", "objective", -36.9, -18.1),
        HedgedLine("rise", "1m", "rule", 4.8, 2.5),
        HedgedLine("slide", "12m", "held_out", -12.7, -6.4),
    ),
    worst_before=("fall", -36.9),
    worst_after=("fall", -18.1),
    spent=1.1,
    trades=(
        TradeLine("Sell", "NVDA (nvda)", 500.0, -93_810.0, 120.0, 46_000.0, 0.1, "depends on AI"),
        TradeLine("Buy", "bills", 90.0, 90_000.0, 9.0, 0.0, None, "safe"),
    ),
    totals=(("Sold", "93.8k"), ("Cost in all", "129 (0.03 %)")),
    rules=(RuleLine("premium: max_premium 1%", "1 %", "one point more takes 3 points off", "Thrift."),),
    frontiers=(
        FrontierView(
            "premium",
            (
                FrontierPointView("0 %", 0.2, 30.0, 80.0, False),
                FrontierPointView("1 %", 1.1, 18.1, 60.0, True),
                FrontierPointView("9 %", None, None, None, False),
            ),
        ),
    ),
    comparisons=(ComparisonLine("this plan", 1.1, -18.1, "52 %"), ComparisonLine("cash", 0.1, -20.0, "40 %")),
    challenges=(
        ChallengeLine("It helps in scenarios that it has not seen", True, "6.3 points in slide"),
        ChallengeLine("Its sellers can pay", False, "one cannot"),
        ChallengeLine("It can be unwound", None, "no volumes"),
    ),
    sellers=("a clearing house stands behind 90k",),
    checks=("Trades file read back.",),
)

NO_PLAN = replace(
    PLAN,
    status="infeasible",
    worst_after=None,
    spent=None,
    trades=(),
    frontiers=(),
    diagnosis=("These rules cannot hold together: premium, turnover.",),
)


@cache
def whole() -> ReportView:
    """Return the small report with everything in it that a report can show."""
    found = view()
    (book,) = found.books
    assert book.judgement is not None
    failure = FailureLine("put", "slide", "not priced", "expired before the last step", 1_814.0)
    challenger = ChallengerLine("stop", "stressed", -34.8, -0.1, -5.0)
    input_ = JudgementLine("shift of AMD", "judgement", "+10 % of its size", "a guess", "line", -3.1)
    breached, *others = book.limits
    book = replace(
        book,
        failures=(failure,),
        limits=(replace(breached, owner="the board"), *others),
        nav=NavView(383_000.0, -66.2, date(2025, 9, 30), 0.01, True, 3, (("quiet", 1_000.0),)),
        further=(("Margin call in fall", "none"),),
        judgement=replace(
            book.judgement,
            share=0.4,
            inputs=(input_,),
            challengers=(challenger,),
            note="Measured one at a time.",
        ),
        missing=("Greeks: nobody asked.",),
    )
    history = tuple(
        PlausibilityLine(
            name, (("calm", 4.7, 0.73), ("stressed", 2.0, 0.004)), "NVDA \N{MINUS SIGN}9.8", 1, 2, 0
        )
        for name in ("fall", "rise")
    )
    return replace(found, books=(book,), hedges=(PLAN,), plausibility=history, missing=())


def plain(value: Any) -> Any:
    """Return a view as what JSON holds: floats to nine digits, dates as text, networks by their names."""
    if isinstance(value, Network):
        edges = [[edge.first, edge.second, edge.edge_type] for edge in value.edges]
        return {"name": value.name, "nodes": [node.id for node in value.nodes], "edges": edges}
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.9g}") if abs(value) > 1e-12 else 0.0
    return value.isoformat() if isinstance(value, date) else value
