from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.report.dressed import PLAN
from tests.report.samples import view

from stresstest.report.charts.curves import frontier, path, severity
from stresstest.report.view.curves import Break

(BOOK,) = view().books


def test_the_curve_its_break_points_and_limits() -> None:
    found = BOOK.severity
    assert found is not None
    ax = severity(found)
    curve = max(ax.lines, key=lambda line: len(line.get_xdata()))
    assert np.array_equal(curve.get_xdata(), found.severity)
    assert np.array_equal(curve.get_ydata(), found.percent)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    marks = {pair for line in dots for pair in zip(line.get_xdata(), line.get_ydata(), strict=True)}
    assert marks == {(point.at, point.percent) for point in found.breaks if point.percent is not None}
    shown = {text.get_text() for text in ax.texts}
    assert {"1", "2", "limit worst"} <= shown
    assert "Severity in %" in ax.get_xlabel()


def test_numbers_that_would_stand_on_one_another_are_told_together() -> None:
    found = BOOK.severity
    assert found is not None
    place = found.severity.index(100.0)
    breaks = tuple(
        Break(at, "strike", "flips", "x", found.percent[place]) for at in (20.0, 100.0, 100.5, 101.0, 180.0)
    )
    shown = {text.get_text() for text in severity(replace(found, breaks=breaks)).texts}
    assert {"1", "2\N{EN DASH}4", "5"} <= shown


def test_a_path_has_its_value_its_high_and_what_lies_between() -> None:
    (found,) = BOOK.paths
    ax = path(found)
    values = [value for point in found.points for value in (point.before, point.after)]
    drawn = [list(line.get_ydata()) for line in ax.lines]
    assert values in drawn
    assert [max(values[: place + 1]) for place in range(len(values))] in drawn
    assert len(ax.collections) == 1
    assert any(f"{found.drawdown_percent:.1f} %" in text.get_text() for text in ax.texts)


def test_the_plan_is_the_square_of_the_frontier() -> None:
    (found,) = PLAN.frontiers
    ax = frontier(found)
    squares = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "s"]
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "o"]
    assert squares == [(1.1, pytest.approx(-18.1))]
    assert dots == [(0.2, pytest.approx(-30.0))]  # an amount without a plan has no point
