"""What changed between two runs, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console

from stresstest.batch.comparing.breaches import RunBreach
from stresstest.batch.comparing.changes import Row, changes_by, largest_cells
from stresstest.batch.comparing.comparison import Comparison
from stresstest.batch.comparing.file_changes import FileChange
from stresstest.batch.comparing.positions import PositionChange
from stresstest.batch.comparing.split import STEPS
from stresstest.batch.reading.text_table import share
from stresstest.cli.batch.known_paths import known_path
from stresstest.cli.terminal import compact, plain_table, safe

LISTED = 10
"""Rows of a list of the largest."""

_NAMES = "portfolio", "scenario", "currency"
_FILES = 3
_ROUNDING = 1e-9
"""Part of the largest change below which another is not shown."""


def print_difference(
    console: Console, found: Comparison, by: str, positions: Sequence[PositionChange]
) -> None:
    """Print what changed; one line where nothing did."""
    console.print(safe(f"{found.before.path} -> {found.after.path}"), soft_wrap=True)
    if found.empty:
        console.print("No difference: the same results to the last bit.")
    for line in _changed(found):
        console.print(safe(line))
    if found.empty:
        return
    _print_rows(console, f"Changes by {by}", changes_by(found, by), found)
    if by != "portfolio":
        _print_rows(console, "Portfolios that changed most", largest_cells(found, LISTED), found)
    _print_positions(console, positions)
    _print_names(console, found)
    for note in found.notes:
        console.print(safe(f"Note: {note}"))


def _changed(found: Comparison) -> Iterator[str]:
    """Yield what the runs were made of otherwise, step by step, and what is the same."""
    for step in found.changed:
        what = list(_versions(found)) if step == "model" else _files(found, step)
        yield f"Different {step}: {_few(what) or 'as the job asks'}"
    others = [item for item in found.files if item.role not in STEPS]
    if others:
        yield f"Different {others[0].role}: {_few([_shown(found, item) for item in others])}"
    same = [step for step in STEPS if step not in found.changed]
    if same:
        yield "The same, so exactly 0: " + ", ".join(same)


def _files(found: Comparison, step: str) -> list[str]:
    return [_shown(found, item) for item in found.files if item.role == step]


def _shown(found: Comparison, change: FileChange) -> str:
    run = found.before if change.how == "gone" else found.after
    path = known_path(run, change.path)
    return path if change.how == "changed" else f"{path} ({change.how})"


def _versions(found: Comparison) -> Iterator[str]:
    for name, (then, now) in found.versions.items():
        if name == "source_sha256":
            yield "the program's source"
        elif name.startswith("package ") or name in ("stresstest", "python"):
            yield f"{name.removeprefix('package ')} {then} -> {now}"


def _few(texts: Sequence[str]) -> str:
    more = [f"and {len(texts) - _FILES:,} more"] if len(texts) > _FILES else []
    return ", ".join([*texts[:_FILES], *more])


def _print_rows(console: Console, title: str, rows: Sequence[Row], found: Comparison) -> None:
    if not rows:
        return
    console.print()
    several = len({row["currency"] for row in rows}) > 1
    console.print(safe(f"{title}, {_unit(found, rows)}"))
    names = [name for name in _NAMES if name in rows[0] and (several or name != "currency")]
    steps = [step for step in STEPS if any(row[step] for row in rows)]
    numbers = ["before", "after", "change", *steps]
    table = plain_table(
        [*((_HEADS.get(name, name), "left") for name in names), *((name, "right") for name in numbers)]
    )
    for row in rows[:LISTED]:
        table.add_row(
            *(safe(row[name]) for name in names),
            *(safe(compact(row[name]) if row[name] else "0") for name in numbers),
        )
    console.print(table)
    _print_more(console, len(rows))


_HEADS = {"currency": ""}


def _unit(found: Comparison, rows: Sequence[Row]) -> str:
    """Return the currency of rows, and by which rates amounts of several portfolios are added up."""
    if len({row["currency"] for row in rows}) > 1:
        return "each in its own currency"
    added_up = "portfolio" not in rows[0] and len(set(found.currencies.values())) > 1
    rates = f" at the exchange rates of {found.after.path.name}" if added_up else ""
    return f"{rows[0]['currency']}{rates}"


def _print_positions(console: Console, positions: Sequence[PositionChange]) -> None:
    """Print the positions, without those that only rounding has moved."""
    moved = [item for item in positions if abs(item.change) > _ROUNDING * abs(positions[0].change)]
    if not moved:
        return
    console.print()
    console.print("Positions behind these changes, both runs' inputs by today's program")
    heads = [(name, "left") for name in ("portfolio", "position", "type")]
    table = plain_table([*heads, *((name, "right") for name in ("before", "after", "change", ""))])
    for item in moved[:LISTED]:
        before, after = (
            "-" if number is None else compact(number) if number else "0"
            for number in (item.before, item.after)
        )
        table.add_row(
            safe(item.portfolio), safe(item.position), safe(item.type),
            safe(before), safe(after), safe(compact(item.change)), safe(item.currency),
        )  # fmt: skip
    console.print(table)
    _print_more(console, len(moved))


def _print_names(console: Console, found: Comparison) -> None:
    lists = (
        ("Portfolios gone", found.portfolios_gone),
        ("Portfolios new", found.portfolios_new),
        ("Scenarios gone", found.scenarios_gone),
        ("Scenarios new", found.scenarios_new),
        ("Breaches gone", tuple(map(_breach, found.breaches_gone))),
        ("Breaches new", tuple(map(_breach, found.breaches_new))),
    )
    for title, names in lists:
        if names:
            console.print()
            console.print(safe(f"{title}: {len(names):,}"))
            for name in names[:LISTED]:
                console.print(safe(f"  {name}"))
            _print_more(console, len(names))


def _print_more(console: Console, count: int) -> None:
    if count > LISTED:
        console.print(safe(f"  and {count - LISTED:,} more; --json lists all"))


def _breach(breach: RunBreach) -> str:
    loss, allowed = share(breach.loss), share(breach.max_loss)
    limit = breach.limit or "limit"
    return f"{breach.portfolio}: {limit}, {loss} in {breach.scenario}, {breach.level} from {allowed}"
