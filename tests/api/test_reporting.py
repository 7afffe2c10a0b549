"""Reports and pictures from the library: `report`, `plot`, `_repr_html_`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from tests.architecture.source_tree import ROOT
from tests.hedging.small_hedges import plan
from tests.report.dressed import whole
from tests.report.page.structure import Structure
from tests.report.samples import book, market, scenarios, stress, view

import stresstest as st
from stresstest.api.reporting import report_page, report_view_of, write_report

BUILD = """
import hashlib, sys
from stresstest.kernels._jit import enable_caching
enable_caching()
from tests.report.dressed import whole
from stresstest.api.reporting import report_page
sys.stdout.write(hashlib.sha256(report_page(whole()).encode()).hexdigest())
"""


def built_elsewhere(seed: str) -> str:
    """Return the hash of the report that another process builds, inputs and all."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland", "MPLBACKEND": "pdf"}
    done = subprocess.run(
        [sys.executable, "-c", BUILD], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_two_processes_build_the_same_bytes() -> None:
    first, second = (built_elsewhere(seed) for seed in ("1", "2"))
    assert first == second == hashlib.sha256(report_page(whole()).encode()).hexdigest()


def test_a_report_is_one_file_and_replaces_none(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    stress().report(target, title="Ours")
    assert "<title>Stress test: Ours</title>" in target.read_text(encoding="utf-8")
    with pytest.raises(st.InputError):
        stress().report(target)
    write_report(whole(), target, force=True)
    assert target.read_bytes() == report_page(whole()).encode()
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_report_of_a_result_and_its_hedges_has_both() -> None:
    found = report_view_of(stress(), [st.Hedge(plan())])
    assert [hedge.policy for hedge in found.hedges] == ["small"]
    assert 'id="hedge"' in report_page(found)


@pytest.mark.parametrize("kind", ["bars", "heatmap", "waterfall", "severity", "path"])
def test_every_picture_can_be_drawn_on_axes_of_ones_own(kind: str) -> None:
    given = Figure().add_subplot()
    assert getattr(stress().plot, kind)(ax=given) is given
    own = getattr(stress().plot, kind)()
    assert isinstance(own, Axes)
    assert own.figure is not given.figure
    assert own.get_label() == given.get_label() != ""


def test_pictures_show_the_numbers_of_the_result() -> None:
    (shown,) = view().books
    assert [bar.get_width() for bar in stress().plot.bars().patches] == pytest.approx(
        [line.percent for line in shown.losses.lines]
    )
    (image,) = stress().plot.heatmap().images
    assert image.get_array().shape == (7, 4)  # type: ignore[union-attr]
    curve = max(stress().plot.severity("rise").lines, key=lambda line: len(line.get_xdata()))
    at = dict(zip(curve.get_xdata(), curve.get_ydata(), strict=True))
    rise = shown.losses.line("rise")
    assert rise is not None
    assert at[100.0] == pytest.approx(rise.percent)


def test_a_scenario_may_be_named() -> None:
    assert "slide" in stress().plot.waterfall("slide").get_label()
    assert "slide" in stress().plot.path("slide").get_label()
    assert "LAB" in " ".join(text.get_text() for text in stress().plot.network("stop").texts)
    assert stress().plot.network().texts


def test_the_bars_of_one_of_several_portfolios() -> None:
    two = st.stress([book(), book("other")], scenarios("rise"), market())
    assert "other" in two.plot.bars("other").get_label()
    assert "small" in two.plot.bars().get_label()


@pytest.mark.parametrize(
    ("kind", "names", "near"),
    [("bars", {"portfolio": "smal"}, "small"), ("waterfall", {"scenario": "fal"}, "fall")],
)
def test_another_name_is_refused_with_the_nearest(kind: str, names: dict[str, str], near: str) -> None:
    with pytest.raises(st.InputError, match=rf"ST415.*did you mean '{near}'"):
        getattr(stress().plot, kind)(**names)


@pytest.mark.parametrize(("kind", "scenario"), [("path", "fall"), ("network", "fall")])
def test_what_a_scenario_has_not_is_no_picture(kind: str, scenario: str) -> None:
    with pytest.raises(ValueError, match="to draw"):
        getattr(stress().plot, kind)(scenario)


def test_totals_alone_have_no_heat_map() -> None:
    kept = st.stress(book(), scenarios("fall"), market(), resources=st.Resources(memory=1))
    with pytest.raises(ValueError, match="no positions to draw"):
        kept.plot.heatmap()
    assert kept.plot.bars().patches


def test_pictures_of_a_plan() -> None:
    hedge = st.Hedge(plan())
    outcomes = [one for one in plan().scenarios if one.role != "held_out"]
    dots = [line for line in hedge.plot.bars().lines if line.get_marker() == "o"]
    assert len(dots) == 2 * len(outcomes)
    with pytest.raises(ValueError, match="frontier=True"):
        hedge.plot.frontier()


def test_settings_of_the_host_stay_as_they_are() -> None:
    with matplotlib.rc_context({"font.size": 33, "axes.titlesize": 44}):
        before = dict(matplotlib.rcParams)
        stress().plot.bars()
        assert dict(matplotlib.rcParams) == before


def test_notebooks_show_the_answer_and_tables() -> None:
    found = Structure(stress()._repr_html_())
    assert found.mistakes == []
    assert len(found.named("table")) >= 2
    assert not found.named("script", "style", "svg")
