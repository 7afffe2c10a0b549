"""What comes first: the portfolio in figures, failures, breached limits, notes, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from stresstest.report.sections.blocks import Block, Cell, Facts, Prose, Section, Table, columns, plain_rows
from stresstest.report.view.books import BookView
from stresstest.report.view.checks import LimitLine
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
    failed = [(book, line) for book in report.books for line in book.failures]
    if failed:
        yield Table(
            "Positions without a value, left out of their scenario's total",
            columns("Position", "Portfolio", "Scenario", "Reason", "#Base value"),
            plain_rows(
                (
                    one.position,
                    book.name,
                    one.scenario,
                    f"{one.reason}: {one.message}",
                    money_text(one.base_value),
                )
                for book, one in failed[:_FAILURES]
            ),
            "" if len(failed) <= _FAILURES else f"{len(failed) - _FAILURES:,} more are not listed.",
        )
    missing = (*report.missing, *(f"{book.name}: {text}" for book in report.books for text in book.missing))
    if missing:
        yield Prose(tuple(f"Not in this report. {text}" for text in missing), "aside", is_list=True)
    if report.notes:
        yield _notes(report)


def _notes(report: ReportView) -> Table:
    rows = plain_rows((str(number), note) for number, note in enumerate(report.notes, 1))
    title = f"Notes on data and scenarios ({len(report.notes):,})"
    return Table(title, columns("#No.", "Note"), rows, folded=len(report.notes) > 6)


def _alarms(report: ReportView) -> Iterator[str]:
    for book in report.books:
        names = list(dict.fromkeys(line.position for line in book.failures))
        if names:
            count = count_text(len(names), "position")
            yield f"{book.name}: {count} without a value in some scenario, left out there: {listed(names)}."
        for line in book.limits:
            if line.breached:
                yield f"{book.name}: limit {line.name} is breached: {_breach(line)}."
        never = book.coverage
        if never is not None and never.never:
            held = share_text(never.never_share)
            count = count_text(len(never.never), "position")
            yield f"{book.name}: no scenario reaches {count} ({held} of gross value): {listed(never.never)}."
        if never is not None and never.proxied:
            count = count_text(len(never.proxied), "position")
            yield f"{book.name}: {count} without a market price, valued as stated and moved through a proxy."
        if book.small_base:
            yield f"{book.name}: per cent are of the gross value, since the base value is small against it."


def _breach(line: LimitLine) -> str:
    if line.loss is None or line.loss == float("inf"):
        return f"a loss in {line.worst_scenario} on a {line.of} value of 0"
    lost, allowed = size_text(100.0 * line.loss), size_text(100.0 * line.allowed)
    return f"{lost} of {line.of} value in {line.worst_scenario}, {allowed} allowed"


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
        pairs.append(("Stated net asset value", f"{book.currency} {money_text(book.nav[0])}"))
        pairs.append(("Base value differs by", money_text(book.nav[1], sign=True)))
    return Facts((*pairs, *book.further))


def limit_table(book: BookView) -> Table:
    """Return every limit with its verdict in words."""
    rows = []
    for line in book.limits:
        verdict = Cell("breached", "alarm") if line.breached else Cell("kept", "good")
        if line.loss is None:
            verdict = Cell("not checked: not run", "aside")
        lost = "" if line.loss is None else size_text(100.0 * max(line.loss, 0.0))
        allowed = f"{size_text(100.0 * line.allowed)} of {line.of}"
        rows.append((line.name, verdict, line.scenario, lost, allowed, line.worst_scenario))
    heads = columns("Limit", "Verdict", "Covers", "#Largest loss", "#Allowed", "In")
    return Table("Loss limits", heads, plain_rows(rows))
