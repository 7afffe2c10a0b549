"""Sections on concentration, look-through themes, and exit prices."""

from __future__ import annotations

from stresstest.report.sections.blocks import (
    Block,
    Cell,
    Facts,
    Prose,
    Section,
    Table,
    columns,
    plain_rows,
    signed,
)
from stresstest.report.view.books import BookView
from stresstest.report.view.exposures import Concentration, Exits
from stresstest.report.view.wording import (
    days_text,
    horizon_text,
    listed,
    money_text,
    number_text,
    percent_text,
    share_text,
)


def concentration_section(book: BookView) -> Section | None:
    """Return how few names the portfolio rests on, and what themes it is exposed to."""
    found = book.concentration
    if found is None:
        return None
    pairs = [
        ("Names, funds looked through", f"{found.n_names:,}"),
        ("As concentrated as equal names", number_text(found.effective_names)),
        ("Five largest, of gross value", share_text(found.top_five / 100.0)),
        ("Ten largest, of gross value", share_text(found.top_ten / 100.0)),
    ]
    if found.ai_percent is not None:
        pairs.append((f"Look-through AI exposure, of {found.unit}", share_text(found.ai_percent / 100.0)))
    return Section(
        "concentration",
        "Concentration and look-through exposure",
        f"{book.name}; today, before any shock",
        "a delta: options count by their value, and themes by judgements of what a name's worth rests on",
        (Facts(tuple(pairs)), _names(found), *((_themes(found),) if found.themes else ())),
    )


def _names(found: Concentration) -> Table:
    largest = max((abs(line.percent) for line in found.names), default=0.0)
    rows = [
        (
            line.issuer if line.title in ("", line.issuer) else f"{line.title} ({line.issuer})",
            weighed(line.percent, largest),
            signed(percent_text(line.pnl_percent), line.pnl_percent),
        )
        for line in found.names
    ]
    heads = columns("Name", f"#% of {found.unit}", "#P&L in the worst scenario")
    return Table("Largest names", heads, plain_rows(rows), kind="bars")


def weighed(percent: float, largest: float) -> Cell:
    """Return a weight with a bar; only one that is short has a sign."""
    return Cell(share_text(percent / 100.0), "", abs(percent) / largest if largest else None)


def _themes(found: Concentration) -> Table:
    largest = max((abs(line.percent) for line in found.themes), default=0.0)
    rows = [
        (
            line.theme.replace("_", " "),
            weighed(line.percent, largest),
            f"{line.names:,}",
        )
        for line in found.themes
    ]
    note = (
        "Weight times the exposure of each name, of which the market's themes are judgements; they overlap."
    )
    return Table(
        "Themes", columns("Theme", f"#% of {found.unit}", "#Names"), plain_rows(rows), note, kind="bars"
    )


def exit_section(book: BookView) -> Section | None:
    """Return the loss at the mark and at exit prices, or that no volume is known; None without positions."""
    found = book.exits
    if found is None and book.concentration is None:
        return None
    blocks: tuple[Block, ...]
    if found is None:
        text = "No position has a usual volume in this market: neither days to exit nor a price is known."
        blocks, scope = (Prose((text,), "aside"),), book.name
    else:
        line = book.losses.line(found.scenario)
        over = f" over {horizon_text(line.horizon)}" if line is not None and line.horizon else ""
        scope = f"{book.name}; {found.scenario}{over}"
        blocks = (_exit_facts(found), _exit_table(found), Prose((_unknown(found),), "aside"))
    is_not = "a quote: what sales would cost is an estimate by a rule of thumb, and volumes fall in a crisis"
    return Section("exit", "At the mark and at exit prices", scope, is_not, blocks)


def _exit_facts(found: Exits) -> Facts:
    return Facts(
        (
            (f"These at the mark, {found.currency}", money_text(found.at_mark, sign=True)),
            (f"These at exit prices, {found.currency}", money_text(found.at_exit, sign=True)),
            ("Days to sell nine tenths", days_text(found.days_90)),
            ("With a known volume, of gross value", share_text(found.known_share)),
        )
    )


def _exit_table(found: Exits) -> Table:
    rows = [
        (
            line.position,
            days_text(line.days),
            signed(money_text(line.at_mark, sign=True), line.at_mark),
            signed(money_text(line.at_exit, sign=True), line.at_exit),
        )
        for line in found.lines
    ]
    more = found.n_lines - len(found.lines)
    note = (
        f"Sold at {100.0 * found.participation:.0f} % of the usual daily volume. Cost: "
        f"{found.coefficient:g} x the volatility of a day x the root of the order over the daily volume."
    )
    note += f" {more} more positions sell faster." if more > 0 else ""
    heads = columns("Position", "#Days to exit", "#P&L at the mark", "#P&L at exit prices")
    return Table("Slowest to sell", heads, plain_rows(rows), note)


def _unknown(found: Exits) -> str:
    if not found.unknown:
        return "Every position has a usual volume."
    return f"Without a usual volume, at the mark only: {listed(found.unknown)}."
