"""Pictures of the documentation, drawn by the library as users do: the same bytes for the same inputs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import stresstest as st
from stresstest.kernels._jit import enable_caching
from stresstest.report.figures import figure_bytes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = "generated"
BOOK = "ai_growth_fund"
STORY = (
    "ai_capex_collapse",
    "deepseek_cost_shock",
    "circular_financing_unwind",
    "gpu_collateral_spiral",
    "energy_scarcity",
    "time_bomb",
    "dotcom_replay",
)


def pictures() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every picture."""
    enable_caching()
    plot = st.stress(st.load_portfolio(BOOK), st.load_scenarios(*STORY)).plot
    drawn = {
        "article-losses": plot.bars(),
        "article-circle": plot.network("circular_financing_unwind"),
        "article-steps": plot.waterfall("circular_financing_unwind"),
        "article-severity": plot.severity("time_bomb"),
    }
    for name, axes in drawn.items():
        yield f"{name}.svg", figure_bytes(lambda axes=axes: axes.figure, ".svg")


def _write(app: Sphinx) -> None:
    folder = Path(app.srcdir) / FOLDER
    folder.mkdir(exist_ok=True)
    for name, content in pictures():
        file = folder / name
        if not file.is_file() or file.read_bytes() != content:
            file.write_bytes(content)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True}
