"""Prices per 100 of face: fractions of face are refused with their hundredfold."""

from __future__ import annotations

import pytest

from stresstest.io.prices import LOWEST_PRICE, read_price
from stresstest.quantity import QuantityError


@pytest.mark.parametrize("price", [LOWEST_PRICE, 8, 99.5, 187.25])
def test_a_price_is_read(price):
    assert read_price(price) == price


@pytest.mark.parametrize(
    ("price", "close"),
    [(0.995, "99.5"), (1.0, "100"), (1.02, "102"), (0.07, "7"), (1.9, ""), (0, ""), (-1, "")],
)
def test_a_fraction_of_face_is_refused(price, close):
    with pytest.raises(QuantityError) as error:
        read_price(price)
    assert (error.value.code, error.value.suggestion) == ("ST153", close)


def test_text_is_no_price():
    with pytest.raises(QuantityError, match="without quotes"):
        read_price("99.5")
