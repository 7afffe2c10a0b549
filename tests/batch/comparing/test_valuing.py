"""Inputs valued in memory give the bits that a run of them has written, whatever else it was asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.batch.real_runs import make_run

from stresstest.batch.comparing.origin import Origins
from stresstest.batch.comparing.valuing import value_inputs
from stresstest.batch.reading.cells import cells_of
from stresstest.batch.reading.originals import archived_inputs

NETWORK = "scenarios: [fall.yaml, rise.yaml, ai_capex_collapse_network]"


@pytest.mark.parametrize("asked", ["", "\nchallenger: factor_model\njudgement: true"])
def test_the_bits_are_those_of_the_run(tmp_path: Path, asked: str) -> None:
    run = make_run(tmp_path, {"job.yaml": ("scenarios: [fall.yaml, rise.yaml]", NETWORK + asked)})
    inputs, recorded = archived_inputs(run), cells_of(run)
    found = value_inputs(inputs)
    assert (found.portfolios, found.scenarios) == (recorded.portfolios, recorded.scenarios)
    np.testing.assert_array_equal(found.pnl, recorded.pnl)
    np.testing.assert_array_equal(found.base_value, recorded.base_value)
    origin = Origins(inputs, ["growth"]).origin("growth", "ai_capex_collapse_network")
    assert origin.pnl == recorded.pnl[recorded.rows["growth"], 2]
    assert {moved.reason for item in origin.positions for moved in item.factors} >= {"network"}
