"""The field type of prices per 100 of face, which tells them from fractions of face."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema

from stresstest.io.fields import read_number
from stresstest.quantity import QuantityError, shown

LOWEST_PRICE = 2.0
"""Price per 100 below which a fraction of face is taken to be meant: claims in liquidation trade at more."""

_LARGEST_FRACTION = 1.5
"""Fraction of face that is a price for which its hundredfold is suggested."""


def read_price(value: object) -> float:
    """Return a price per 100 of face; one below `LOWEST_PRICE` is refused: `0.995` is `99.5`."""
    number = read_number(value)
    if number >= LOWEST_PRICE:
        return number
    close = f"{100.0 * number:.10g}" if 0.0 < number <= _LARGEST_FRACTION else ""
    expected = f"a price per 100 of face, at least {LOWEST_PRICE:g}"
    raise QuantityError("ST153", shown(value), expected, close)


PricePer100: TypeAlias = Annotated[
    float, BeforeValidator(read_price), WithJsonSchema({"type": "number", "minimum": LOWEST_PRICE})
]
"""Price per 100 of face, like `99.5`."""
