"""The vectorised number parser agrees with the parser of single numbers, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.io.number_cells import parse_numbers
from stresstest.quantity import QuantityError, parse_number

NUMBER_LIKE = st.text(st.sampled_from("0123456789.+-eE_, "), max_size=7)
REPRESENTED = st.floats(allow_nan=True, allow_infinity=True).map(repr)
CELLS = st.lists(NUMBER_LIKE | REPRESENTED | st.integers().map(str) | st.text(max_size=4), max_size=12)


def column(cells: list[str]) -> np.ndarray:
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    return array


@given(CELLS, st.booleans())
def test_a_column_is_its_cells(cells: list[str], required: bool) -> None:
    values, faults = parse_numbers(column(cells), required)
    faulty = dict(faults)
    for row, cell in enumerate(cells):
        if cell == "":
            assert np.isnan(values[row])
            assert (row in faulty) == required
            continue
        try:
            assert values[row] == parse_number(cell)
            assert row not in faulty
        except QuantityError as error:
            assert np.isnan(values[row])
            assert faulty[row] == error.problem()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False).map(repr), min_size=1))
def test_doubles_round_trip(cells: list[str]) -> None:
    values, faults = parse_numbers(column(cells), required=True)
    assert not faults
    assert values.tolist() == [float(cell) for cell in cells]


@pytest.mark.parametrize(
    "cell", ["nan", "inf", "1,2", "010", "-00", "1e400", "1e-400", "\u0661", "1_", " 1", "0x1"]
)
def test_what_float_would_take_is_refused(cell: str) -> None:
    values, faults = parse_numbers(column(["1", cell, "2"]), required=True)
    assert [row for row, _ in faults] == [1]
    assert values[[0, 2]].tolist() == [1.0, 2.0]


def test_zero_is_never_negative() -> None:
    values, _ = parse_numbers(column(["-0", "-0.0"]), required=True)
    assert not np.signbit(values).any()


def test_typed_columns_are_checked_too() -> None:
    values, faults = parse_numbers(np.array([1.0, np.nan, np.inf]), required=True)
    assert values[0] == 1.0
    assert np.isnan(values[1:]).all()
    assert [(row, problem.code) for row, problem in faults] == [(1, "ST165"), (2, "ST121")]
