from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from tests.report.dressed import PLAN
from tests.report.samples import view

from stresstest.report.charts.bars import bars, hedge
from stresstest.report.charts.style import GAIN, LOSS
from stresstest.report.charts.waterfall import waterfall

LOSSES = view().books[0].losses


def test_a_bar_a_scenario_in_the_colour_of_its_sign() -> None:
    ax = bars(LOSSES)
    drawn = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert [bar.get_width() for bar in drawn] == pytest.approx([line.percent for line in LOSSES.lines])
    colours = [
        "#{:02x}{:02x}{:02x}".format(*(round(255 * part) for part in bar.get_facecolor()[:3]))
        for bar in drawn
    ]
    assert colours == [LOSS, LOSS, LOSS, GAIN]
    assert [label.get_text() for label in ax.get_yticklabels()] == [line.name for line in LOSSES.lines]


def test_the_worst_is_at_the_top() -> None:
    low, high = bars(LOSSES).get_ylim()
    assert low > high


def test_the_thin_line_is_the_band() -> None:
    ax = bars(LOSSES)
    spans = [sorted(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2]  # type: ignore[arg-type]
    fall = LOSSES.lines[0]
    assert sorted([fall.milder, fall.harsher]) in spans  # type: ignore[type-var]


def test_every_bar_says_its_number() -> None:
    shown = {text.get_text() for text in bars(LOSSES).texts}
    assert {"\N{MINUS SIGN}36.9 %", "+4.8 %"} <= shown


def test_before_is_hollow_and_after_is_filled() -> None:
    ax = hedge(PLAN)
    points = [line for line in ax.lines if line.get_marker() == "o"]
    hollow = [
        line.get_xdata()[0] for line in points if line.get_markerfacecolor() != line.get_markeredgecolor()
    ]
    filled = [
        line.get_xdata()[0] for line in points if line.get_markerfacecolor() == line.get_markeredgecolor()
    ]
    assert (hollow, filled) == ([-36.9, 4.8], [-18.1, 2.5])  # what is held out is not drawn


def free(ax: Axes) -> bool:
    """Tell whether the numbers at the right meet neither bars nor bands."""
    renderer = FigureCanvasAgg(ax.figure).get_renderer()  # type: ignore[arg-type]
    numbers = [text.get_window_extent(renderer) for text in ax.texts if text.get_ha() == "right"]
    spans = [line.get_window_extent(renderer) for line in ax.lines if line.get_linewidth() > 0.9]
    drawn = [patch.get_window_extent(renderer) for patch in ax.patches]
    return bool(numbers) and min(box.x0 for box in numbers) > max(box.x1 for box in [*drawn, *spans])


def test_numbers_stand_beside_what_they_are_of() -> None:
    assert free(bars(LOSSES))
    assert free(hedge(PLAN))
    assert all(free(waterfall(fall)) for fall in view().books[0].waterfalls)
