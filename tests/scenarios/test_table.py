from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from stresstest.scenarios.table import MAX_SLICES, ColumnTable, is_stage


def table(**changes: object) -> ColumnTable:
    fields: dict[str, object] = {
        "scenario": ("base", "a", "a", "b"),
        "slice": np.array([0, 0, 1, 1]),
        "stage": ("base", "direct", "aged", "network/fire_sale/2"),
        "draw": np.array([-1, -1, -1, 7]),
        "probability": np.array([np.nan, 0.1, 0.1, np.nan]),
    }
    return ColumnTable(**(fields | changes))  # type: ignore[arg-type]


def test_a_table_tells_what_each_column_is() -> None:
    columns = table()
    assert columns.n_columns == 4
    assert columns.n_slices == 2
    assert columns.scenarios == ("a", "b")
    assert columns.slice_bounds(0) == (0, 2)
    assert columns.slice_bounds(1) == (2, 4)
    assert columns.columns_of("a").tolist() == [1, 2]
    assert columns.columns_of("nobody").tolist() == []


def test_the_arrays_are_frozen_copies() -> None:
    draws = np.array([-1, -1, -1, 7])
    columns = table(draw=draws)
    draws[3] = 8
    assert columns.draw.tolist() == [-1, -1, -1, 7]
    for array in (columns.slice, columns.draw, columns.probability):
        assert not array.flags.writeable
        assert array.flags.c_contiguous
    with pytest.raises(FrozenInstanceError):
        columns.stage = ()  # type: ignore[misc]


def test_instant_scenarios_have_one_direct_column_each() -> None:
    columns = ColumnTable.instant(["calm", "storm"], [0.2, None])
    assert columns.scenario == ("base", "calm", "storm")
    assert columns.stage == ("base", "direct", "direct")
    assert columns.slice.tolist() == [0, 0, 0]
    assert columns.draw.tolist() == [-1, -1, -1]
    assert np.isnan(columns.probability[[0, 2]]).all()
    assert columns.probability[1] == 0.2


def test_a_table_may_hold_the_base_alone() -> None:
    columns = ColumnTable.instant([])
    assert columns.n_columns == 1
    assert columns.scenarios == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scenario": ("base", "a")}, "differ in length"),
        ({"stage": ()}, "differ in length"),
        ({"scenario": ("a", "a", "a", "b")}, "column 0 of a column table is the base"),
        ({"stage": ("direct", "direct", "aged", "aged")}, "column 0 of a column table is the base"),
        ({"scenario": ("base", "a", "base", "b")}, "only column 0"),
        ({"stage": ("base", "base", "aged", "aged")}, "only column 0"),
        ({"slice": np.array([0, 1, 0, 1])}, "slices run"),
        ({"slice": np.array([0, 0, 2, 2])}, "slices run"),
        ({"slice": np.array([1, 1, 1, 1])}, "slices run"),
        ({"stage": ("base", "direct", "aged", "guessed")}, "unknown stage 'guessed'"),
        ({"probability": np.array([np.nan, 1.1, 0.0, 0.0])}, "probabilities"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        table(**changes)


def test_the_number_of_slices_is_limited() -> None:
    def with_slices(n_slices: int) -> ColumnTable:
        names = ("base", *("a" for _ in range(n_slices - 1)))
        stages = ("base", *("aged" for _ in range(n_slices - 1)))
        return ColumnTable(
            names, np.arange(n_slices), stages, np.full(n_slices, -1), np.full(n_slices, np.nan)
        )

    assert with_slices(MAX_SLICES).n_slices == MAX_SLICES
    with pytest.raises(ValueError, match="at most 64"):
        with_slices(MAX_SLICES + 1)


@pytest.mark.parametrize("number", [-1, 2])
def test_a_slice_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="none of the 2 slices"):
        table().slice_bounds(number)


@pytest.mark.parametrize(
    ("stage", "known"),
    [
        ("base", True),
        ("direct", True),
        ("propagated", True),
        ("aged", True),
        ("network/margin/1", True),
        ("network//1", False),
        ("network/margin", False),
        ("network/margin/x", False),
        ("", False),
    ],
)
def test_stages_are_a_closed_list(stage: str, known: bool) -> None:
    assert is_stage(stage) is known


def test_a_hundred_thousand_columns_are_no_burden() -> None:
    n_columns = 100_000
    columns = ColumnTable.instant([f"draw_{number}" for number in range(n_columns - 1)])
    assert columns.slice_bounds(0) == (0, n_columns)
