"""Field types of specs: what a number, a percentage, a date, a currency, a name or a tenor looks like.

Specs derive from `Spec`; a field's docstring is its description in messages and in the JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, Strict, WithJsonSchema

from stresstest.io.cells import TextCell, spec_from_cells
from stresstest.quantity import (
    QuantityError,
    Tenor,
    as_finite,
    parse_number,
    parse_percentage,
    parse_tenor,
    quoted,
    shown,
)

__all__ = [
    "Currency",
    "Date",
    "Identifier",
    "Items",
    "Name",
    "Number",
    "Percentage",
    "PositiveNumber",
    "Spec",
    "TenorField",
    "TextCell",
    "read_currency",
    "read_date",
    "read_identifier",
    "read_name",
    "read_number",
    "spec_from_cells",
]

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]?([0-9]{1,2})[-/.]?([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_CURRENCY = re.compile(r"[A-Z]{3}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LONGEST_IDENTIFIER = 64

ItemT = TypeVar("ItemT")


class Spec(BaseModel):
    """Base of everything that users write: strict types, no unknown field, immutable.

    Attributes
    ----------
    shorthand
        Field that a single value in place of the mapping is likely meant for: messages suggest it.
    other_words
        Words that people use for a field, and the field: messages suggest it.
    examples
        Of the values of a field, for the schema and so for editors.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    shorthand: ClassVar[str] = ""
    other_words: ClassVar[Mapping[str, str]] = {}
    examples: ClassVar[Mapping[str, Sequence[object]]] = {}

    def doubts(self) -> tuple[str, ...]:
        """Return what is possible and yet unusual about the terms together, in words for a notice."""
        return ()


def read_number(value: object) -> float:
    """Return a finite number; text and booleans are refused even when they look like one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        expected, suggestion = "a number", ""
        if isinstance(value, str):
            try:
                parse_number(value)
                expected = "a number without quotes"
            except QuantityError as error:
                suggestion = error.suggestion
        raise QuantityError("ST152", shown(value), expected, suggestion)
    return as_finite(value)


def read_date(value: object) -> date:
    """Return a date from a date or from ISO text; other spellings are refused with the one that is meant."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise QuantityError("ST156", shown(value), "a day that exists") from None
    suggestion = _iso_spelling(text) if isinstance(text, str) else ""
    raise QuantityError("ST156", shown(value), "an ISO date like 2026-01-16", suggestion)


def _iso_spelling(text: str) -> str:
    """Return the ISO date that `text` can only mean, or nothing (05-06-2026 may be May or June)."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _YEAR_LAST.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
        if month > 12:
            day, month = month, day
        elif day <= 12 and day != month:
            return ""
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def read_currency(value: object) -> str:
    """Return a currency code of three capital letters."""
    if isinstance(value, str) and _CURRENCY.fullmatch(value):
        return value
    upper = value.strip().upper() if isinstance(value, str) else ""
    suggestion = upper if _CURRENCY.fullmatch(upper) else ""
    raise QuantityError("ST162", shown(value), "a currency of three capital letters, like USD", suggestion)


def read_name(value: object) -> str:
    """Return a snake_case name: a letter, then at most 63 letters, digits and underscores, all lower-case."""
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    snake = re.sub(r"[\s.-]+", "_", value.strip().lower()) if isinstance(value, str) else ""
    suggestion = snake if _NAME.fullmatch(snake) else ""
    raise QuantityError("ST163", shown(value), "a snake_case name of at most 64 characters", suggestion)


def read_identifier(value: object) -> str:
    """Return the name of an issuer or a position: text of 1 to 64 printable characters without `/`."""
    expected = f"text of 1 to {_LONGEST_IDENTIFIER} printable characters without /"
    if not isinstance(value, str):
        suggestion = quoted(value) if isinstance(value, bool | int | float | date) else ""
        raise QuantityError("ST152", shown(value), expected, suggestion)
    if (
        0 < len(value) <= _LONGEST_IDENTIFIER
        and value.isprintable()
        and value == value.strip()
        and "/" not in value
    ):
        return value
    tidy = "".join(c for c in value if c.isprintable()).strip().replace("/", "-")
    suggestion = tidy if 0 < len(tidy) <= _LONGEST_IDENTIFIER else ""
    raise QuantityError("ST164", shown(value), expected, suggestion)


def _schema(pattern: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, **more})


Number: TypeAlias = Annotated[float, BeforeValidator(read_number)]
"""Finite number; text and booleans are refused."""

PositiveNumber: TypeAlias = Annotated[float, BeforeValidator(read_number), Field(gt=0)]
"""Finite number above 0."""

Percentage: TypeAlias = Annotated[
    float, PlainValidator(parse_percentage), TextCell(), _schema(r"^[+-]?[0-9_.eE+-]+%$", examples=["9.25%"])
]
"""Decimal from `9.25%`; a bare number is refused."""

Date: TypeAlias = Annotated[
    date, PlainValidator(read_date), TextCell(), WithJsonSchema({"type": "string", "format": "date"})
]
"""ISO date without time."""

Currency: TypeAlias = Annotated[str, PlainValidator(read_currency), _schema("^[A-Z]{3}$")]
"""Three capital letters."""

Name: TypeAlias = Annotated[str, PlainValidator(read_name), _schema("^[a-z][a-z0-9_]{0,63}$")]
"""snake_case name, as files have."""

Identifier: TypeAlias = Annotated[
    str, PlainValidator(read_identifier), _schema("^[^/]+$", minLength=1, maxLength=_LONGEST_IDENTIFIER)
]
"""Name of an issuer or a position."""

TenorField: TypeAlias = Annotated[
    Tenor, PlainValidator(parse_tenor), TextCell(), _schema("^[1-9][0-9]*[DWMY]$", examples=["5Y"])
]
"""`Tenor` from `10D`, `2W`, `1M`, `5Y`."""

Items: TypeAlias = Annotated[tuple[ItemT, ...], Strict(strict=False)]
"""Immutable list of a type: `Items[Number]` takes a document's list and keeps a tuple."""
