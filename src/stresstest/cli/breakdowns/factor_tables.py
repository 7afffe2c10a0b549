"""Tables of P&L by risk factors: a column a scenario, and derivatives beside full revaluation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import fsum
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from stresstest.cli.breakdowns.factor_document import FactorTables
from stresstest.cli.breakdowns.stage_text import WORDS
from stresstest.cli.run.matrices import MatrixRow, denominator_text, print_matrix
from stresstest.cli.run.views import PortfolioView
from stresstest.cli.terminal import ASIDE, HEAD, compact, percent, safe, signed_style
from stresstest.measures.factor_splits.delta_gamma import DeltaGamma
from stresstest.measures.factor_splits.split import INTERACTION, MERGED, SHAPLEY, FactorSplit
from stresstest.scenarios.histories import AGED

MOST_ROWS = 24
LEAST_SHARE = 5e-4
"""Groups of a table, and the least part of gross value that one does; what is smaller stands in one row."""

_NAMED = 5
_LONGEST_NAME = 30
_CELL = 12
_ROUNDING = 1e-12
_TOGETHER = "together beyond their sum"


def print_factors(console: Console, view: PortfolioView, tables: FactorTables) -> None:
    """Print what was asked of risk factors for the portfolio of `view`."""
    name = view.result.name
    order = [line.name for line in view.scenarios]
    own = sorted(
        (split for split in tables.splits if split.portfolio == name),
        key=lambda split: order.index(split.scenario),
    )
    for by in dict.fromkeys(split.by for split in own):
        _print_splits(console, view, [split for split in own if split.by == by])
    for found in sorted(tables.derivatives, key=lambda one: order.index(one.scenario)):
        if found.portfolio == name:
            _print_derivatives(console, view, found)


def _print_splits(console: Console, view: PortfolioView, splits: Sequence[FactorSplit]) -> None:
    """Print a row a group, largest in any scenario first, then what is none's alone; they add up."""
    console.print()
    kind = splits[0].by.replace("_", " ")
    how = "in Shapley values" if splits[0].method == SHAPLEY else "each alone"
    title, of = safe(f"P&L by {kind}, {how}", HEAD), f", in per cent of {denominator_text(view)} of "
    console.print(Text.assemble(title, of, safe(view.result.name)))
    names = tuple(split.scenario for split in splits)
    print_matrix(console, (kind, ""), names, list(_split_rows(view, splits)), _LONGEST_NAME)
    for note in _notes(splits):
        console.print(safe(note, ASIDE))


def _split_rows(view: PortfolioView, splits: Sequence[FactorSplit]) -> Iterator[MatrixRow]:
    by_name = [dict(zip(split.parts, split.pnl.tolist(), strict=True)) for split in splits]
    sizes: dict[str, float] = {}
    for split, pnl in zip(splits, by_name, strict=True):
        for group in split.groups:
            sizes[group] = max(sizes.get(group, 0.0), abs(pnl[group]))
    groups = sorted((group for group in sizes if sizes[group]), key=lambda group: -sizes[group])
    count = _count(view, [sizes[group] for group in groups])
    for group in groups[:count]:
        yield _row(view, group, [pnl.get(group) for pnl in by_name])
    if groups[count:]:
        sums = [fsum(pnl.get(group, 0.0) for group in groups[count:]) for pnl in by_name]
        yield _row(view, f"{len(groups) - count} smaller ones", sums)
    for part, words in ((MERGED, MERGED), (AGED, WORDS[AGED]), (INTERACTION, _TOGETHER)):
        found = [pnl.get(part) for pnl in by_name]
        if any(abs(pnl or 0.0) > _ROUNDING * view.result.gross_value for pnl in found):
            yield _row(view, words, found)
    yield _row(view, "total", [split.total for split in splits])


def _row(view: PortfolioView, name: str, pnl: Iterable[float | None]) -> MatrixRow:
    return MatrixRow(name, None, tuple(None if one is None else view.shown_percent(one) for one in pnl))


def _count(view: PortfolioView, sizes: Sequence[float]) -> int:
    """Return how many groups get rows of their own: a single one left over would take a row as well."""
    least = LEAST_SHARE * view.result.gross_value
    count = min(sum(size >= least for size in sizes), MOST_ROWS)
    return len(sizes) if len(sizes) - count <= 1 else count


def _notes(splits: Sequence[FactorSplit]) -> list[str]:
    ends = [f"{split.scenario} {split.on}" for split in splits if split.on is not None]
    merged = list(dict.fromkeys(position for split in splits for position in split.merged))
    unsplit = list(dict.fromkeys(position for split in splits for position in split.unsplit))
    notes = [f"At the end of paths: {', '.join(ends)}"] if ends else []
    if merged:
        notes.append(f"Depend on more than twelve, the smaller of which count as one: {_named(merged)}")
    if unsplit:
        notes.append(f"Without a value under some of them alone, left to the rest: {_named(unsplit)}")
    return notes


def _named(positions: Sequence[str]) -> str:
    more = f" and {len(positions) - _NAMED:,} more" if len(positions) > _NAMED else ""
    return ", ".join(positions[:_NAMED]) + more


class _Row(NamedTuple):
    """A line of the table of derivatives."""

    name: str
    delta: float
    gamma: float
    full: float


def _print_derivatives(console: Console, view: PortfolioView, found: DeltaGamma) -> None:
    """Print delta, gamma, full P&L and what is left of it by group; each column adds up."""
    console.print()
    console.print(_headline(view, found))
    rows = list(_derivative_rows(view, found))
    kind = found.by.replace("_", " ")
    width = min(max(len(kind), *(cell_len(safe(row.name).plain) for row in rows)), _LONGEST_NAME)
    heads = ("delta", "gamma", "full", "unexplained")
    console.print(Text(set_cell_size(kind, width) + "".join(f"{head:>{_CELL}}" for head in heads), HEAD))
    for name, delta, gamma, full in rows:
        text = Text(set_cell_size(safe(name).plain, width))
        for pnl in (delta, gamma, full, full - delta - gamma):
            text.append(f"{_money(pnl, found):>{_CELL}}", signed_style(pnl))
        console.print(text, no_wrap=True, overflow="crop")


def _derivative_rows(view: PortfolioView, found: DeltaGamma) -> Iterator[_Row]:
    figures = (found.delta.tolist(), found.gamma.tolist(), found.full.tolist())
    groups = [_Row(*row) for row in zip(found.groups, *figures, strict=True) if any(row[1:])]
    groups.sort(key=lambda row: -max(map(abs, row[1:])))
    count = _count(view, [max(map(abs, row[1:])) for row in groups])
    rows, left = groups[:count], groups[count:]
    if left:
        rows.append(_sum(f"{len(left)} smaller ones", left))
    rows.append(_Row("together", 0.0, found.cross_gamma, found.interaction))
    if found.on is not None:
        rows.append(_Row(WORDS[AGED], found.aged, 0.0, found.aged))
    yield from rows
    yield _sum("total", rows)


def _sum(name: str, rows: Sequence[_Row]) -> _Row:
    figures = (
        fsum(row.delta for row in rows),
        fsum(row.gamma for row in rows),
        fsum(row.full for row in rows),
    )
    return _Row(name, *figures)


def _money(pnl: float, found: DeltaGamma) -> str:
    """Return an amount, or 0 for what is rounding beside the P&L."""
    return "0" if abs(pnl) <= 1e-9 * max(abs(found.total), 1.0) else compact(pnl)


def _headline(view: PortfolioView, found: DeltaGamma) -> Text:
    day = "" if found.on is None else f" on {found.on}"
    share = percent(view.shown_percent(found.unexplained))
    left = f"{compact(found.unexplained)} of {compact(found.total)} unexplained"
    words = f" by delta and gamma, {found.currency}{day}: {left} ({share} of {denominator_text(view)})"
    return Text.assemble(safe(found.scenario, HEAD), words)
