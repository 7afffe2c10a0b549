"""A heat map of who loses where, with the number in every cell."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from stresstest.report.charts.style import (
    GAIN,
    GAIN_SOFT,
    INK,
    LOSS,
    LOSS_SOFT,
    PAPER,
    SIZE,
    axes,
    drawn,
    head,
    rows,
    set_letters,
    words,
)
from stresstest.report.lettering import Column, shown_text, wrapped
from stresstest.report.view.losses import HeatMap
from stresstest.report.view.wording import percent_text

_ROW, _NAMES, _SMALLEST = 17.0, 110.0, 6.5


@drawn
def heatmap(found: HeatMap, ax: Axes | None = None) -> Axes:
    """Draw the part of each row in the P&L of each scenario, in per cent of the portfolio."""
    ax = axes(ax, _ROW * max(len(found.rows), 1), _NAMES + 12.0, 10.0)
    cells = np.array([[np.nan if cell is None else cell for cell in row] for row in found.percent])
    largest = max(float(np.nanmax(np.abs(cells), initial=0.0)), 1e-9)
    colours = LinearSegmentedColormap.from_list("loss", [LOSS, LOSS_SOFT, PAPER, GAIN_SOFT, GAIN])
    ax.imshow(cells, cmap=colours, vmin=-largest, vmax=largest, aspect="auto", interpolation="nearest")
    for row, values in enumerate(cells.tolist()):
        for column, value in enumerate(values):
            colour = PAPER if abs(value) > 0.75 * largest else INK
            text = percent_text(value).removesuffix(" %")
            words(ax, column, row, text, ha="center", va="center_baseline", fontsize=_SMALLEST, color=colour)
    rows(ax, found.rows, _NAMES)
    names = [" ".join(wrapped(shown_text(name), Column(SIZE, 110.0, 1))) for name in found.columns]
    ax.set_xticks(range(len(names)), labels=names, rotation=40.0, ha="right")
    for label in ax.get_xticklabels():
        label.set_parse_math(False)
    set_letters(ax.get_xticklabels())
    head(ax, f"Who loses where, in % of {found.unit} of {found.portfolio}")
    return ax
