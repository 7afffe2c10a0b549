"""How every picture looks: colours that stand apart without hue, letters, axes without a host's settings.

Losses are vermilion and gains blue, the pair of Okabe and Ito (2008) that readers with any colour vision tell
apart; a sign, a place or a hatch says the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeAlias, TypeVar, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stresstest.report.figures import own_settings
from stresstest.report.lettering import Column, font, shown_text, width_of, wrapped

INK, ASIDE, FAINT, PAPER = "#1b1b1f", "#5c5c66", "#d6d6dc", "#fffffe"
LOSS, LOSS_SOFT, GAIN, GAIN_SOFT, ACCENT = "#b84300", "#f0b899", "#0b6aa8", "#9cc7e6", "#6b3fa0"
"""Each stands for one meaning, so that a page can put its own colour in its place."""

SIZE, SMALL = 11.8, 11.4
"""Letters in points."""

WIDTH = 372.0
"""Of a picture in points: one column of a page, or a telephone."""

_POINTS = 72.0
Picture: TypeAlias = Axes
"""What a chart gives: axes of matplotlib, drawn on."""

_Chart = TypeVar("_Chart", bound=Callable[..., Axes])


def drawn(draw: _Chart) -> _Chart:
    """Return a chart that draws under our own settings and leaves those of the host as they are."""

    @wraps(draw)
    def within(*given: Any, **named: Any) -> Axes:
        with own_settings():
            axes_drawn: Axes = draw(*given, **named)
        return axes_drawn

    return cast("_Chart", within)


def axes(ax: Axes | None, height: float, left: float = 60.0, right: float = 16.0) -> Axes:
    """Return the axes given, or those of a new figure, dressed.

    Parameters
    ----------
    height
        Of the drawing itself in points, without title and labels below.
    left, right
        Room beside the drawing in points.
    """
    if ax is None:
        below, above = 54.0, 26.0
        whole = height + below + above
        figure = Figure(figsize=(WIDTH / _POINTS, whole / _POINTS), facecolor=PAPER)
        place = (left / WIDTH, below / whole, (WIDTH - left - right) / WIDTH, height / whole)
        ax = figure.add_axes(place)
    ax.set_facecolor("none")
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.tick_params(length=0.0, labelsize=SMALL, labelcolor=ASIDE)
    ax.set_axisbelow(True)
    return ax


def head(ax: Axes, title: str) -> None:
    """Put a title flush left above the axes."""
    lines = wrapped(shown_text(title), Column(SIZE + 1.0, WIDTH - 20.0, 1, bold=True))
    # A title of the axes would begin where the drawing does, right of the names of rows.
    corner = -ax.get_position().x0 / ax.get_position().width
    place = {"xycoords": "axes fraction", "xytext": (0.0, 8.0), "textcoords": "offset points"}
    item = ax.annotate(" ".join(lines), (corner, 1.0), va="bottom", annotation_clip=False, **place)  # type: ignore[arg-type]
    item.set_parse_math(False)
    item.set_fontproperties(font(bold=True))
    item.set(fontsize=SIZE + 1.0, fontweight="bold", color=INK)
    ax.set_label(" ".join(lines))


def percent_axis(ax: Axes, side: str, label: str) -> None:
    """Mark an axis in per cent with faint lines."""
    axis = ax.xaxis if side == "x" else ax.yaxis
    axis.set_major_formatter(lambda value, _place: f"{value:.10g}".replace("-", "\N{MINUS SIGN}"))
    ax.grid(axis=side, color=FAINT, linewidth=0.6)  # type: ignore[arg-type]
    set_letters(axis.get_ticklabels())
    if label:
        caption(ax, label)


def caption(ax: Axes, text: str) -> None:
    """Put what the axes show below them, flush right, on two lines at most."""
    lines = wrapped(text, Column(SMALL, WIDTH - 24.0, 2))
    ax.set_xlabel("\n".join(lines), loc="right", ma="right", fontproperties=font(), color=ASIDE)
    ax.xaxis.label.set_fontsize(SMALL)


def rows(ax: Axes, names: Sequence[str], room: float) -> None:
    """Name rows 0, 1, 2, … from the top down, each on one line of at most `room` points."""
    texts = [_shortened(shown_text(name), room) for name in names]
    ax.set_yticks(range(len(texts)), labels=texts)
    ax.set_ylim(len(texts) - 0.4, -0.6)
    for label in ax.get_yticklabels():
        label.set(color=INK, fontsize=SIZE, parse_math=False)
    set_letters(ax.get_yticklabels())


def _shortened(name: str, room: float) -> str:
    """Return a name without its middle where it is too wide: names often differ at their ends only."""
    if width_of(name, SIZE) <= room:
        return name
    kept = min(len(name) - 1, int(room / SIZE * 4.0))  # no letter is narrower than a quarter of its size
    while kept > 1:
        text = f"{name[: kept - kept // 2]}…{name[len(name) - kept // 2 :]}"
        if width_of(text, SIZE) <= room:
            return text
        kept -= 1
    return "…"


def set_letters(labels: Sequence[Any]) -> None:
    """Give labels the one font."""
    for label in labels:
        size = label.get_fontsize()
        label.set_fontproperties(font())
        label.set_fontsize(size)


def words(ax: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Put text as it is: nothing in it is read as mathematics."""
    style.setdefault("color", INK)
    style.setdefault("fontsize", SMALL)
    style.setdefault("va", "center")
    bold = bool(style.pop("bold", False))
    size = style.pop("fontsize")
    item = ax.text(x, y, shown_text(text), fontproperties=font(bold), parse_math=False, **style)
    item.set_fontsize(size)
    if bold:
        item.set_fontweight("bold")


def beside(ax: Axes, row: float, text: str, **style: Any) -> None:
    """Put a figure at the right of a row, flush right."""
    words(ax, 1.0, row, text, transform=ax.get_yaxis_transform(), ha="right", **style)


def colour_of(value: float | None) -> str:
    """Return the colour of a loss or a gain."""
    return LOSS if value is not None and value < 0.0 else GAIN
