"""What changed between two runs, as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from stresstest.batch.comparing.changes import Row, changes_by, largest_cells
from stresstest.batch.comparing.comparison import Breach, Comparison
from stresstest.batch.comparing.positions import PositionChange
from stresstest.batch.comparing.split import STEPS
from stresstest.cli.terminal import compact, plain_table, safe

LISTED = 10
"""Rows of a list of the largest."""

_NAMES = "portfolio", "scenario", "currency"


def print_difference(
    console: Console, found: Comparison, by: str, positions: Sequence[PositionChange]
) -> None:
    """Print what changed; one line where nothing did."""
    console.print(safe(f"{found.before.path} -> {found.after.path}"))
    if found.empty:
        console.print("No difference: the same results to the last bit.")
        _print_changed(console, found)
        return
    _print_changed(console, found)
    _print_rows(console, f"Changes by {by}", changes_by(found, by)[:LISTED])
    if by != "portfolio":
        _print_rows(console, "Largest changes of a portfolio", largest_cells(found, LISTED))
    _print_positions(console, positions)
    _print_names(console, found)
    for note in found.notes:
        console.print(safe(f"Note: {note}"))


def _print_changed(console: Console, found: Comparison) -> None:
    same = [step for step in STEPS if step not in found.changed]
    if found.changed:
        console.print(safe("Different: " + ", ".join(found.changed)))
    if same:
        console.print(safe("The same, so exactly 0: " + ", ".join(same)))


def _print_rows(console: Console, title: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    console.print()
    several = len({row["currency"] for row in rows}) > 1
    console.print(safe(title if several else f"{title}, {rows[0]['currency']}"))
    names = [name for name in _NAMES if name in rows[0] and (several or name != "currency")]
    steps = [step for step in STEPS if any(row[step] for row in rows)]
    numbers = ["before", "after", "change", *steps]
    table = plain_table([*((name, "left") for name in names), *((name, "right") for name in numbers)])
    for row in rows:
        table.add_row(
            *(safe(row[name]) for name in names),
            *(safe(compact(row[name]) if row[name] else "0") for name in numbers),
        )
    console.print(table)


def _print_positions(console: Console, positions: Sequence[PositionChange]) -> None:
    if not positions:
        return
    console.print()
    console.print("Largest changes of a position, today's program on both runs' inputs")
    table = plain_table(
        [
            ("portfolio", "left"), ("position", "left"), ("scenario", "left"),
            ("before", "right"), ("after", "right"), ("change", "right"),
        ]
    )  # fmt: skip
    for item in positions[:LISTED]:
        before, after = (
            "-" if number is None else compact(number) if number else "0"
            for number in (item.before, item.after)
        )
        table.add_row(
            safe(item.portfolio), safe(item.position), safe(item.scenario),
            safe(before), safe(after), safe(compact(item.change)),
        )  # fmt: skip
    console.print(table)


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
            if len(names) > LISTED:
                console.print(safe(f"  and {len(names) - LISTED:,} more (--json lists all)"))


def _breach(breach: Breach) -> str:
    portfolio, limit, scenario, level = breach
    return f"{portfolio}: {limit or 'limit'} ({level}) in {scenario}"
