"""What comes first: the portfolio in figures, failures, breached limits, notes, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from stresstest.report.sections.blocks import (
    Block,
    Cell,
    Facts,
    Prose,
    Section,
    Table,
    columns,
    filled,
    plain_rows,
)
from stresstest.report.view.books import BookView
from stresstest.report.view.checks import LimitLine, NavView, ProxyLine
from stresstest.report.view.report import ReportView
from stresstest.report.view.wording import (
    count_text,
    horizon_text,
    listed,
    money_text,
    percent_text,
    share_text,
    size_text,
)

_FAILURES = 40


def first_section(report: ReportView) -> Section:
    """Return what a reader must know before any number."""
    return Section(
        "notes",
        "Read this first",
        "Of every portfolio and scenario in this report",
        "a complete list of what can go wrong: a risk that no scenario moves shows no loss here",
        tuple(_blocks(report)),
    )


def _blocks(report: ReportView) -> Iterator[Block]:
    alarms = tuple(_alarms(report))
    if alarms:
        yield Prose(alarms, "alarm", is_list=True)
    else:
        yield Prose(
            ("Every position has a value in every scenario, and no limit that was checked is breached.",)
        )
    if any(book.failures for book in report.books):
        yield _failures(report)
    missing = (*report.missing, *(f"{book.name}: {text}" for book in report.books for text in book.missing))
    if missing:
        yield Prose(tuple(f"Not in this report. {text}" for text in missing), "aside", is_list=True)
    if report.notes:
        yield _notes(report)


def _failures(report: ReportView) -> Table:
    failed = [(book, line) for book in report.books for line in book.failures]
    rows = plain_rows(
        (one.position, book.name, one.scenario, f"{one.reason}: {one.message}", money_text(one.base_value))
        for book, one in failed[:_FAILURES]
    )
    heads = columns("Position", "Portfolio", "Scenario", "Reason", "#Base value")
    more = "" if len(failed) <= _FAILURES else f"{len(failed) - _FAILURES:,} more are not listed."
    return Table("Positions without a value, left out of their scenario's total", heads, rows, more)


def _notes(report: ReportView) -> Table:
    rows = plain_rows((str(number), note) for number, note in enumerate(report.notes, 1))
    title = f"Notes on data and scenarios ({len(report.notes):,})"
    return Table(title, columns("No.", "Note"), rows, folded=len(report.notes) > 6)


def _alarms(report: ReportView) -> Iterator[str]:
    for book in report.books:
        names = list(dict.fromkeys(line.position for line in book.failures))
        if names:
            count = count_text(len(names), "position")
            yield f"{book.name}: {count} without a value in some scenario, left out there: {listed(names)}."
        for line in book.limits:
            if line.breached:
                yield f"{book.name}: limit {line.name} is breached: {_breach(line)}{_owned(line)}."
            elif line.warned:
                yield f"{book.name}: limit {line.name} warns: {_breach(line)}{_owned(line)}."
        never = book.coverage
        if never is not None and never.never:
            held = share_text(never.never_share)
            count = count_text(len(never.never), "position")
            yield f"{book.name}: no scenario reaches {count} ({held} of gross value): {listed(never.never)}."
        yield from (f"{book.name}: {text}." for text in _proxied(book))
        if book.nav is not None and book.nav.within is False:
            yield f"{book.name}: the base value does not match the stated net asset value: {_gap(book.nav)}."
        if book.small_base:
            yield f"{book.name}: per cent are of the gross value, since the base value is small against it."


def _proxied(book: BookView) -> Iterator[str]:
    lines = () if book.coverage is None else book.coverage.proxied
    stated = [line for line in lines if line.stated_value is not None]
    if stated:
        count = count_text(len(stated), "position")
        yield f"{count} without a market price, valued as stated and moved through a proxy{_held(stated)}"
    own = [line for line in lines if line.stated_value is None]
    if own:
        count = count_text(len(own), "position")
        yield f"{count} valued through a price, spread or volatility of their own{_held(own)}"


def _held(lines: list[ProxyLine]) -> str:
    """Return how much of gross value positions are; nothing where that is not known of one."""
    shares = [line.share for line in lines if line.share is not None]
    return f" ({share_text(sum(shares))} of gross value)" if len(shares) == len(lines) else ""


def _gap(nav: NavView) -> str:
    parts = [f"it differs by {money_text(nav.difference, sign=True)}{_part(nav)}"]
    if nav.without_value:
        parts.append(f"{listed(nav.without_value)} without a value")
    if nav.gaps:
        parts.append(
            "most of all " + ", ".join(f"{name} {money_text(gap, sign=True)}" for name, gap in nav.gaps)
        )
    return "; ".join(parts)


def _breach(line: LimitLine) -> str:
    if line.loss is None or line.loss == float("inf"):
        return f"a loss in {line.worst_scenario} on a {line.of} value of 0"
    lost, allowed = size_text(100.0 * line.loss), size_text(100.0 * line.allowed)
    return f"{lost} of {line.of} value in {line.worst_scenario}, {allowed} allowed"


def _owned(line: LimitLine) -> str:
    return f"; {line.owner} decides" if line.owner else ""


def figures(report: ReportView, book: BookView) -> Facts:
    """Return a portfolio's figures at a glance."""
    worst = book.losses.worst
    pairs = [
        ("Base value", f"{book.currency} {money_text(book.base_value)}"),
        ("Positions", f"{book.n_positions:,}"),
        ("Market as of", report.provenance.as_of.isoformat()),
        ("Scenarios", f"{len(book.losses.lines):,}"),
    ]
    if worst is not None:
        pairs.append((f"Worst: {worst.name}", percent_text(worst.percent)))
        pairs.append(("Over", horizon_text(worst.horizon)))
    if book.nav is not None:
        nav = book.nav
        pairs.append(("Stated net asset value", f"{book.currency} {money_text(nav.value)}"))
        pairs.append(("Base value differs by", f"{money_text(nav.difference, sign=True)}{_match(nav)}"))
    return Facts((*pairs, *book.further))


def _match(nav: NavView) -> str:
    """Return by what part the base value differs, and whether that is a match."""
    part = _part(nav)
    return part if nav.within is None else f"{part}: {'a match' if nav.within else 'NO match'}"


def _part(nav: NavView) -> str:
    return f" ({percent_text(100.0 * nav.difference / abs(nav.value), 2)})" if nav.value else ""


def limit_table(book: BookView) -> Table:
    """Return every limit with its verdict in words."""
    rows = [_limit_row(line) for line in book.limits]
    heads = columns(
        *("Limit", "Verdict", "Covers", "#Largest loss", "#Warns from", "#Allowed", "In", "Owner"),
    )
    return Table("Loss limits", *filled(heads, rows))


def _limit_row(line: LimitLine) -> tuple[Cell, ...]:
    lost = "" if line.loss is None else size_text(100.0 * max(line.loss, 0.0))
    warns = "" if line.warning is None else size_text(100.0 * line.warning)
    allowed = f"{size_text(100.0 * line.allowed)} of {line.of}"
    texts = (line.scenario, lost, warns, allowed, line.worst_scenario, line.owner)
    return (Cell(line.name), _verdict(line), *map(Cell, texts))


def _verdict(line: LimitLine) -> Cell:
    if line.loss is None:
        return Cell("not checked: not run", "aside")
    if line.breached:
        return Cell("breached", "alarm")
    return Cell("kept, warns", "alarm") if line.warned else Cell("kept", "good")
