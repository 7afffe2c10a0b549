"""What a person reads of a run's governance: values that do not match, proxies, challengers, judgement."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stresstest.batch.reading.run_folder import RunFolder
from stresstest.batch.reading.text_table import WIDTH, amount, counted, percent, rows_of, share, wrapped
from stresstest.io.sanitise import terminal_text

_LISTED = 10

Row = Mapping[str, Any]


def status_lines(statuses: Sequence[str]) -> Iterator[str]:
    """Yield who answers for the scenarios, a paragraph a line."""
    for text in statuses:
        yield from wrapped(text)


def reconciled(run: RunFolder) -> Iterator[str]:
    """Yield the portfolios whose base value is not the net asset value that they state."""
    rows = run.table("reconciliation").to_pylist()
    if not rows:
        return
    beyond = [row for row in rows if not row["within"]]
    yield f"Net asset values: {len(rows):,} stated, {len(beyond):,} not matched by the base value"
    beyond.sort(key=lambda row: (-abs(_or_zero(row["share"])), row["portfolio"]))
    lines = [
        (
            *(row["portfolio"], amount(row["nav"]), amount(_number(row["difference"]))),
            *(percent(_number(row["share"])), share(row["tolerance"])),
            *(_days(row["days_apart"]), str(row["without_value"] or "")),
        )
        for row in beyond[:_LISTED]
    ]
    heads = ("portfolio", ">stated", ">gap", ">gap %", ">allowed", ">days apart", ">without a value")
    yield from rows_of(heads, lines)
    yield from _more(len(beyond), "gaps")


def proxied(run: RunFolder) -> Iterator[str]:
    """Yield the positions that no market price values, the largest part of a portfolio first."""
    rows = run.table("proxies").to_pylist()
    if not rows:
        return
    held = len({row["portfolio"] for row in rows})
    yield f"Not valued by the market alone: {counted(len(rows), 'position')} in {counted(held, 'portfolio')}"
    rows.sort(key=lambda row: (-_or_zero(row["share"]), row["portfolio"], row["position"]))
    lines = [
        (
            *(row["portfolio"], row["position"], row["how"], row["follows"] or "its attributes"),
            *(share(row["share"]), _days(row["age_days"])),
        )
        for row in rows[:_LISTED]
    ]
    yield from rows_of(("portfolio", "position", "valued by", "follows", ">of gross", ">days"), lines)
    yield from _more(len(rows), "positions")


def challenged(run: RunFolder, gross: Mapping[str, float]) -> Iterator[str]:
    """Yield where networks say most beyond the factor model, in per cent of gross value.

    Parameters
    ----------
    gross
        Gross value by portfolio.
    """
    rows = [row for row in run.table("challengers").to_pylist() if row["difference"] is not None]
    parts = [(row, gross.get(row["portfolio"], 0.0)) for row in rows]
    told = [(row, size) for row, size in parts if size]
    if not told:
        return
    yield "Networks beside the factor model alone, the largest differences, of gross value"
    told.sort(key=lambda item: (-abs(item[0]["difference"]) / item[1], item[0]["portfolio"]))
    lines = [
        (
            *(row["portfolio"], row["scenario"]),
            *(percent(row[name] / size) for name in ("pnl", "challenger_pnl", "difference")),
        )
        for row, size in told[:_LISTED]
    ]
    yield from rows_of(("portfolio", "scenario", ">network", ">challenger", ">difference"), lines)


def judged(run: RunFolder, rates: Mapping[str, float], currency: str) -> Iterator[str]:
    """Yield how much of the total loss in each scenario rests on judgement, the largest loss first.

    Parameters
    ----------
    rates
        Price of one unit of each currency in `currency`.
    """
    register = run.table("register", ["judged", "author", "date", "analogue"]).to_pylist()
    if not register:
        return
    kept = [row for row in register if row["judged"]]
    bare = sum(not (row["author"] and row["date"] and row["analogue"]) for row in kept)
    unsigned = f"; {bare:,} without author, date or analogue" if bare else ""
    yield f"Scenarios rest on {len(register):,} numbers, {len(kept):,} of them judged{unsigned}"
    totals = sorted(totals_of(run, {currency: 1.0, **rates}).items(), key=lambda item: (item[1][0], item[0]))
    lines = [
        (name, amount(pnl), amount(part), share(part / pnl)) for name, (pnl, part) in totals if pnl < 0.0
    ]
    heads = ("scenario", f">total P&L {currency}", ">rests on judgement", ">share")
    yield from rows_of(heads, lines[:_LISTED])


def moved(found: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the judged numbers that move the largest total loss most, as the manifest has them."""
    if not found or not found["top"]:
        return
    yield from wrapped(
        f"Judged numbers that move the total most in {found['scenario']}, P&L "
        f"{amount(found['pnl'])} {found['currency']}, each by {share(found['size'])} of its size or range"
    )
    for item in found["top"]:
        yield from _hanging(f"{amount(item['change']):>14}  ", f"{item['kind']} {item['text']}")
        signed = " ".join(part for part in (item["author"], item["date"]) if part)
        after = f"after: {item['analogue']}" if item["analogue"] else ""
        yield from _hanging(" " * 16, ", ".join(part for part in (signed, after) if part))
    rest = f", {found['numbers_not_moved']:,} cannot be" if found["numbers_not_moved"] else ""
    yield f"  {found['numbers_moved']:,} numbers were moved{rest}"


def _hanging(head: str, text: str) -> list[str]:
    """Return a text behind a head, further lines below its beginning."""
    return textwrap.wrap(
        terminal_text(text),
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_on_hyphens=False,
    )


def totals_of(run: RunFolder, rates: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return P&L and judged P&L of all portfolios by scenario, those without a value left out."""
    found: dict[str, list[tuple[float, float]]] = {}
    columns = ["currency", "scenario", "pnl", "judged"]
    for row in run.table("judged", columns).to_pylist():
        if row["pnl"] is not None and row["judged"] is not None and row["currency"] in rates:
            rate = rates[row["currency"]]
            found.setdefault(row["scenario"], []).append((rate * row["pnl"], rate * row["judged"]))
    return {
        name: (math.fsum(pnl for pnl, _ in pairs), math.fsum(part for _, part in pairs))
        for name, pairs in found.items()
    }


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _or_zero(value: float | None) -> float:
    return 0.0 if value is None or math.isnan(value) else value


def _days(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _more(count: int, what: str) -> list[str]:
    return [f"  … {count - _LISTED:,} more {what}"] if count > _LISTED else []
