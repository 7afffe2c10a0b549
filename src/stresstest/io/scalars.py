"""What a plain YAML scalar means: YAML 1.2's core schema without guesses.

Only `true` and `false` are booleans; `null`, `~` and nothing are null; `no`, `12:30`, `010`, `0x1F` are text;
a number may carry underscores between digits; an ISO date is a date.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TypeAlias

from stresstest.errors import Problem
from stresstest.quantity import UNSIGNED_NUMBER, QuantityError, parse_number

Scalar: TypeAlias = str | bool | int | float | date | None

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_NUMBER = re.compile(rf"[+-]?{UNSIGNED_NUMBER}")
_INTEGER = re.compile(r"[+-]?[0-9_]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_FINITE = re.compile(r"[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_NUMBER_STARTS = frozenset("+-.0123456789")
_MOST_INTEGER_DIGITS = 308


def plain_scalar(text: str) -> Scalar | Problem:
    """Return the value of a plain (unquoted) scalar, or the problem with it.

    Examples
    --------
    >>> plain_scalar("40_000"), plain_scalar("no"), plain_scalar("010"), plain_scalar("1e-4")
    (40000, 'no', '010', 0.0001)
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _NUMBER.fullmatch(text):
        return _number(text)
    if _DATE.fullmatch(text):
        return _date(text)
    if _NOT_FINITE.fullmatch(text):
        return Problem("ST121", f"number {text}", "a finite number")
    return text


def _number(text: str) -> int | float | Problem:
    if _INTEGER.fullmatch(text) and len(text) <= _MOST_INTEGER_DIGITS:
        return int(text)
    try:
        return parse_number(text)
    except QuantityError as error:
        return error.problem()


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:  # no such day: stays text, and the field that wants a date says so
        return text
