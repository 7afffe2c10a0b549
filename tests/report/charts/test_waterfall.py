from __future__ import annotations

import pytest
from matplotlib.patches import Rectangle
from tests.report.samples import view

from stresstest.report.charts.waterfall import waterfall

FALL, STOP = view().books[0].waterfalls


def bars_of(found: object) -> list[Rectangle]:
    return [patch for patch in waterfall(found).patches if isinstance(patch, Rectangle)]  # type: ignore[arg-type]


@pytest.mark.parametrize("found", [FALL, STOP], ids=["factors", "mechanisms"])
def test_each_step_begins_where_the_last_one_ends(found) -> None:  # type: ignore[no-untyped-def]
    *steps, total = bars_of(found)
    at = 0.0
    for bar, step in zip(steps, found.steps, strict=True):
        assert bar.get_x() == pytest.approx(at, abs=1e-12) or bar.get_x() + bar.get_width() == pytest.approx(
            at
        )
        at += step.percent
    assert total.get_width() == pytest.approx(found.percent)
    assert at == pytest.approx(found.percent, abs=1e-9)


def test_only_steps_through_the_network_are_hatched() -> None:
    *steps, total = bars_of(STOP)
    assert [bool(bar.get_hatch()) for bar in steps] == [step.network for step in STOP.steps]
    assert not total.get_hatch()
    assert "hatched" in waterfall(STOP).get_xlabel()
    assert "hatched" not in waterfall(FALL).get_xlabel()
