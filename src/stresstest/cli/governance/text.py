"""Governance in the terminal: what losses rest on, what moves them most, challengers, proxies."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stresstest.cli.governance.document import GovernanceTables
from stresstest.cli.run.views import PortfolioView
from stresstest.cli.terminal import ASIDE, HEAD, compact, percent, plain_table, safe, share, signed_style
from stresstest.measures.judgements.assessment import Assessment
from stresstest.measures.judgements.inputs import MovedNumber
from stresstest.measures.judgements.register import RegisteredNumber
from stresstest.measures.judgements.shares import NETWORK, JudgedShare

_FIRM = ("time", "documented", "computed")
_JUDGED = ("unverified", "judgement")


def print_governance(console: Console, view: PortfolioView, tables: GovernanceTables) -> None:
    """Print what was asked for of one portfolio."""
    if tables.assessment is not None:
        _print_shares(console, view, tables.assessment)
        _print_top(console, view, tables.assessment)
    if tables.challenges is not None:
        _print_challenges(console, view, tables)
    if tables.shows_proxies:
        _print_proxies(console, view, tables)


def _of(view: PortfolioView) -> str:
    return "gross value" if view.counts_gross else "base value"


def _print_shares(console: Console, view: PortfolioView, found: Assessment) -> None:
    name = view.result.name
    console.print()
    console.print(safe(f"What the P&L of {name} rests on, in per cent of its {_of(view)}", HEAD))
    heads = ("P&L", "firm", "judged", "network", "judged share")
    table = plain_table([("scenario", "left"), *((head, "right") for head in heads)])
    for row in sorted(found.of_portfolio(name), key=lambda row: row.pnl):
        if row.reason:
            table.add_row(safe(row.scenario), safe(row.reason, ASIDE))
            continue
        parts = [row.pnl, *(_layers(row, layers) for layers in (_FIRM, _JUDGED, (NETWORK,)))]
        cells = [Text(percent(view.shown_percent(part)), signed_style(part)) for part in parts]
        judged = "-" if row.share is None else share(row.share)
        table.add_row(safe(row.scenario), *cells, Text(judged))
    console.print(table)
    console.print(
        safe("firm: time, documented and computed lines; network counts as judged: its settings are", ASIDE)
    )


def _layers(row: JudgedShare, layers: tuple[str, ...]) -> float:
    return sum(row.by_layer[layer] for layer in layers)


def _print_top(console: Console, view: PortfolioView, found: Assessment) -> None:
    name = view.result.name
    worst, top = found.worst(name), found.top(name)
    if worst is None or not top:
        return
    moved = next(one for one in found.moved if one.scenario == worst.scenario)
    place = moved.portfolios.index(name)
    console.print()
    title = f"Judged numbers that move {name} most in {worst.scenario}, P&L {compact(worst.pnl)}"
    console.print(safe(f"{title} {worst.currency}", HEAD))
    for item in top:
        _print_moved(console, item, place)
    left = f"; {len(moved.unmoved)} have no size or no move that is possible" if moved.unmoved else ""
    size = f"{100.0 * moved.size:g} %"
    text = f"{len(moved.moved)} judged numbers moved by {size} of their size, drivers of their range{left}"
    console.print(safe(text, ASIDE))


def _print_moved(console: Console, item: MovedNumber, place: int) -> None:
    entry = item.number
    moves = "; ".join(f"{move.label} {compact(move.change[place])}" for move in item.moves)
    console.print(safe(f"{compact(item.largest(place).change[place]):>7}  {entry.kind} {entry.text}"))
    for text in (moves, _origin(entry)):
        console.print(Padding(safe(text, ASIDE), (0, 0, 0, 9)))


def _origin(entry: RegisteredNumber) -> str:
    """Return what a number rests on, who judged it and when, where it is written, and after what."""
    by = " ".join(part for part in (entry.author, str(entry.dated or "")) if part)
    where = f"{Path(entry.location.file).name}:{entry.location.line}" if entry.location.file else ""
    after = f"after: {entry.analogue}" if entry.analogue else ""
    return ", ".join(part for part in (entry.basis_class, by, where, after) if part)


def _print_challenges(console: Console, view: PortfolioView, tables: GovernanceTables) -> None:
    name = view.result.name
    rows = [one for one in tables.challenges or () if one.portfolio == name]
    console.print()
    if not rows:
        console.print(safe("No scenario has a network to challenge", ASIDE))
        return
    title = f"Networks beside the factor model alone, in per cent of the {_of(view)} of {name}"
    console.print(safe(title, HEAD))
    heads = ("network", "lines alone", "challenger", "difference")
    table = plain_table([("scenario", "left"), *((head, "right") for head in heads)])
    for one in sorted(rows, key=lambda one: one.difference):
        parts = (one.pnl, one.lines_pnl, one.challenger_pnl, one.difference)
        cells = [Text(percent(view.shown_percent(part)), signed_style(part)) for part in parts]
        table.add_row(safe(one.scenario), *([safe(one.reason, ASIDE)] if one.reason else cells))
    console.print(table)
    regimes = ", ".join(dict.fromkeys(one.regime for one in rows))
    console.print(safe(f"challenger: the lines, and the factor model ({regimes}) for the rest", ASIDE))


def _print_proxies(console: Console, view: PortfolioView, tables: GovernanceTables) -> None:
    name = view.result.name
    entries = [entry for entry in tables.proxies if entry.portfolio == name]
    console.print()
    if not entries:
        console.print(safe(f"The market values every position of {name}", ASIDE))
        return
    total = share(sum(entry.share for entry in entries))
    console.print(
        safe(f"Positions of {name} that the market alone does not value: {total} of gross value", HEAD)
    )
    heads = [("position", "left"), ("valued by", "left"), ("follows", "left"), ("of gross", "right")]
    table = plain_table([*heads, ("stated on", "left"), ("days", "right")])
    for entry in entries:
        stated = "" if entry.stated_on is None else entry.stated_on.isoformat()
        age = "" if entry.age_days is None else f"{entry.age_days:,}"
        follows = entry.follows or "its attributes"
        texts = (entry.position, entry.how, follows, share(entry.share), stated, age)
        table.add_row(*(safe(text) for text in texts))
    console.print(table)
