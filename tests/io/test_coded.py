"""Columns as numbers of their distinct values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.io import coded
from stresstest.io.coded import CodedTexts, code_numbers, code_texts, distinct_rows, smallest

columns = st.integers(0, 30).flatmap(
    lambda n: st.lists(st.lists(st.sampled_from(["", "a", "b", "NA"]), min_size=n, max_size=n), min_size=1)
)


@given(st.lists(st.text(max_size=3)))
def test_texts_come_back(texts: list[str]) -> None:
    column = code_texts(np.array([*texts, ""], dtype=object)[:-1])
    assert column.tolist() == texts
    assert len(set(column.values)) == len(column.values)
    assert [column.text(row) for row in range(len(texts))] == texts
    for number, value in enumerate(column.values):
        assert column.code(value) == number
        assert column.rows_of(number).tolist() == [row for row, text in enumerate(texts) if text == value]


def test_a_text_that_no_row_holds_has_no_number() -> None:
    assert code_texts(np.array(["a"], dtype=object)).code("") == -1


def test_numbers_are_coded_with_blanks_first() -> None:
    codes, values = code_numbers(np.array([2.0, np.nan, -0.5, 2.0]))
    assert np.isnan(values[0])
    assert np.array_equal(values[codes], [2.0, np.nan, -0.5, 2.0], equal_nan=True)


@pytest.mark.parametrize(("count", "kind"), [(1, "u1"), (256, "u1"), (257, "u2"), (65_537, "u4")])
def test_codes_take_the_smallest_type(count: int, kind: str) -> None:
    assert smallest(np.array([count - 1]), count).dtype == np.dtype(kind)
    assert smallest(np.array([count - 1]), count).tolist() == [count - 1]


@given(columns)
def test_rows_are_numbered_by_their_first_appearance(cells: list[list[str]]) -> None:
    check_distinct(cells)


@given(columns)
def test_long_keys_are_cut_between_columns(cells: list[list[str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coded, "_LARGEST_KEY", 5)
        check_distinct(cells)


def check_distinct(cells: list[list[str]]) -> None:
    made = [code_texts(np.array([*column, ""], dtype=object)[:-1]) for column in cells]
    found = distinct_rows([(column.codes, len(column.values)) for column in made], len(cells[0]))
    numbers: dict[tuple[str, ...], int] = {}
    expected = [numbers.setdefault(row, len(numbers)) for row in zip(*cells, strict=True)]
    assert found.number.tolist() == expected
    assert found.first.tolist() == [expected.index(number) for number in range(len(numbers))]


def test_codes_of_small_types_do_not_overflow() -> None:
    """Ten columns of 200 values in one byte each make keys beyond 64 bits."""
    rows = np.arange(200, dtype=np.uint8)
    found = distinct_rows([(rows, 200)] * 10 + [(np.zeros(200, np.uint8), 1)], 200)
    assert found.number.tolist() == list(range(200))


def test_taking_rows_keeps_the_values() -> None:
    column = CodedTexts(np.array([0, 1, 0], dtype=np.uint8), np.array(["a", "b"], dtype=object))
    assert column.take(np.array([2, 1])).tolist() == ["a", "b"]
    assert column.shape == (3,)
    assert column.dtype == np.dtype(object)
