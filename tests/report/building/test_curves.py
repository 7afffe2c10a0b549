from __future__ import annotations

import math
from datetime import date

import pytest
from tests.report.samples import view

(BOOK,) = view().books


def test_the_curve_begins_at_nothing_and_passes_through_the_scenario() -> None:
    found = BOOK.severity
    assert found is not None
    at = dict(zip(found.severity, found.percent, strict=True))
    assert found.scenario == "fall"
    assert at[0.0] == 0.0
    assert at[100.0] == pytest.approx(BOOK.losses.lines[0].percent, rel=1e-12)
    assert max(at) == 200.0
    percents = [percent for percent in found.percent if percent is not None]
    assert percents == sorted(percents, reverse=True)


def test_break_points_lie_where_the_strike_and_the_limit_are() -> None:
    found = BOOK.severity
    assert found is not None
    (strike,) = (point for point in found.breaks if "put" in point.who)
    # half of a fall by half multiplies the price by the root of a half
    assert strike.at == pytest.approx(100.0 * math.log(150.0 / 187.62) / math.log(0.5), rel=1e-6)
    (limit,) = (point for point in found.breaks if point.kind == "limit")
    assert limit.percent == pytest.approx(-25.0, abs=1e-5)
    assert dict(found.limits) == {"worst": pytest.approx(-25.0)}
    assert [point.at for point in found.breaks] == sorted(point.at for point in found.breaks)


def test_the_drawdown_of_a_path_by_hand() -> None:
    (found,) = BOOK.paths
    assert found.scenario == "slide"
    values = [value for point in found.points for value in (point.before, point.after)]
    falls = [max(values[: place + 1]) - value for place, value in enumerate(values)]
    assert found.drawdown == pytest.approx(max(falls), rel=1e-12)
    assert found.drawdown_percent == pytest.approx(100.0 * max(falls) / values[0], rel=1e-9)
    assert (found.peak, found.trough) == (date(2025, 10, 3), date(2026, 4, 3))
    assert found.recovered is None
    assert found.points[-1].after - found.points[0].before == pytest.approx(BOOK.losses.line("slide").pnl)
