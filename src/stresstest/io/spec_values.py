"""Contract terms and other specs back as the values that a document writes for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, TypeAlias, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stresstest.io.cells import TextCell
from stresstest.io.model_fields import written_name
from stresstest.quantity import Tenor

Values: TypeAlias = dict[str, Any]

_LONGEST_EXACT = 2.0**53


def spec_values(spec: BaseModel) -> Values:
    """Return contract terms as a document writes them, those at their defaults left out."""
    fields = type(spec).model_fields
    return {
        written_name(name, field): _written(getattr(spec, name), as_text=_is_text(field))
        for name, field in fields.items()
        if getattr(spec, name) is not None and getattr(spec, name) != field.get_default()
    }


def percentage_text(value: float) -> str:
    """Return a decimal as a percentage that reads back as the same double.

    Examples
    --------
    >>> percentage_text(0.0925), percentage_text(-0.1), percentage_text(1e-7)
    ('9.25%', '-10%', '0.00001%')
    """
    text = f"{Decimal(repr(value)) * 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def _is_text(field: FieldInfo) -> bool:
    """Tell whether documents write the field as text with a unit, like `9.25%`."""
    return any(isinstance(item, TextCell) for item in field.metadata) or any(
        isinstance(item, TextCell) for item in _metadata(field.annotation)
    )


def _metadata(annotation: Any) -> Iterator[Any]:
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        yield from arguments[1:]
    for argument in arguments:
        yield from _metadata(argument)


def _written(value: Any, *, as_text: bool) -> Any:
    if isinstance(value, BaseModel):
        return spec_values(value)
    if isinstance(value, Mapping):
        return {_key(key): _written(item, as_text=as_text) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_written(item, as_text=as_text) for item in value]
    if isinstance(value, float):
        return percentage_text(value) if as_text else plain_number(value)
    return _key(value)


def _key(value: Any) -> Any:
    if isinstance(value, Tenor):
        return value.text
    if isinstance(value, Enum):
        return value.value
    return value


def plain_number(value: float) -> int | float:
    """Return a whole number as an integer: nobody writes `100.0` shares."""
    return int(value) if value.is_integer() and abs(value) < _LONGEST_EXACT else value
