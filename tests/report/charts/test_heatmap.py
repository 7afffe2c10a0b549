from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.report.samples import view

from stresstest.report.charts.heatmap import heatmap

HEAT = view().books[0].heat
assert HEAT is not None


def test_cells_are_the_parts_of_the_scenarios() -> None:
    ax = heatmap(HEAT)
    (image,) = ax.images
    assert np.array_equal(np.asarray(image.get_array(), dtype=float), np.array(HEAT.percent, dtype=float))
    assert [label.get_text() for label in ax.get_yticklabels()] == list(HEAT.rows)
    assert [label.get_text() for label in ax.get_xticklabels()] == list(HEAT.columns)
    assert len([text for text in ax.texts if text.get_text()]) >= len(HEAT.rows) * len(HEAT.columns)


def test_colours_are_even_around_nothing() -> None:
    (image,) = heatmap(HEAT).images
    low, high = image.get_clim()
    assert low == -high == -max(abs(cell or 0.0) for row in HEAT.percent for cell in row)


def test_a_cell_without_a_value_has_a_dash() -> None:
    holes = replace(HEAT, percent=((None, *HEAT.percent[0][1:]), *HEAT.percent[1:]))
    assert "\N{EN DASH}" in {text.get_text() for text in heatmap(holes).texts}


def test_nothing_at_all_is_drawn_without_a_warning() -> None:
    empty = replace(HEAT, rows=("a",), columns=("b",), percent=((0.0,),))
    assert heatmap(empty).images
