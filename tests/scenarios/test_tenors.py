from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.quantity import QuantityError, ShiftType, parse_shift
from stresstest.scenarios.tenors import TenorTable

TABLE = TenorTable.of({"10Y": "-40bp", "1Y": "-75bp", "5Y": "-75bp"})


def test_tenors_are_put_in_order() -> None:
    assert [tenor.text for tenor in TABLE.tenors] == ["1Y", "5Y", "10Y"]
    assert [shift.amount for shift in TABLE.shifts] == [-0.0075, -0.0075, -0.004]


@pytest.mark.parametrize(
    ("years", "amount"),
    [(1 / 365, -0.0075), (1.0, -0.0075), (3.0, -0.0075), (7.5, -0.00575), (10.0, -0.004), (50.0, -0.004)],
)
def test_shifts_are_linear_between_tenors_and_flat_outside(years: float, amount: float) -> None:
    shift = TABLE.at(years)
    assert shift.amount == pytest.approx(amount, rel=1e-15)
    assert shift.shift_type is ShiftType.ABSOLUTE
    assert shift.unit == "bp"


@given(st.floats(0.0, 100.0))
def test_an_interpolated_shift_lies_between_those_stated(years: float) -> None:
    assert -0.0075 <= TABLE.at(years).amount <= -0.004


@given(st.permutations(["1M", "6M", "2Y", "7Y", "30Y"]), st.floats(0.0, 40.0))
def test_the_order_of_a_table_shows_in_no_bit(order: list[str], years: float) -> None:
    amounts = {"1M": "+1bp", "6M": "-7bp", "2Y": "+13bp", "7Y": "+170bp", "30Y": "-3bp"}
    shuffled = TenorTable.of({tenor: amounts[tenor] for tenor in order})
    assert shuffled == TenorTable.of(amounts)
    assert shuffled.at(years) == TenorTable.of(amounts).at(years)


def test_levels_and_ratios_are_interpolated_too() -> None:
    assert TenorTable.of({"1Y": "=4%", "3Y": "=5%"}).at(2.0) == parse_shift("=4.5%")
    assert TenorTable.of({"1Y": "-20%", "3Y": "-40%"}).at(2.0).amount == pytest.approx(-0.3)


def test_one_tenor_serves_all() -> None:
    assert TenorTable.of({"1Y": "+10bp"}).at(30.0) == parse_shift("+10bp")


@pytest.mark.parametrize(
    ("table", "code", "got"),
    [
        ({}, "ST307", "without tenors"),
        ({"1Y": "+10bp", "12M": "+20bp"}, "ST307", "tenors 1Y and 12M"),
        ({"1Y": "+10bp", "2Y": "-5%"}, "ST306", "+10bp at 1Y is in points, -5% at 2Y is relative"),
        ({"1Y": "=4%", "2Y": "+5bp"}, "ST306", "=4% at 1Y is a level, +5bp at 2Y is in points"),
        ({"1Q": "+10bp"}, "ST160", "1Q"),
        ({"1Y": "10"}, "ST158", "10"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(table: dict[str, str], code: str, got: str) -> None:
    with pytest.raises(QuantityError) as error:
        TenorTable.of(table)
    assert error.value.code == code
    assert got in error.value.got
