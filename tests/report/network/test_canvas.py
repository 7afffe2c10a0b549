from __future__ import annotations

import numpy as np
from tests.report.network.drawn import texts

from stresstest.report.network.canvas import Canvas


def test_a_page_is_in_points_and_text_is_put_as_it_is() -> None:
    canvas = Canvas(200.0, 100.0)
    canvas.text(20.0, 30.0, r"$\alpha$ \frac", 10.0, va="bottom")
    ((text, (left, bottom, right, top)),) = texts(canvas.figure)
    assert text == r"$\alpha$ \frac"
    assert abs(left - 20.0) < 1.5
    assert abs(bottom - 30.0) < 1.5
    assert right > 70.0, "fourteen letters, none of them read as mathematics"
    assert top < 45.0
    assert (canvas.figure.get_figwidth() * 72.0, canvas.figure.get_figheight() * 72.0) == (200.0, 100.0)


def test_lines_and_heads_stand_where_they_are_put() -> None:
    canvas = Canvas(200.0, 100.0)
    canvas.stroke(np.array([[10.0, 10.0], [50.0, 90.0], [90.0, 10.0]]), 2.0, "#000000", "solid")
    canvas.arrow_head(np.array([100.0, 50.0]), np.array([90.0, 50.0]), 4.0, "#000000")
    line, head = canvas.figure.axes[0].patches
    assert line.get_path().vertices[1].tolist() == [50.0, 90.0]
    assert head.get_xy()[:3].tolist() == [[100.0, 50.0], [90.0, 54.0], [90.0, 46.0]]
