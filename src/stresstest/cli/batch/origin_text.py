"""Where one number of a run comes from, as a person reads it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from stresstest.batch.comparing.origin import MovedFactor, Origin, OriginPosition
from stresstest.batch.inputs.recording import InputFile
from stresstest.batch.reading.run_folder import RunFolder
from stresstest.cli.batch.known_paths import known_path
from stresstest.cli.terminal import money, plain_table, safe

POSITIONS, EXPLAINED, FACTORS = 15, 5, 3
"""Rows shown: positions, those of them whose moved factors are, and of each so many; --json has all."""


def print_origin(console: Console, run: RunFolder, found: Origin, recorded: float) -> None:
    """Print a P&L with its positions, what moved them, and the files that all of it was read from."""
    console.print(safe(f"{found.portfolio} in {found.scenario}, {found.currency}"))
    _print_check(console, found, recorded)
    if found.source:
        console.print(safe("Scenario from: " + "; ".join(found.source)))
    if found.file:
        _print_line(console, f"Scenario in: {_place(run, found.file, found.line)}")
    console.print()
    _print_positions(console, found.positions)
    _print_moves(console, run, found)
    _print_files(console, run, found)


def _print_check(console: Console, found: Origin, recorded: float) -> None:
    if found.pnl == recorded:
        console.print(safe(f"P&L {found.pnl!r}: recorded and valued anew, the same to the last bit"))
    else:
        console.print(safe(f"P&L {recorded!r} recorded, {found.pnl!r} VALUED ANEW: NOT THE SAME"))
    values = [item.pnl for item in found.positions if item.pnl is not None]
    gap = abs(math.fsum(values) - found.pnl)
    rounding = f", but for {gap:.1g} of rounding" if gap else ""
    console.print(safe(f"{len(values):,} positions add up to it{rounding}"))
    if found.left_out:
        console.print(
            safe(f"Left out, without a value: positions with a base value of {money(found.left_out)}")
        )


def _print_positions(console: Console, positions: Sequence[OriginPosition]) -> None:
    table = plain_table(
        [("position", "left"), ("type", "left"), ("quantity", "right"), ("base", "right"), ("P&L", "right")]
    )
    for item in positions[:POSITIONS]:
        base, pnl = ("-" if value is None else money(value) for value in (item.base_value, item.pnl))
        quantity = f"{item.quantity:,.10g}"
        table.add_row(safe(item.position), safe(item.type), safe(quantity), safe(base), safe(pnl))
    console.print(table)
    if len(positions) > POSITIONS:
        console.print(f"  and {len(positions) - POSITIONS:,} more positions; --json lists all")


def _print_moves(console: Console, run: RunFolder, found: Origin) -> None:
    moved = [item for item in found.positions if item.factors][:EXPLAINED]
    if not moved:
        return
    console.print()
    console.print("What moved the largest")
    for item in moved:
        _print_line(console, f"{item.position}, {_place(run, item.file, item.line)}")
        for text in _moves(run, item.factors):
            _print_line(console, f"  {text}")


def _moves(run: RunFolder, factors: Sequence[MovedFactor]) -> Iterator[str]:
    for moved in factors[:FACTORS]:
        stated = f", {_place(run, moved.file, moved.line)}" if moved.line else ""
        yield f"{moved.factor}: {moved.base:.6g} -> {moved.level:.6g}"
        yield f"  moved: {moved.reason}{stated}"
        if moved.source:
            yield f"  base:  {moved.source}"
    if len(factors) > FACTORS:
        yield f"and {len(factors) - FACTORS:,} more factors"


def _place(run: RunFolder, file: str, line: int) -> str:
    path = known_path(run, file)
    return f"{path}:{line}" if line else path


def _print_files(console: Console, run: RunFolder, found: Origin) -> None:
    """Print the files that this number rests on; other portfolios and scenarios of the run are counted."""
    rest_on = {found.file, *(item.file for item in found.positions)}
    rest_on |= {moved.file for item in found.positions for moved in item.factors}
    roles = {"positions": 0, "market": 1, "scenarios": 2}

    def order(file: InputFile) -> tuple[int, bool, str]:  # the user's own before shipped ones
        shipped = Path(file.path).is_relative_to(run.library)
        return roles.get(file.role, len(roles)), shipped, file.path

    shown = [file for file in run.inputs if file.role in ("market", "job") or file.path in rest_on]
    console.print()
    console.print("Read from (SHA-256; copies are in the run's folder)")
    for file in sorted(shown, key=order):
        _print_line(console, f"  {file.sha256[:12]}  {file.role:<9}  {known_path(run, file.path)}")
    if len(shown) < len(run.inputs):
        more = len(run.inputs) - len(shown)
        console.print(f"  and {more:,} more, for other numbers of the run; --json lists all")


def _print_line(console: Console, text: str) -> None:
    """Print a line whole, however long: paths are copied from it."""
    console.print(safe(text), soft_wrap=True)
