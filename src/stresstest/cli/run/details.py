"""Tables asked for: every position of each scenario, and one position's P&L factor by factor."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from stresstest.cli.run.views import PortfolioView
from stresstest.cli.terminal import ASIDE, HEAD, compact, money, percent, plain_table, safe, signed_style
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.measures.trace import Trace
from stresstest.scenarios.wording import level_text

_POSITION_HEADERS = (
    ("position", "left"),
    ("type", "left"),
    ("base value", "right"),
    ("P&L", "right"),
    ("%", "right"),
)


def print_positions(console: Console, view: PortfolioView) -> None:
    """Print every position in every scenario, the one that hurts most first."""
    types = dict(zip(view.result.position_ids, view.result.position_types, strict=True))
    for line in view.scenarios:
        console.print()
        console.print(Text.assemble(safe(line.name, HEAD), ", position by position"))
        table = plain_table(
            [
                ("position", "left"),
                ("type", "left"),
                ("base value", "right"),
                ("P&L", "right"),
                ("%", "right"),
            ]
        )
        for mover in line.movers:
            own = 100.0 * mover.pnl / abs(mover.base_value) if mover.base_value else None
            style = signed_style(mover.pnl)
            figures = (money(mover.pnl), percent(own))
            table.add_row(
                safe(mover.position),
                safe(types[mover.position]),
                money(mover.base_value),
                *(Text(figure, style) for figure in figures),
            )
        console.print(table)


def print_traces(console: Console, portfolio: str, traces: Sequence[Trace]) -> None:
    """Print what each shocked factor alone does to the position, then what they do together."""
    for trace in traces:
        console.print()
        console.print(
            Text.assemble(
                safe(trace.position, HEAD), " of ", safe(portfolio), " in ", safe(trace.scenario, HEAD),
                f": {compact(trace.pnl)}",
            )
        )  # fmt: skip
        table = plain_table([("factor", "left"), ("from", "right"), ("to", "right"), ("P&L", "right")])
        for item in trace.factors:
            kind = FACTOR_KINDS[item.key.kind]
            levels = (level_text(kind, item.base), level_text(kind, item.level))
            table.add_row(safe(str(item.key)), *levels, Text(money(item.pnl), signed_style(item.pnl)))
        if trace.time:
            table.add_row(Text("time alone", ASIDE), "", "", money(trace.time))
        table.add_row(Text("together beyond their sum", ASIDE), "", "", money(trace.interaction))
        table.add_row(Text("total", HEAD), "", "", Text(money(trace.pnl), signed_style(trace.pnl)))
        console.print(table)
