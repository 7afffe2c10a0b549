"""A result document of a run, and the live view of the same run."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.cli.runner import run
from tests.cli.samples import write_samples
from tests.report.samples import PATH

import stresstest as st
from stresstest.api.reporting import report_view_of
from stresstest.report.view.report import ReportView

NETWORK = "circular_financing_unwind"


@cache
def document() -> dict[str, Any]:
    """Return what `run --json` writes of a sample under a fall, a path and a network."""
    with TemporaryDirectory() as folder:
        sample = write_samples(Path(folder), slide=PATH)
        shocks = ["--shocks", sample["fall"], "--shocks", sample["slide"], "--shocks", NETWORK]
        done = run("run", sample["portfolio"], *shocks, "--by", "theme", "--by", "mechanism", "--json")
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


@cache
def live() -> ReportView:
    """Return the view that is computed from the same inputs."""
    with TemporaryDirectory() as folder:
        sample = write_samples(Path(folder), slide=PATH)
        scenarios = st.load_scenarios(sample["fall"], sample["slide"], NETWORK)
        return report_view_of(st.stress(st.load_portfolio(sample["portfolio"]), scenarios))
