"""Text of drawings: how wide it is, where it breaks, and what the one font cannot show."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import matplotlib
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.textpath import text_to_path

from stresstest.io.sanitise import terminal_text

_MISSING = "\N{WHITE SQUARE}"
_FOLDER = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@cache
def font(bold: bool = False) -> FontProperties:
    """Return the font that comes with matplotlib, whatever the reader's machine has."""
    return FontProperties(fname=_file(bold))


def _file(bold: bool) -> Path:
    return _FOLDER / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


def shown_text(text: str) -> str:
    """Return user text as it is drawn: controls spelled out, one line, a box for what the font lacks."""
    known = get_font(_file(bold=False)).get_charmap()
    return "".join(
        letter if letter == " " or ord(letter) in known else _MISSING for letter in terminal_text(text)
    )


@cache
def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a line in points."""
    if not text.strip():
        return 0.0
    sized = FontProperties(fname=_file(bold), size=size)
    return float(text_to_path.get_text_width_height_descent(text, sized, ismath=False)[0])


class Column(NamedTuple):
    """Room for text: letters of a size, lines no wider than `widest` points, and how many of them."""

    size: float
    widest: float
    most: int
    bold: bool = False


def wrapped(text: str, column: Column) -> tuple[str, ...]:
    """Return text as the lines of a column; what does not fit ends with dots."""
    lines: list[str] = []
    for word in filter(None, text.split(" ")):  # a no-break space stays within its word
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined, column.size, column.bold) <= column.widest:
            lines[-1] = joined
        else:
            lines.append(word)
    kept = lines[: column.most]
    if len(lines) > column.most and kept:
        kept[-1] += "…"
    return tuple(_cut(line, column) for line in kept)


def _cut(line: str, column: Column) -> str:
    if width_of(line, column.size, column.bold) <= column.widest:
        return line
    kept = line.removesuffix("…")[: int(column.widest / column.size * 4.0)]
    while kept and width_of(kept + "…", column.size, column.bold) > column.widest:
        kept = kept[:-1]
    return kept + "…"


def short_money(amount: float) -> str:
    """Return an amount to two digits: `4.6tn`, `300bn`, `17bn`, `0.7bn`, `850m`.

    Examples
    --------
    >>> short_money(4.56e12), short_money(3e11), short_money(1.69e10), short_money(6.3e9), short_money(2.5e5)
    ('4.6tn', '300bn', '17bn', '6.3bn', '250k')
    """
    for size, unit in ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(amount) >= 0.995 * size:
            scaled = amount / size
            return (f"{scaled:.0f}" if abs(scaled) >= 9.95 else f"{scaled:.1f}".removesuffix(".0")) + unit
    return f"{amount:.0f}"
