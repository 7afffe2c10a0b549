from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenarios.markets import key

from stresstest.errors import InputError
from stresstest.scenarios.columns import ColumnSource, FactorColumns
from stresstest.scenarios.table import ColumnTable

SPOT, RATE, VOL = key("spot/NVDA"), key("zero_rate/USD/5Y"), key("implied_vol/NVDA/1M")
BASE = {SPOT: 100.0, RATE: 0.04, VOL: 0.3}
MOVED = {SPOT: np.array([100.0, 40.0, 90.0]), VOL: np.array([0.3, 0.3, 0.5])}


def columns() -> FactorColumns:
    return FactorColumns(ColumnTable.instant(["crash", "dip"]), BASE, MOVED)


def test_it_is_a_column_source() -> None:
    source: ColumnSource = columns()
    assert source.n_columns == 3
    assert source.elapsed_years == (0.0,)
    assert source.table.scenarios == ("crash", "dip")


def test_a_chunk_has_the_rows_asked_for_in_their_order() -> None:
    bound = columns().bind([VOL, RATE, SPOT])
    assert bound.base.tolist() == [0.3, 0.04, 100.0]
    assert bound.moving.tolist() == [True, False, True]
    assert bound.chunk(0, 0, 3).tolist() == [[0.3, 0.3, 0.5], [0.04, 0.04, 0.04], [100.0, 40.0, 90.0]]
    assert bound.chunk(0, 1, 2).tolist() == [[0.3], [0.04], [40.0]]
    assert bound.chunk(0, 2, 2).shape == (3, 0)


def test_one_key_may_stand_twice_and_no_key_is_fine() -> None:
    assert columns().bind([SPOT, SPOT]).chunk(0, 1, 2).tolist() == [[40.0], [40.0]]
    assert columns().bind([]).chunk(0, 0, 3).shape == (0, 3)
    assert columns().bind([RATE]).chunk(0, 0, 3).tolist() == [[0.04] * 3]


@given(st.lists(st.sampled_from([SPOT, RATE, VOL]), max_size=6), st.integers(0, 3), st.integers(0, 3))
def test_chunks_are_pieces_of_the_whole(keys: list, one: int, other: int) -> None:
    low, high = sorted((one, other))
    bound = columns().bind(keys)
    chunk = bound.chunk(0, low, high)
    assert chunk.tobytes() == np.ascontiguousarray(bound.chunk(0, 0, 3)[:, low:high]).tobytes()
    assert chunk.flags.c_contiguous
    assert not chunk.flags.writeable
    assert chunk.dtype == np.float64


def test_a_later_slice_counts_its_own_columns() -> None:
    table = ColumnTable(
        ("base", "a", "a", "a"),
        np.array([0, 0, 1, 1]),
        ("base", "direct", "aged", "aged"),
        np.full(4, -1),
        np.full(4, np.nan),
    )
    source = FactorColumns(table, BASE, {SPOT: np.array([100.0, 1.0, 2.0, 3.0])}, (0.0, 0.25))
    assert source.bind([SPOT]).chunk(1, 0, 2).tolist() == [[2.0, 3.0]]
    assert source.bind([SPOT]).chunk(1, 1, 2).tolist() == [[3.0]]
    with pytest.raises(ValueError, match="not within the 2 of slice 1"):
        source.bind([SPOT]).chunk(1, 0, 3)


@pytest.mark.parametrize(("low", "high"), [(-1, 1), (2, 1), (0, 4)])
def test_columns_beyond_the_slice_are_refused(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="not within the 3 of slice 0"):
        columns().bind([SPOT]).chunk(0, low, high)


def test_every_missing_factor_is_named() -> None:
    with pytest.raises(InputError) as error:
        columns().bind([SPOT, key("spot/NVDIA"), key("zero_rate/USD/50Y")])
    assert [problem.code for problem in error.value.problems] == ["ST349", "ST349"]
    assert error.value.problems[0].got == "factor spot/NVDIA"
    assert error.value.problems[0].suggestion == "spot/NVDA"


@pytest.mark.parametrize(
    ("moved", "message"),
    [
        ({key("spot/AMD"): np.array([1.0, 2.0, 3.0])}, "spot/AMD moves but has no base level"),
        ({SPOT: np.array([100.0, 2.0])}, r"has shape \(2,\), not \(3,\)"),
        ({SPOT: np.array([99.0, 2.0, 3.0])}, "column 0 of spot/NVDA"),
    ],
)
def test_rows_that_do_not_fit_are_refused(moved: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FactorColumns(ColumnTable.instant(["crash", "dip"]), BASE, moved)


@pytest.mark.parametrize("years", [(), (0.5,), (0.0, 1.0)])
def test_elapsed_years_are_one_a_slice_from_zero(years: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="elapsed years"):
        FactorColumns(ColumnTable.instant(["crash", "dip"]), BASE, MOVED, years)


def test_what_is_given_may_change_afterwards() -> None:
    row = np.array([100.0, 40.0, 90.0])
    source = FactorColumns(ColumnTable.instant(["crash", "dip"]), BASE, {SPOT: row})
    row[:] = 0.0
    assert source.bind([SPOT]).chunk(0, 0, 3).tolist() == [[100.0, 40.0, 90.0]]
    assert not source.moved[SPOT].flags.writeable
