"""The terminal as tables see it: width, colour, characters, and numbers as people read them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stresstest.io.sanitise import terminal_text

WIDEST = 110
"""Tables do not spread wider than this, whatever the terminal."""

LOSS, GAIN, HEAD, ASIDE, ALARM = "red", "green", "bold", "dim", "bold red"


def open_console(file: TextIO | None = None) -> Console:
    """Return a console on standard output: 80 columns where it is no terminal, no colour under NO_COLOR."""
    console = Console(file=file or sys.stdout, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
    return console


def safe(text: str, style: str = "") -> Text:
    """Return user text as it may be printed: control characters spelled out, no markup read."""
    return Text(terminal_text(text), style)


def money(value: float) -> str:
    """Return an amount to the unit: `-1,234,567`.

    Examples
    --------
    >>> money(-1234567.4)
    '-1,234,567'
    """
    return f"{value:,.0f}" if round(value) else "0"


def compact(value: float) -> str:
    """Return an amount to three digits with its sign: `-21.3m`, `+845k`.

    Examples
    --------
    >>> compact(-21_345_678.0), compact(999_999.0), compact(12.0)
    ('-21.3m', '+1.00m', '+12.0')
    """
    for size, unit in ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= 0.9995 * size:
            scaled = value / size
            digits = 2 if abs(scaled) < 9.995 else 1 if abs(scaled) < 99.95 else 0
            return f"{scaled:+.{digits}f}{unit}"
    return f"{value:+.1f}"


def percent(value: float | None, digits: int = 1) -> str:
    """Return per cent with its sign, a dash where there is none: `-53.9 %`."""
    return "-" if value is None else f"{value:+.{digits}f} %"


def share(fraction: float | None) -> str:
    """Return a share in whole per cent, never 100 % for less than all nor 0 % for more than nothing.

    Examples
    --------
    >>> share(0.9999), share(1.0), share(None)
    ('99 %', '100 %', '-')
    """
    if fraction is None:
        return "-"
    whole = round(100.0 * fraction)
    if fraction < 1.0:
        whole = min(whole, 99)
    if fraction > 0.0:
        whole = max(whole, 1)
    return f"{whole} %"


def bar(value: float, largest: float, width: int, *, ascii_only: bool) -> Text:
    """Return a bar of length |value| ÷ largest; losses solid, gains light, so that colour is not needed."""
    length = round(width * min(abs(value) / largest, 1.0)) if largest else 0
    if value and not length:
        length = 1
    losing, gaining = ("#", "+") if ascii_only else ("█", "░")
    return Text((losing if value < 0.0 else gaining) * length, LOSS if value < 0.0 else GAIN)


def signed_style(value: float | None) -> str:
    """Return the style of a P&L."""
    return "" if not value else LOSS if value < 0.0 else GAIN


def plain_table(headers: Sequence[tuple[str, str]]) -> Table:
    """Return a table without lines; `headers` are (title, `left` or `right`)."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=HEAD)
    for title, justify in headers:
        table.add_column(title, justify="right" if justify == "right" else "left", overflow="fold")
    return table
