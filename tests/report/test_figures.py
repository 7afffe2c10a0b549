from __future__ import annotations

import matplotlib
import pytest
from matplotlib.figure import Figure

from stresstest.report.figures import figure_bytes
from stresstest.report.network.canvas import Canvas

STARTS = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF"}


def drawn() -> Figure:
    canvas = Canvas(100.0, 50.0)
    canvas.text(10.0, 10.0, "a < b & c", 8.0)
    canvas.circle(50.0, 25.0, 10.0, "#ff0000")
    return canvas.figure


@pytest.mark.parametrize("suffix", STARTS)
def test_bytes_are_the_same_whatever_the_settings_are(suffix: str) -> None:
    first = figure_bytes(drawn, suffix)
    assert first.startswith(STARTS[suffix])
    with matplotlib.rc_context(
        {"svg.hashsalt": None, "font.size": 30, "savefig.bbox": "tight", "lines.linewidth": 9}
    ):
        before = matplotlib.rcParams["font.size"]
        assert figure_bytes(drawn, suffix) == first
        assert matplotlib.rcParams["font.size"] == before


@pytest.mark.parametrize("suffix", STARTS)
def test_the_file_says_no_time_and_no_version(suffix: str) -> None:
    content = figure_bytes(drawn, suffix)
    for word in (b"CreationDate", b"<dc:date>", b"Matplotlib v", matplotlib.__version__.encode(), b"tIME"):
        assert word not in content
