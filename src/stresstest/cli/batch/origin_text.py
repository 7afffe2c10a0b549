"""Where one number of a run comes from, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from stresstest.batch.comparing.origin import MovedFactor, Origin
from stresstest.batch.inputs.recording import InputFile
from stresstest.batch.reading.run_folder import RunFolder
from stresstest.cli.batch.known_paths import known_path
from stresstest.cli.terminal import money, plain_table, safe

POSITIONS = 30
FACTORS = 3
"""Rows shown: positions, and of each its moved factors; --json has all."""


def print_origin(console: Console, run: RunFolder, found: Origin, recorded: float) -> None:
    """Print a P&L with its positions, what moved them, and the files that all of it was read from."""
    console.print(safe(f"{found.portfolio} in {found.scenario}, {found.currency}"))
    _print_check(console, found, recorded)
    if found.source:
        console.print(safe("Scenario from: " + "; ".join(found.source)))
    console.print()
    table = plain_table(
        [("position", "left"), ("type", "left"), ("quantity", "right"), ("base", "right"), ("P&L", "right")]
    )
    for item in found.positions[:POSITIONS]:
        base, pnl = ("-" if value is None else money(value) for value in (item.base_value, item.pnl))
        quantity = f"{item.quantity:,.10g}"
        table.add_row(safe(item.position), safe(item.type), safe(quantity), safe(base), safe(pnl))
    console.print(table)
    if len(found.positions) > POSITIONS:
        console.print(f"{len(found.positions) - POSITIONS:,} more positions; --json lists all")
    _print_moves(console, run, found)
    _print_files(console, run)


def _print_check(console: Console, found: Origin, recorded: float) -> None:
    if found.pnl == recorded:
        console.print(safe(f"P&L {found.pnl!r}: recorded and valued anew, the same to the last bit"))
    else:
        console.print(safe(f"P&L {recorded!r} recorded, {found.pnl!r} VALUED ANEW: NOT THE SAME"))
    if found.left_out:
        console.print(
            safe(f"Left out, without a value: positions with a base value of {money(found.left_out)}")
        )


def _print_moves(console: Console, run: RunFolder, found: Origin) -> None:
    moved = [item for item in found.positions[:POSITIONS] if item.factors]
    if not moved:
        return
    console.print()
    console.print("What moved them")
    for item in moved:
        console.print(safe(item.position))
        for text in _moves(run, item.factors):
            _print_line(console, f"  {text}")


def _moves(run: RunFolder, factors: Sequence[MovedFactor]) -> Iterator[str]:
    for moved in factors[:FACTORS]:
        stated = f", {known_path(run, moved.file)}:{moved.line}" if moved.line else ""
        yield f"{moved.factor}: {moved.base:.6g} -> {moved.level:.6g}, {moved.reason}{stated}"
        if moved.source:
            yield f"  base level from {moved.source}"
    if len(factors) > FACTORS:
        yield f"and {len(factors) - FACTORS:,} more factors"


def _print_files(console: Console, run: RunFolder) -> None:
    console.print()
    console.print("All of it was read from (SHA-256, copies in the run's folder)")
    roles = {"positions": 0, "market": 1, "scenarios": 2}

    def order(file: InputFile) -> tuple[int, bool, str]:  # the user's own before shipped ones
        shipped = Path(file.path).is_relative_to(run.library)
        return roles.get(file.role, len(roles)), shipped, file.path

    for file in sorted(run.inputs, key=order):
        _print_line(console, f"  {file.sha256[:12]}  {file.role:<9}  {known_path(run, file.path)}")


def _print_line(console: Console, text: str) -> None:
    """Print a line whole, however long: paths are copied from it."""
    console.print(safe(text), soft_wrap=True)
