from __future__ import annotations

import time

import matplotlib
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stresstest.report.charts import style


def test_given_axes_are_drawn_on_and_others_are_made() -> None:
    given = Figure().add_subplot()
    assert style.axes(given, 100.0) is given
    made = style.axes(None, 100.0)
    assert made.figure.get_figwidth() * 72.0 == pytest.approx(style.WIDTH)


def test_settings_of_the_host_neither_count_nor_change() -> None:
    @style.drawn
    def chart() -> Axes:
        return Figure().add_subplot()

    with matplotlib.rc_context({"axes.facecolor": "red", "font.size": 33}):
        assert chart().get_facecolor() == (1.0, 1.0, 1.0, 1.0)
        assert matplotlib.rcParams["font.size"] == 33


def test_a_long_title_is_cut_and_mathematics_is_text() -> None:
    ax = style.axes(None, 100.0)
    style.head(ax, "$x^2$ " * 60)
    (title,) = (text for text in ax.texts if "$" in text.get_text())
    assert title.get_text().endswith("…")
    assert not title.get_parse_math()


def test_long_names_lose_their_middle_soon_enough() -> None:
    ax = style.axes(None, 100.0)
    begun = time.process_time()
    style.rows(ax, [f"{letter * 300}_{end}" for letter in "xiWl" for end in ("2024", "2025")], 160.0)
    assert time.process_time() - begun < 5.0
    shown = [label.get_text() for label in ax.get_yticklabels()]
    assert len(set(shown)) == 8
    assert all("…" in text and text.endswith(("2024", "2025")) for text in shown)


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255.0 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ink", [style.INK, style.ASIDE, style.LOSS, style.GAIN, style.ACCENT])
def test_inks_stand_apart_from_the_paper(ink: str) -> None:
    assert contrast(ink, style.PAPER) >= 4.5


def test_loss_and_gain_stand_apart_by_more_than_hue_or_by_their_sign() -> None:
    assert style.colour_of(-1.0) == style.LOSS != style.colour_of(1.0) == style.GAIN
