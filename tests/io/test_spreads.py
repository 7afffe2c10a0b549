"""Spreads and margins: units are stated, and what no contract pays is refused with what is meant."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from stresstest.io.spreads import Fee, Margin, SignedMargin, Spread, read_spread
from stresstest.quantity import QuantityError


@pytest.mark.parametrize(
    ("text", "value"), [("350bp", 0.035), ("3.5%", 0.035), ("-10bp", -0.001), ("9000bp", 0.9)]
)
def test_a_spread_has_its_unit(text, value):
    assert read_spread(text) == value


@pytest.mark.parametrize(
    ("value", "close"),
    [
        (85, "85bp"),
        (50, "50bp"),
        (6, "6%"),
        (19.5, "19.5%"),
        (20, "20bp"),
        (0.06, "6%"),
        ("85", "85bp"),
        ("x", ""),
    ],
)
def test_a_number_without_unit_is_likely_points_where_it_is_large(value, close):
    with pytest.raises(QuantityError) as error:
        read_spread(value)
    assert error.value.suggestion == close


@pytest.mark.parametrize(
    ("kind", "text", "close"),
    [
        (Margin, "85%", "did you mean '85bp'"),
        (Margin, "-1bp", "0% to 30%"),
        (SignedMargin, "-85%", "did you mean '-85bp'"),
        (SignedMargin, "9000bp", "-30% to 30%"),
        (Fee, "50%", "did you mean '50bp'"),
        (Fee, "1001bp", "0% to 10%"),
    ],
)
def test_what_no_contract_pays_is_refused(kind, text, close):
    with pytest.raises(ValidationError) as error:
        TypeAdapter(kind).validate_python(text)
    assert close in str(error.value)


def test_points_are_not_taken_for_other_points():
    with pytest.raises(ValidationError) as error:
        TypeAdapter(Margin).validate_python("9000bp")
    assert "did you mean" not in str(error.value)


@pytest.mark.parametrize(
    ("kind", "text"), [(Margin, "30%"), (SignedMargin, "-30%"), (Fee, "10%"), (Spread, "90%")]
)
def test_bounds_belong_to_what_is_allowed(kind, text):
    assert TypeAdapter(kind).validate_python(text) == float(text[:-1]) / 100.0
