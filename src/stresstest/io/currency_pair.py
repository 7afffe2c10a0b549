"""Field type of a currency pair: `EURUSD` is the price of one EUR in USD."""

from __future__ import annotations

import re
from typing import Annotated, TypeAlias

from pydantic import PlainValidator, WithJsonSchema

from stresstest.quantity import QuantityError, shown

_PAIR = re.compile(r"[A-Z]{6}")


def read_pair(value: object) -> str:
    """Return a pair of two currency codes; a slash or lower case is refused with the spelling meant."""
    if isinstance(value, str) and _PAIR.fullmatch(value):
        return value
    letters = re.sub(r"[^A-Za-z]", "", value).upper() if isinstance(value, str) else ""
    suggestion = letters if _PAIR.fullmatch(letters) else ""
    raise QuantityError("ST162", shown(value), "a pair of two currencies, like EURUSD", suggestion)


CurrencyPair: TypeAlias = Annotated[
    str,
    PlainValidator(read_pair),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{6}$", "examples": ["EURUSD"]}),
]
"""Six capital letters: base currency, then the currency that its price is in."""
