from __future__ import annotations

from dataclasses import replace

import pytest
from matplotlib.figure import Figure
from tests.report.samples import view

from stresstest.report.charts.network import network

(PART,) = view().networks


def test_the_firms_and_their_losses_are_drawn() -> None:
    shown = " ".join(text.get_text() for text in network(PART).texts)
    assert "NVDA" in shown
    assert "LAB" in shown
    assert "81" in shown


def test_without_edges_there_is_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="does not hold its edges"):
        network(replace(PART, drawn=None))


def test_a_drawing_has_a_page_of_its_own() -> None:
    with pytest.raises(ValueError, match="page of its own"):
        network(PART, Figure().add_subplot())
