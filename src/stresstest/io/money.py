"""Amounts of money as people write them: `4_560bn USD`, `350m EUR`, `1_250 USD`."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple, TypeAlias

from pydantic import PlainValidator, WithJsonSchema

from stresstest.io.cells import TextCell
from stresstest.quantity import QuantityError, parse_number, shown

_FORM = re.compile(r"([+-]?[0-9][0-9_,.eE+-]*) ?(k|m|bn|tn)? ([A-Z]{3})")
_SIZES = {None: 1.0, "k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}
_EXPECTED = "an amount with its currency, like 4.5bn USD"
_PATTERN = r"^[+-]?[0-9][0-9_.eE+-]* ?(k|m|bn|tn)? [A-Z]{3}$"


class Money(NamedTuple):
    """An amount in units of a currency."""

    amount: float
    currency: str


def read_money(value: object) -> Money:
    """Return an amount with its currency; `k`, `m`, `bn`, `tn` stand for thousands to trillions.

    Raises
    ------
    QuantityError
        ST155 for anything else; a number without a currency is refused.

    Examples
    --------
    >>> read_money("4_560bn USD")
    Money(amount=4560000000000.0, currency='USD')
    """
    if isinstance(value, Money):
        return value
    found = _FORM.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise QuantityError("ST155", shown(value), _EXPECTED)
    number, size, currency = found.groups()
    return Money(parse_number(number) * _SIZES[size], currency)


MoneyField: TypeAlias = Annotated[
    Money,
    PlainValidator(read_money),
    TextCell(),
    WithJsonSchema({"type": "string", "pattern": _PATTERN, "examples": ["4_560bn USD", "350m USD"]}),
]
"""`Money` from `4_560bn USD`."""
