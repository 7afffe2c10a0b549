"""What a term of a contract usually is: a term beyond it is possible, and more often a slip of units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import inf
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from stresstest.io.fields import Spec

_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Usual:
    """Marks a number of a spec with the bounds that contracts rarely leave; a notice names what does.

    Attributes
    ----------
    low, high
        Decimals for percentages and spreads.
    """

    low: float = -inf
    high: float = inf

    def doubt(self, name: str, value: float) -> str:
        """Return what to say of `value`, or nothing where it is usual."""
        if self.low <= value <= self.high:
            return ""
        side, bound = ("least", self.low) if value < self.low else ("most", self.high)
        return f"{name} {_shown(value, bound)}, usually at {side} {_shown(bound, bound)}"


@dataclass(frozen=True, slots=True)
class UsualTerm:
    """Marks a date of a spec with the years after the market's date that contracts rarely last."""

    years: float

    def doubt(self, name: str, value: date, today: date) -> str:
        """Return what to say of a day, or nothing where it is usual."""
        if (value - today).days <= self.years * _DAYS_PER_YEAR:
            return ""
        return f"{name} {value}, usually within {self.years:g} years"


def _shown(value: float, bound: float) -> str:
    """Return a number as it is written: in per cent where its usual bound is a fraction."""
    return f"{100.0 * value:g}%" if abs(bound) <= 1.0 else f"{value:g}"


def doubts(spec: BaseModel, today: date) -> Iterator[str]:
    """Yield in words what is unusual about the terms of `spec`, nested ones included.

    Parameters
    ----------
    today
        Date of the market, which terms count from.
    """
    for name, mark in _marks(type(spec)):
        value = getattr(spec, name)
        if value is None:
            continue
        found = mark.doubt(name, value) if isinstance(mark, Usual) else mark.doubt(name, value, today)
        if found:
            yield found
    for name in _nested(type(spec)):
        value = getattr(spec, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, BaseModel):
                yield from (f"{name}: {found}" for found in doubts(part, today))
    if isinstance(spec, Spec):
        yield from spec.doubts()


@cache
def _marks(model: type[BaseModel]) -> tuple[tuple[str, Usual | UsualTerm], ...]:
    return tuple(
        (name, mark)
        for name, field in model.model_fields.items()
        for mark in (*field.metadata, *_inner(field.annotation))
        if isinstance(mark, Usual | UsualTerm)
    )


def _inner(annotation: Any) -> Iterator[Any]:
    """Yield the metadata inside an annotation, as in `Annotated[float, mark] | None`."""
    if get_origin(annotation) is Annotated:
        yield from get_args(annotation)[1:]
    for part in get_args(annotation):
        yield from _inner(part)


@cache
def _nested(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields that hold specs of their own."""
    return tuple(name for name, field in model.model_fields.items() if _holds_model(field.annotation))


def _holds_model(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_holds_model(part) for part in get_args(annotation))
