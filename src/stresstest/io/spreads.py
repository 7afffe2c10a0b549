"""The field types of spreads and margins over a rate: `350bp` or `3.5%`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema

from stresstest.io.fields import TextCell
from stresstest.quantity import QuantityError, parse_level, parse_percentage, shown

LEAST_BASIS_POINTS = 20.0
"""Size from which a number without unit is likely to count basis points: `85` is no margin of 85 %."""

_LARGEST_MARGIN = 0.3
_LARGEST_FEE = 0.1


def read_spread(value: object) -> float:
    """Return a spread from `350bp` or `3.5%`; a bare number is refused."""
    try:
        return (
            parse_level(value) if isinstance(value, str) and value.endswith("bp") else parse_percentage(value)
        )
    except QuantityError as error:
        close = _basis_points(error.suggestion)
        raise QuantityError(error.code, error.got, "a spread like 350bp or 3.5%", close) from None


def _basis_points(percentage: str) -> str:
    """Return what a suggested percentage is likely to mean: `85%` is `85bp`."""
    if not percentage.endswith("%"):
        return percentage
    number = percentage[:-1]
    return f"{number}bp" if abs(float(number)) >= LEAST_BASIS_POINTS else percentage


def _within(low: float, high: float, what: str) -> Callable[[object], float]:
    """Return a reader of spreads from `low` to `high`; `what` names them in messages."""

    def read(value: object) -> float:
        spread = read_spread(value)
        if low <= spread <= high:
            return spread
        text = str(value).strip()
        close = text[:-1] + "bp" if text.endswith("%") and low <= 0.01 * spread <= high else ""
        expected = f"{what} of {100.0 * low:g}% to {100.0 * high:g}%"
        raise QuantityError("ST153", shown(value), expected, close)

    return read


def _field(read: Callable[[object], float], *examples: str) -> tuple[Any, ...]:
    pattern = r"^[+-]?[0-9_.eE+-]+(%|bp)$"
    schema = {"type": "string", "pattern": pattern, "examples": list(examples)}
    return PlainValidator(read), TextCell(), WithJsonSchema(schema)


Spread: TypeAlias = Annotated[float, *_field(read_spread, "350bp", "3.5%"), Field(ge=-1.0, le=100.0)]
"""Decimal from `350bp` or `3.5%`."""

Margin: TypeAlias = Annotated[
    float, *_field(_within(0.0, _LARGEST_MARGIN, "a margin or premium a year"), "350bp", "3.5%")
]
"""Decimal from `350bp` or `3.5%`, 0 to 30 %: no contract pays more, and `85%` is `85bp`."""

SignedMargin: TypeAlias = Annotated[
    float, *_field(_within(-_LARGEST_MARGIN, _LARGEST_MARGIN, "a margin a year"), "85bp", "-0.1%")
]
"""The same below 0 too: what is added to a rate may be taken off."""

Fee: TypeAlias = Annotated[float, *_field(_within(0.0, _LARGEST_FEE, "a fee a year"), "50bp", "0.5%")]
"""Decimal from `50bp` or `0.5%`, 0 to 10 %."""
