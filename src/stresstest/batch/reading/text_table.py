"""Plain text of 80 columns: tables, amounts, paragraphs."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from stresstest.io.sanitise import terminal_text

WIDTH = 80

_GAP = "  "
_LEAST = 8


def rows_of(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a heading and `rows` as aligned lines of at most 80 columns, or nothing without rows.

    A heading that begins with `>` is of a column of numbers: to the right, never cut. Texts are cut, the
    widest first.
    """
    if not rows:
        return
    right = [head.startswith(">") for head in heads]
    titles = [head.removeprefix(">") for head in heads]
    table = [titles, *([terminal_text(cell) for cell in row] for row in rows)]
    widths = _widths([max(len(row[place]) for row in table) for place in range(len(heads))], right)
    for row in table:
        cells = [
            cell.rjust(width) if flush else shortened(cell, width).ljust(width)
            for cell, width, flush in zip(row, widths, right, strict=True)
        ]
        yield (_GAP + _GAP.join(cells)).rstrip()


def _widths(wanted: list[int], right: Sequence[bool]) -> list[int]:
    """Return the widths of columns: as wanted, the widest texts narrowed until all fit."""
    widths = list(wanted)
    texts = [place for place, flush in enumerate(right) if not flush]
    while sum(widths) + len(_GAP) * len(widths) > WIDTH and texts:
        widest = max(texts, key=lambda place: widths[place])
        if widths[widest] <= _LEAST:
            break
        widths[widest] -= 1
    return widths


def shortened(text: str, width: int) -> str:
    """Return `text` in at most `width` characters, with an ellipsis in the place of its end.

    Examples
    --------
    >>> shortened("ai_capex_collapse", 10)
    'ai_capex_…'
    """
    return text if len(text) <= width else text[: width - 1] + "…"


def wrapped(text: str, indent: int = 2) -> list[str]:
    """Return a paragraph as lines, further ones indented."""
    further = " " * indent
    return textwrap.wrap(terminal_text(text), WIDTH, subsequent_indent=further, break_on_hyphens=False)


def amount(value: float) -> str:
    """Return an amount to the unit, a dash where there is none.

    Examples
    --------
    >>> amount(-1234567.4), amount(float("nan"))
    ('-1,234,567', '-')
    """
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if round(value) else "0"


def percent(fraction: float) -> str:
    """Return a fraction in per cent with its sign.

    Examples
    --------
    >>> percent(-0.5391)
    '-53.9%'
    """
    return "-" if math.isnan(fraction) else f"{100.0 * fraction:+.1f}%"


def share(part: float | None) -> str:
    """Return a part of something in per cent, a dash where there is none, `all` for one of nothing.

    Examples
    --------
    >>> share(0.306), share(float("inf")), share(None)
    ('30.6%', 'all', '-')
    """
    if part is None or math.isnan(part):
        return "-"
    return "all" if math.isinf(part) else f"{100.0 * part:,.1f}%"


def counted(number: int, noun: str) -> str:
    """Return a number of things.

    Examples
    --------
    >>> counted(1, "scenario"), counted(1_000, "draw")
    ('1 scenario', '1,000 draws')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
