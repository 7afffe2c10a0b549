"""What a person reads of a run: who breaches, who loses most, what failed, what the totals leave out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stresstest.batch.reading.cells import Cells, cells_of
from stresstest.batch.reading.governance_summary import (
    challenged,
    judged,
    moved,
    proxied,
    reconciled,
    status_lines,
)
from stresstest.batch.reading.hedge_summary import hedged
from stresstest.batch.reading.run_folder import RunFolder
from stresstest.batch.reading.text_table import (
    WIDTH,
    amount,
    counted,
    percent,
    rows_of,
    share,
    shortened,
    wrapped,
)

LISTED = 10
"""Rows of a list of the worst, and notes."""

_MEASURED = 3
"""Portfolios shown of each measure."""


@dataclass(frozen=True)
class SummaryFacts:
    """What a summary says that is not in the results.

    Attributes
    ----------
    name, title
        Of the job.
    market, as_of
        Name and date of the market.
    currency
        Of totals over portfolios.
    rates
        Base price of one unit of each currency in `currency`.
    n_draws
        Draws by sampled set.
    poisoned
        Tasks that were given up, with why.
    statuses
        Who answers for the scenarios.
    moved
        Judged numbers that move the total loss most, as the manifest has them.
    notes
        What else a reader must know.
    """

    name: str
    market: str
    as_of: str
    currency: str
    title: str = ""
    rates: Mapping[str, float] = field(default_factory=dict)
    n_draws: Mapping[str, int] = field(default_factory=dict)
    poisoned: Sequence[str] = ()
    statuses: Sequence[str] = ()
    moved: Mapping[str, Any] | None = None
    notes: Sequence[str] = ()


def summary_text(run: RunFolder, facts: SummaryFacts) -> str:
    """Return the summary of a run as text of at most 80 columns, the same for the same results.

    It holds nothing of when, where or how long a run took.
    """
    cells = cells_of(run)
    portfolios = run.table("portfolios").to_pydict()
    # A job of draws alone has no table of P&L by scenario.
    bases = dict(zip(cells.portfolios, cells.base_value.tolist(), strict=True))
    bases |= zip(portfolios.get("portfolio", []), portfolios.get("base_value", []), strict=True)
    count, named = len(portfolios.get("portfolio", cells.portfolios)), bool(cells.scenarios)
    sections = (
        _head(cells, count, facts),
        _breaches(run, count),
        *((_worst_by_percent(cells), _worst_by_amount(cells, facts), _totals(cells, facts)) if named else ()),
        _measures(run, bases, facts),
        _coverage(portfolios),
        _failures(run),
        reconciled(run),
        proxied(run),
        challenged(run, _gross(portfolios)),
        judged(run, facts.rates, facts.currency),
        moved(facts.moved),
        hedged(run),
        status_lines(facts.statuses),
        _given_up(facts),
    )
    blocks = ["\n".join(lines) for lines in map(list, sections) if lines]
    return "\n\n".join(blocks) + "\n"


def _head(cells: Cells, count: int, facts: SummaryFacts) -> Iterator[str]:
    draws = "".join(f", {counted(number, 'draw')} of {name}" for name, number in facts.n_draws.items())
    yield from wrapped(facts.name + (f": {facts.title}" if facts.title else ""))
    counts = f"{counted(count, 'portfolio')}, {counted(len(cells.scenarios), 'scenario')}"
    yield from wrapped(f"{counts}{draws}; market {facts.market} as of {facts.as_of}.")


def _breaches(run: RunFolder, n_portfolios: int) -> Iterator[str]:
    rows = run.table("breaches").to_pylist()
    for level, word in (("hard", "Limits breached"), ("warning", "Warnings of limits")):
        found = [row for row in rows if row["level"] == level]
        held = len({row["portfolio"] for row in found})
        where = f"in {held:,} of {counted(n_portfolios, 'portfolio')}"
        yield f"{word}: {len(found):,}, {where}" if found else f"{word}: none"
        yield from _breach_lines(sorted(found, key=_by_excess))
    if rows and run.table("paths").num_rows:
        yield "  (the loss on a path is that on its worst date)"


def _by_excess(row: Mapping[str, Any]) -> tuple[float, str, str, str]:
    """Sort by how far the loss is beyond its limit, the furthest first."""
    excess = row["max_loss"] - row["loss"]
    return (excess, row["portfolio"], row["limit"] or "", row["scenario"])


def _breach_lines(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the breaches as a table; limit and owner above it where all have the same."""
    columns: dict[str, list[str]] = {
        "portfolio": [row["portfolio"] for row in found],
        "limit": [row["limit"] or "" for row in found],
        "scenario": [row["scenario"] for row in found],
        ">loss": [share(row["loss"]) for row in found],
        ">allowed": [share(row["max_loss"]) for row in found],
        "owner": [row["owner"] or "" for row in found],
    }
    if found and "age_runs" in found[0]:
        columns[">runs"] = [f"{row['age_runs']:,}" for row in found]
    same = [name for name in ("limit", "owner") if len(set(columns[name])) == 1]
    shared = {name: columns.pop(name)[0] for name in same}
    told = ", ".join(f"{name} {text}" for name, text in shared.items() if text)
    if told:
        yield from wrapped(f"  {'all of ' if len(found) > 1 else ''}{told}")
    yield from rows_of(list(columns), list(zip(*columns.values(), strict=True))[:LISTED])
    yield from _more(len(found), "breaches")


def _worst_by_percent(cells: Cells) -> Iterator[str]:
    fraction = cells.fraction
    yield "Worst by per cent of base value"
    lines = [
        (
            cells.portfolios[row],
            cells.scenarios[column],
            percent(fraction[row, column]),
            amount(cells.pnl[row, column]),
            cells.currencies[row],
        )
        for row, column in _worst_cells(fraction)
    ]
    yield from rows_of(("portfolio", "scenario", ">P&L %", ">P&L", ""), lines)


def _worst_by_amount(cells: Cells, facts: SummaryFacts) -> Iterator[str]:
    rates = _rates(cells, facts)
    converted = cells.pnl * rates[:, np.newaxis]
    yield f"Worst by amount, {_in_currency(cells.currencies, facts)}"
    fraction = cells.fraction
    lines = [
        (
            cells.portfolios[row],
            cells.scenarios[column],
            amount(converted[row, column]),
            percent(fraction[row, column]),
        )
        for row, column in _worst_cells(converted)
    ]
    yield from rows_of(("portfolio", "scenario", ">P&L", ">P&L %"), lines)


def _worst_cells(values: np.ndarray[Any, Any]) -> list[tuple[int, int]]:
    """Return row and column of the lowest value of each of the worst rows, ties by order."""
    if not values.size:
        return []
    finite = np.where(np.isnan(values), np.inf, values)
    columns = finite.argmin(axis=1)
    lowest = finite[np.arange(len(finite)), columns]
    order = np.argsort(lowest, kind="stable")[:LISTED]
    return [(row, int(columns[row])) for row in order.tolist() if lowest[row] < 0.0]


def _rates(cells: Cells, facts: SummaryFacts) -> np.ndarray[Any, Any]:
    known = {facts.currency: 1.0, **facts.rates}
    return np.array([known.get(currency, math.nan) for currency in cells.currencies], dtype=np.float64)


def _in_currency(currencies: Iterable[str], facts: SummaryFacts) -> str:
    if set(currencies) <= {facts.currency}:
        return facts.currency
    return f"{facts.currency} at the market's exchange rates"


def _totals(cells: Cells, facts: SummaryFacts) -> Iterator[str]:
    """Add up over portfolios; each sum is rounded once, so that no order of portfolios matters."""
    rates = _rates(cells, facts)
    base = math.fsum(_present(cells.base_value * rates))
    yield f"Totals of all portfolios by scenario, {_in_currency(cells.currencies, facts)}"
    yield f"  base value {amount(base)}"
    totals = []
    for column, name in enumerate(cells.scenarios):
        values = cells.pnl[:, column] * rates
        total = math.fsum(_present(values))
        part = total / abs(base) if base else math.nan
        totals.append((total, name, percent(part), int(np.isnan(values).sum())))
    totals.sort(key=lambda item: (item[0], item[1]))
    heads = ["scenario", ">P&L", ">P&L %"]
    shown: list[tuple[str, ...]] = [(name, amount(total), part) for total, name, part, _ in totals]
    if any(left for *_, left in totals):
        heads.append(">without a value")
        shown = [(*row, str(left or "")) for row, (*_, left) in zip(shown, totals, strict=True)]
    yield from rows_of(heads, shown)


def _present(values: np.ndarray[Any, Any]) -> list[float]:
    found: list[float] = values[~np.isnan(values)].tolist()
    return found


def _measures(run: RunFolder, bases: Mapping[str, float | None], facts: SummaryFacts) -> Iterator[str]:
    """Show the largest of each measure, in one currency and as a part of base value."""
    rows = [row for row in run.table("measures").to_pylist() if row["value"] is not None]
    if not rows:
        return
    yield f"Largest measures over draws, {_in_currency([row['currency'] for row in rows], facts)}"
    rates = {facts.currency: 1.0, **facts.rates}

    def size(row: Mapping[str, Any]) -> float:
        return float(row["value"] * rates.get(row["currency"], math.nan))

    lines = []
    for measure, name in dict.fromkeys((row["measure"], row["set"]) for row in rows):
        of_kind = [row for row in rows if (row["measure"], row["set"]) == (measure, name)]
        for row in sorted(of_kind, key=lambda row: (-size(row), row["portfolio"]))[:_MEASURED]:
            base = abs(bases.get(row["portfolio"]) or 0.0)
            part = share(row["value"] / base) if base else "-"
            lines.append((measure, name, row["portfolio"], amount(size(row)), part))
    yield from rows_of(("measure", "set", "portfolio", ">loss", ">of base"), lines)


def _coverage(portfolios: Mapping[str, list[Any]]) -> Iterator[str]:
    if not portfolios:
        return
    covered = [part for part in portfolios.get("coverage", []) if part is not None]
    positions = sum(portfolios["n_positions"])
    failed = sum(portfolios["n_failed"])
    yield f"Coverage: {positions - failed:,} of {counted(positions, 'position')} with a value"
    partial = sum(part < 1.0 for part in covered)
    if partial:
        least, name = min(zip(covered, portfolios["portfolio"], strict=False))
        named = counted(partial, "portfolio")
        yield from wrapped(f"  {named} not covered in full; least {name} with {share(least)}")


def _failures(run: RunFolder) -> Iterator[str]:
    rows = run.table("failures").to_pylist()
    if not rows:
        yield "Failures: none; totals leave out nothing"
        return
    positions = {(row["portfolio"], row["position"]) for row in rows}
    yield f"Failures: {len(positions):,} positions or portfolios; the totals above leave them out"
    kinds = Counter(row["reason"] for row in rows)
    first = {row["reason"]: row for row in reversed(rows)}
    for reason, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0])):
        yield from wrapped(f"  {reason}, {counted(count, 'row')}, first {_what(first[reason])}")
        for line in (first[reason]["message"] or "").splitlines()[:1]:
            yield from wrapped(f"    {line}", indent=4)


def _what(row: Mapping[str, Any]) -> str:
    parts = (row["portfolio"], row["position"], row["scenario"])
    return "/".join(part for part in parts if part)


def _gross(portfolios: Mapping[str, list[Any]]) -> dict[str, float]:
    """Return the gross value of each portfolio that has one."""
    pairs = zip(portfolios.get("portfolio", []), portfolios.get("gross_value", []), strict=False)
    return {name: value for name, value in pairs if value is not None}


def _given_up(facts: SummaryFacts) -> Iterator[str]:
    if facts.poisoned:
        yield f"Given up after two deaths of a worker: {len(facts.poisoned):,} tasks"
        for text in facts.poisoned:
            yield "  " + shortened(text, WIDTH - 2)
    for note in facts.notes[:LISTED]:
        yield from wrapped(f"Note: {note}")
    if len(facts.notes) > LISTED:
        yield f"and {len(facts.notes) - LISTED:,} more notes in manifest.json"


def _more(count: int, what: str) -> Iterable[str]:
    return [f"  … {count - LISTED:,} more {what}"] if count > LISTED else []
