"""Paths on the command line: one line of the loss table, and the whole of it as JSON."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from tests.cli.runner import run

from stresstest.cli.run.path_document import path_document
from stresstest.cli.run.path_text import path_text
from stresstest.measures.paths import ValuePath

DAYS = (date(2025, 10, 3), date(2026, 1, 3), date(2026, 10, 3))


def path(*after, cash=None):
    held = [after[0], *after[:-1]]
    return ValuePath("p", "USD", DAYS, np.arange(3), np.array(held, float), np.array(after, float), cash)


def test_the_line_says_how_deep_and_how_long():
    text = path_text(path(100.0, 80.0, 90.0, cash=np.array([5.0, 2_000.0, 7.0]))).plain
    assert text == "  drawdown 20.0 % to 2026-01-03; under water 9m, not over; least cash 5.0"
    assert path_text(path(100.0, 80.0, 100.0)).plain.endswith("under water 9m")
    assert path_text(path(100.0, 110.0, 120.0)).plain == "  no drawdown"
    assert path_text(path(-10.0, -2_010.0, -10.0)).plain.startswith("  drawdown 2.00k to")


def test_the_document_has_every_point_and_no_number_that_is_not_finite():
    document = path_document(path(100.0, 80.0, np.nan))
    assert json.dumps(document, allow_nan=False)
    first, second, last = document["points"]
    assert first == {"date": "2025-10-03", "value": 100.0, "carry": 0.0, "shock": 0.0, "cash": None}
    assert (second["value"], second["shock"], last["value"]) == (80.0, -20.0, None)
    assert document["lowest_cash"] is None


SCENARIO = """\
version: 1
name: fall_and_rise
horizon: 3y
timing: path
steps:
  - after: 3m
    shocks: [{select: {theme: ai_accelerators}, factor: spot, shift: -60%}]
  - after: 36m
    shocks: [{select: {theme: ai_accelerators}, factor: spot, shift: +120%}]
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    file = tmp_path_factory.mktemp("paths") / "fall_and_rise.yaml"
    file.write_text(SCENARIO)
    return file


def test_a_run_shows_and_exports_the_path(file):
    shown = run("run", "ai_growth_fund", "--shocks", file)
    assert shown.code == 0, shown.err
    assert "drawdown" in shown.out
    document = json.loads(run("run", "ai_growth_fund", "--shocks", file, "--json").out)
    scenario = document["portfolios"][0]["scenarios"][0]
    points = scenario["path"]["points"]
    assert [point["date"] for point in points] == ["2025-10-03", "2026-01-03", "2028-10-03"]
    assert points[-1]["value"] == scenario["stressed_value"]
    assert points[1]["shock"] < 0.0 < points[2]["shock"]
    assert points[2]["carry"] != 0.0
