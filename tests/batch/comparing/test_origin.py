"""The origin of a number: positions add up to it, and the number is the recorded one to the last bit."""

from __future__ import annotations

import math

import pytest
from tests.batch.real_runs import make_run

from stresstest.batch.comparing.origin import Origins
from stresstest.batch.reading.cells import cells_of
from stresstest.batch.reading.originals import archived_inputs
from stresstest.batch.reading.run_folder import RunFolder
from stresstest.errors import InputError


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return make_run(tmp_path_factory.mktemp("origin"))


@pytest.mark.parametrize("portfolio", ["growth", "income"])
@pytest.mark.parametrize("scenario", ["fall", "rise"])
def test_every_number_is_the_recorded_one_to_the_last_bit(
    run: RunFolder, portfolio: str, scenario: str
) -> None:
    cells = cells_of(run)
    found = Origins(archived_inputs(run), [portfolio]).origin(portfolio, scenario)
    assert found.pnl == cells.pnl[cells.rows[portfolio], cells.columns[scenario]]
    assert found.base_value == cells.base_value[cells.rows[portfolio]]
    assert math.fsum(item.pnl or 0.0 for item in found.positions) == pytest.approx(found.pnl, rel=1e-12)


def test_positions_say_what_moved_them_and_where_that_is_written(run: RunFolder) -> None:
    found = Origins(archived_inputs(run), ["growth"]).origin("growth", "fall")
    assert [item.position for item in found.positions] == ["chips", "soft", "cash"]
    chips = found.positions[0]
    assert (chips.quantity, chips.base_value, chips.pnl) == (100.0, 18050.0, -9025.0)
    (factor,) = chips.factors
    assert (factor.factor, factor.base, factor.level, factor.reason) == ("spot/NVDA", 180.5, 90.25, "direct")
    assert run.original_of(factor.file).endswith("job/fall.yaml")
    assert factor.line == 7
    assert factor.source == "prices.csv (2025-10-03)"
    assert found.source == ("a memo",)
    assert (run.original_of(found.file).endswith("job/fall.yaml"), found.line) == (True, 2)
    assert run.original_of(chips.file).endswith("accounts/growth.yaml")
    assert [item.line for item in found.positions] == [5, 6, 7]
    assert found.positions[2].factors == ()


def test_unknown_names_are_refused_with_the_nearest(run: RunFolder) -> None:
    inputs = archived_inputs(run)
    with pytest.raises(InputError, match=r"ST766.* portfolio 'grwth'.*did you mean 'growth'"):
        Origins(inputs, ["grwth"])
    with pytest.raises(InputError, match=r"ST766.* scenario 'fal'.*did you mean 'fall'"):
        Origins(inputs, ["growth"]).origin("growth", "fal")
