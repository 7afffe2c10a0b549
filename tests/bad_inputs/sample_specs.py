"""A small portfolio model with every field type, for the cases whose name begins with `field_`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from stresstest.io.fields import (
    Currency,
    Date,
    Identifier,
    Items,
    Name,
    Number,
    Percentage,
    PositiveNumber,
    Spec,
    TenorField,
)
from stresstest.quantity import Shift, parse_shift


class Option(Spec):
    type: Literal["option"]
    id: Identifier
    """Name of the position, unique in the portfolio. More follows."""
    strike: PositiveNumber
    """Strike price in the currency of the underlying."""
    expiry: Date
    """Last day on which the option can be exercised."""
    right: Literal["call", "put"]
    """What the holder may do."""
    quantity: Number
    """Contracts held, negative when written."""
    frequency: Literal[1, 2, 4] = 2


class Bond(Spec):
    type: Literal["bond"]
    id: Identifier
    coupon: Percentage
    """Annual coupon."""
    quantity: Number
    """Face held."""


class Portfolio(Spec):
    name: Name
    """Name of the portfolio, as its file is called."""
    currency: Currency
    """Currency of its values."""
    positions: Items[Annotated[Option | Bond, Field(discriminator="type")]]
    """What is held."""
    shifts: dict[str, Annotated[Shift, PlainValidator(parse_shift)]] = Field(default_factory=dict)
    tenors: Items[TenorField] = ()
