"""Tables with a column a scenario: contributions by an attribute, and the summary of several portfolios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from stresstest.arrays import FloatArray
from stresstest.cli.run.document import RunReport
from stresstest.cli.run.views import PortfolioView, last_columns
from stresstest.cli.terminal import HEAD, compact, percent, safe, signed_style
from stresstest.measures.contributions import contributions

_CELL = 11
_LONGEST_NAME = 24
_AMOUNT = 9


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A name, an amount where the table has one, and per cent of base or gross value in each scenario."""

    name: str
    amount: float | None
    percents: tuple[float | None, ...]


def print_contributions(console: Console, view: PortfolioView, attribute: str) -> None:
    """Print each group's part of the base value and of the P&L; the parts add up."""
    result = view.result
    shares = contributions(result, attribute)
    columns = {line.name: line.column for line in view.scenarios}

    def percents(pnl: FloatArray) -> tuple[float | None, ...]:
        return tuple(view.shown_percent(float(pnl[column])) for column in columns.values())

    rows = [
        MatrixRow(group, float(base), percents(pnl))
        for group, base, pnl in zip(shares.groups, shares.base_value, shares.pnl, strict=True)
    ]
    rows.append(MatrixRow("total", result.base_value, percents(result.pnl)))
    console.print()
    title = safe(f"P&L by {attribute}", HEAD)
    console.print(Text.assemble(title, f", in per cent of {denominator_text(view)} of ", safe(result.name)))
    print_matrix(console, (attribute, "base"), tuple(columns), rows)


def print_summary(console: Console, report: RunReport) -> None:
    """Print all portfolios side by side: P&L in per cent of base value, a column a scenario.

    A portfolio whose base value is small or negative stands there with `*`, in per cent of gross value.
    """
    names = _worst_first(report)
    rows = []
    for view in report.views:
        by_name = {line.name: view.shown_percent(line.pnl) for line in view.scenarios}
        title = f"{view.result.name} *" if view.counts_gross else view.result.name
        rows.append(MatrixRow(title, view.result.base_value, tuple(by_name[name] for name in names)))
    starred = ", * of gross value" if any(view.counts_gross for view in report.views) else ""
    console.print(Text(f"All portfolios, P&L in per cent of base value{starred}", HEAD))
    print_matrix(console, ("portfolio", "base"), names, rows)


def denominator_text(view: PortfolioView) -> str:
    """Return what per cents of a portfolio are of."""
    return "the gross value" if view.counts_gross else "the base value"


def _worst_first(report: RunReport) -> tuple[str, ...]:
    """Return the scenarios in the order of what all portfolios together lose in them."""
    result = report.stress.result
    pnl = {name: float(result.total[column]) for name, column in last_columns(result).items()}
    return tuple(sorted(pnl, key=lambda name: pnl[name]))


def print_matrix(
    console: Console,
    titles: tuple[str, str],
    scenarios: tuple[str, ...],
    rows: Sequence[MatrixRow],
    longest_name: int = _LONGEST_NAME,
) -> None:
    """Print rows under `titles` of name and amount: as many scenarios as the width holds, others beneath."""
    longest = max([cell_len(titles[0]), *(cell_len(safe(row.name).plain) for row in rows)])
    width = min(longest, longest_name)
    at_once = max((console.width - width - _AMOUNT - 2) // _CELL, 1)
    for first in range(0, len(scenarios), at_once):
        part = slice(first, first + at_once)
        for line in _heading(titles, width, scenarios[part]):
            console.print(Text(line, HEAD), no_wrap=True, overflow="crop")
        for row in rows:
            console.print(_row(row, width, part), no_wrap=True, overflow="crop")


def _row(row: MatrixRow, width: int, part: slice) -> Text:
    name = set_cell_size(safe(row.name).plain, width)
    amount = "" if row.amount is None else compact(row.amount).removeprefix("+")
    text = Text(f"{name}  {amount:>{_AMOUNT}}")
    for value in row.percents[part]:
        text.append(f"{percent(value):>{_CELL}}", signed_style(value))
    return text


def _heading(titles: tuple[str, str], width: int, scenarios: tuple[str, ...]) -> list[str]:
    """Return the lines of the heading; scenario names break at underscores."""
    cells = [_broken(safe(name).plain, _CELL - 1) for name in scenarios]
    height = max(len(cell) for cell in cells)
    lines = []
    for number in range(height):
        last = number == height - 1
        name, amount = (titles[0], titles[1]) if last else ("", "")
        parts = [cell[number - height + len(cell)] if number >= height - len(cell) else "" for cell in cells]
        lines.append(
            f"{set_cell_size(name, width)}  {amount[:_AMOUNT]:>{_AMOUNT}}"
            + "".join(f"{p:>{_CELL}}" for p in parts)
        )
    return lines


def _broken(name: str, width: int) -> list[str]:
    """Return `name` in pieces of at most `width`, broken at underscores where there are any.

    Examples
    --------
    >>> _broken("ai_capex_collapse", 10)
    ['ai_capex_', 'collapse']
    """
    lines = [""]
    for piece in name.replace("_", "_\0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(piece) > width:
            lines.append("")
        lines[-1] += piece
    return [line[start : start + width] for line in lines for start in range(0, max(len(line), 1), width)]
