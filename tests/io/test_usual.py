"""Marks of what terms usually are: what leaves them is named, nested terms included."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import pytest

from stresstest.io.fields import Date, Items, Number, Percentage, Spec
from stresstest.io.usual import Usual, UsualTerm, doubts

TODAY = date(2025, 10, 3)


class Part(Spec):
    size: Annotated[Number, Usual(1.5, 200.0)]


class Terms(Spec):
    rate: Annotated[Percentage, Usual(-0.02, 0.2)]
    premium: Annotated[Percentage, Usual(high=0.1)] | None = None
    end: Annotated[Date, UsualTerm(10)] | None = None
    parts: Items[Part] = ()

    def doubts(self) -> tuple[str, ...]:
        return ("more parts than one",) if len(self.parts) > 1 else ()


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"rate": "20%"}, []),
        ({"rate": "25%"}, ["rate 25%, usually at most 20%"]),
        ({"rate": "-3%"}, ["rate -3%, usually at least -2%"]),
        ({"rate": "1%", "premium": "11%"}, ["premium 11%, usually at most 10%"]),
        ({"rate": "1%", "end": date(2035, 10, 2)}, []),
        ({"rate": "1%", "end": date(2046, 3, 1)}, ["end 2046-03-01, usually within 10 years"]),
        ({"rate": "1%", "parts": [{"size": 201}]}, ["parts: size 201, usually at most 200"]),
        ({"rate": "1%", "parts": [{"size": 2}, {"size": 2}]}, ["more parts than one"]),
    ],
)
def test_what_is_unusual_is_named(fields, found):
    assert list(doubts(Terms.model_validate(fields), TODAY)) == found
