"""Sections on severity and on paths."""

from __future__ import annotations

from stresstest.report.sections.blocks import (
    Beside,
    Block,
    Figure,
    Prose,
    Section,
    Table,
    columns,
    plain_rows,
    signed,
)
from stresstest.report.view.books import BookView
from stresstest.report.view.curves import PathCurve, SeverityCurve
from stresstest.report.view.wording import (
    horizon_text,
    money_text,
    number_text,
    percent_text,
    short_text,
    size_text,
)

_SHOWN = (25.0, 50.0, 75.0, 100.0, 125.0, 150.0, 200.0)


def severity_section(book: BookView) -> Section | None:
    """Return the worst scenario by severity, with what flips along it."""
    found = book.severity
    if found is None:
        return None
    description = (
        f"Profit and loss of {found.portfolio} under {found.scenario} from nothing to twice its stated size, "
        f"in per cent of {found.unit}{_marks(found)}."
    )
    title = f"{found.scenario} by severity"
    blocks: list[Block] = [Beside(Figure("severity", title, description, found), _severity_table(found))]
    if found.breaks:
        blocks.append(_break_table(found))
    elif not found.searched:
        text = "The scenario is a path: what flips between these severities was not looked for."
        blocks.append(Prose((f"{text} `stresstest sweep` finds it.",), "aside"))
    return Section(
        "severity",
        "How the loss grows with severity",
        f"{book.name}; {found.scenario} over {horizon_text(found.horizon)}; 100 % is as stated",
        "a scale of likelihood: twice the size is not half as likely",
        tuple(blocks),
    )


def _marks(found: SeverityCurve) -> str:
    """Return what the marks of the drawing are, of those that it has."""
    flips = "; numbered marks show what flips" if found.breaks else ""
    limits = "broken lines are loss limits" if found.limits else ""
    return f"{flips}{', ' if flips and limits else '; ' if limits else ''}{limits}"


def _severity_table(found: SeverityCurve) -> Table:
    pairs = list(zip(found.severity, found.percent, strict=True))
    rows = []
    for wanted in _SHOWN:
        near = min(pairs, key=lambda pair: abs(pair[0] - wanted), default=None)
        if near is not None and abs(near[0] - wanted) < 3.0:
            text = "impossible" if near[1] is None else percent_text(near[1])
            rows.append((f"{near[0]:.0f} %", signed(text, near[1])))
    return Table("By severity", columns("#Severity", f"#P&L, % of {found.unit}"), plain_rows(rows))


def _break_table(found: SeverityCurve) -> Table:
    rows = [
        (
            str(number),
            f"{point.at:.1f} %",
            point.what,
            f"{point.who} and {point.count - 1} more" if point.count > 1 else point.who,
            percent_text(point.percent),
            "yes" if point.bends else "no",
        )
        for number, point in enumerate(found.breaks, 1)
    ]
    heads = columns("No.", "#Severity", "What flips", "Whose", "#P&L there", "Bends the curve")
    note = f"{found.unlisted:,} more of little effect are not listed." if found.unlisted else ""
    return Table("Break-points", heads, plain_rows(rows), note)


def path_section(book: BookView) -> Section | None:
    """Return the path with the deepest fall, and the figures of every path."""
    if not book.paths:
        return None
    first = book.paths[0]
    description = (
        f"Value of {first.portfolio} under {first.scenario} date by date, and its fall below the earlier "
        f"high; the deepest is {_fall(first)} {_when(first)}."
    )
    figure = Figure("path", f"{first.scenario} over time", description, first)
    blocks: list[Block] = [Beside(figure, _points(first)), _paths(book)]
    return Section(
        "paths",
        "Over time",
        f"{book.name}; {first.scenario} over {horizon_text(first.horizon)}, and every other path",
        "a forecast of dates: a path says in which order things happen, not when",
        tuple(blocks),
    )


def _fall(one: PathCurve) -> str:
    """Return the deepest fall in per cent of the high, as an amount where that is not above 0."""
    if one.drawdown_percent is None:
        return f"{one.currency} {short_text(one.drawdown)}"
    return size_text(one.drawdown_percent)


def _when(one: PathCurve) -> str:
    """Return when the deepest fall was."""
    return f"on {one.trough}" if one.peak == one.trough else f"from {one.peak} to {one.trough}"


def _points(found: PathCurve) -> Table:
    rows = []
    high = found.points[0].after
    for point in found.points:
        high = max(high, point.before)
        below = min(point.after - high, 0.0)
        text = percent_text(100.0 * below / high) if high > 0.0 else short_text(below)
        high = max(high, point.after)
        row = point.day.isoformat(), short_text(point.after), signed(text, below), short_text(point.cash)
        rows.append(row)
    heads = columns("Date", f"#Value {found.currency}", "#Below the high", "#Cash")
    return Table(f"{found.scenario} date by date", heads, plain_rows(rows), folded=len(rows) > 14)


def _paths(book: BookView) -> Table:
    rows = [
        (
            one.scenario,
            horizon_text(one.horizon),
            signed(
                percent_text(-one.drawdown_percent if one.drawdown_percent is not None else None),
                -one.drawdown,
            ),
            money_text(one.drawdown),
            _when(one).removeprefix("from ").removeprefix("on "),
            f"{number_text(one.under_water_days, 0)} days{'' if one.recovered else ', to the end'}",
            short_text(one.lowest_cash),
        )
        for one in book.paths
    ]
    heads = columns(
        "Path", "Over", "#Drawdown", f"#{book.currency}", "From high to low", "Under water", "#Least cash"
    )
    return Table("Every path", heads, plain_rows(rows))
