"""Amounts of money as people write them: `4_560bn USD`, `350m EUR`, `1_250 USD`."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple, TypeAlias

from pydantic import PlainValidator, WithJsonSchema

from stresstest.io.cells import TextCell
from stresstest.quantity import QuantityError, parse_number, shown

_FORM = re.compile(r"([+-]?[0-9][0-9_,.eE+-]*) ?(k|m|bn|tn)? ([A-Z]{3})")
_SIZES = {None: 1.0, "k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}
_WORDS = {
    "k": "k", "thousand": "k",
    "m": "m", "mn": "m", "mm": "m", "mio": "m", "million": "m", "millions": "m",
    "b": "bn", "bn": "bn", "mrd": "bn", "billion": "bn", "billions": "bn",
    "t": "tn", "tn": "tn", "trillion": "tn",
}  # fmt: skip
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_OTHERWISE = re.compile(
    rf"([{''.join(_SIGNS)}])? ?([+-]?[0-9][0-9_.]*) ?({'|'.join(_WORDS)})? ?([A-Za-z]{{3}})?", re.IGNORECASE
)
_CODE = 3
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
        raise QuantityError("ST155", shown(value), _EXPECTED, _meant(value) if isinstance(value, str) else "")
    number, size, currency = found.groups()
    return Money(parse_number(number) * _SIZES[size], currency)


def money_text(amount: float) -> str:
    """Return an amount as people write it, without its currency.

    Examples
    --------
    >>> money_text(4.56e12), money_text(2.5e9), money_text(120.0)
    ('4.56tn', '2.5bn', '120')
    """
    word = next((word for word in ("tn", "bn", "m", "k") if abs(amount) >= _SIZES[word]), None)
    return f"{amount / _SIZES[word]:.6g}{word or ''}"


def _meant(text: str) -> str:
    """Return what a text in other words for sizes and currencies likely means, or nothing."""
    found = _OTHERWISE.fullmatch(text.strip())
    if found is None:
        return ""
    sign, number, size, currency = found.groups()
    code = _SIGNS.get(sign, "") if sign else (currency or "").upper()
    if len(code) != _CODE or (sign and currency and currency.upper() != code):
        return ""
    return f"{number}{_WORDS.get(size.lower(), '') if size else ''} {code}"


MoneyField: TypeAlias = Annotated[
    Money,
    PlainValidator(read_money),
    TextCell(),
    WithJsonSchema({"type": "string", "pattern": _PATTERN, "examples": ["4_560bn USD", "350m USD"]}),
]
"""`Money` from `4_560bn USD`."""
