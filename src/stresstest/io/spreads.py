"""The field type of spreads and margins over a rate: `350bp` or `3.5%`."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema

from stresstest.io.fields import TextCell
from stresstest.quantity import QuantityError, parse_level, parse_percentage


def read_spread(value: object) -> float:
    """Return a spread from `350bp` or `3.5%`; a bare number is refused."""
    try:
        return (
            parse_level(value) if isinstance(value, str) and value.endswith("bp") else parse_percentage(value)
        )
    except QuantityError as error:
        raise QuantityError(error.code, error.got, "a spread like 350bp or 3.5%", error.suggestion) from None


Spread: TypeAlias = Annotated[
    float,
    PlainValidator(read_spread),
    TextCell(),
    WithJsonSchema(
        {"type": "string", "pattern": r"^[+-]?[0-9_.eE+-]+(%|bp)$", "examples": ["350bp", "3.5%"]}
    ),
    Field(ge=-1.0, le=100.0),
]
"""Decimal from `350bp` or `3.5%`."""
