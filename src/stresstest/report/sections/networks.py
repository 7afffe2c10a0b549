"""Section on a network of firms: who loses, who fails, and how losses flow."""

from __future__ import annotations

from collections.abc import Iterator

from stresstest.report.sections.blocks import (
    Block,
    Cell,
    Figure,
    Prose,
    Section,
    Table,
    columns,
    plain_rows,
    signed,
)
from stresstest.report.view.networks import FirmLine, NetworkPart
from stresstest.report.view.report import ReportView
from stresstest.report.view.wording import NOTHING, horizon_text, percent_text

_PAR = 0.995


def network_sections(report: ReportView) -> Iterator[Section]:
    """Yield a section for each scenario in focus that has a network; the drawing is of the first."""
    for number, part in enumerate(report.networks):
        scenario = report.scenario(part.scenario)
        over = f" over {horizon_text(scenario.horizon)}" if scenario is not None else ""
        yield Section(
            "network" if number == 0 else f"network-{number + 1}",
            "The network of firms" if number == 0 else f"The network of firms under {part.scenario}",
            f"{part.title}; {part.scenario}{over}; against the same network without the shock",
            f"a statement on any firm: {report.notice or 'a scenario is hypothetical'}",
            tuple(_blocks(part, drawn=number == 0)),
        )


def _blocks(part: NetworkPart, *, drawn: bool) -> Iterator[Block]:
    if drawn and part.drawn is not None and part.drawn.nodes:
        description = (
            "The firms that lose most, by role, with the money between them as arrows; darker circles "
            "lose more, per cent stand below each name, and arrows between them are strong."
        )
        yield Figure("network", f"Where losses flow under {part.scenario}", description, part)
    if part.firms:
        yield Table(
            f"Firms under {part.scenario}",
            columns("Firm", "#As stated", "#With the network", "#Debt worth", "Money ends"),
            plain_rows(_row(firm) for firm in part.firms),
            "As stated: change of value by the scenario's own lines, before firms act on one another. "
            "An asterisk: no price in this market, so that no position feels it.",
        )
    rest = "The network comes to rest." if part.at_rest else "The network does NOT come to rest."
    steps = f"Mechanisms, in order: {', '.join(name.replace('_', ' ') for name in part.mechanisms)}."
    yield Prose((f"{steps} {rest}",), "aside" if part.at_rest else "alarm")


def _row(firm: FirmLine) -> tuple[str | Cell, ...]:
    name = firm.title if firm.title == firm.id else f"{firm.title} ({firm.id})"
    debt = f"{100.0 * firm.debt_worth:.0f} cents" if firm.debt_worth < _PAR else "par"
    month = NOTHING if firm.failed_month is None else f"month {firm.failed_month:.1f}"
    return (
        f"{name} *" if firm.unpriced else name,
        _change(firm.direct),
        _change(firm.change),
        debt,
        Cell(month, "alarm" if firm.failed_month is not None else ""),
    )


def _change(change: float | None) -> Cell:
    return Cell(NOTHING) if change is None else signed(percent_text(100.0 * change, 0), change)
