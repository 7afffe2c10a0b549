"""Contract terms that are accepted and refused."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from stresstest.instruments.american_option import INSTRUMENT_TYPE
from stresstest.instruments.american_option.spec import AmericanOptionSpec
from stresstest.io.field_docs import add_descriptions

TERMS = {"underlying": "NVDA", "right": "put", "strike": 160, "expiry": date(2026, 6, 18)}
DIVIDENDS = [{"date": date(2025, 11, 14), "amount": 0.99}, {"date": date(2026, 2, 12), "amount": 0.99}]


def test_defaults() -> None:
    spec = AmericanOptionSpec(**TERMS)
    assert (spec.multiplier, spec.curve, spec.strike, spec.dividends) == (1.0, None, 160.0, ())
    assert spec == AmericanOptionSpec(**TERMS)
    assert hash(spec) == hash(AmericanOptionSpec(**TERMS))


def test_dividends_are_read_in_order() -> None:
    spec = AmericanOptionSpec(**TERMS, dividends=DIVIDENDS)
    assert [item.amount for item in spec.dividends] == [0.99, 0.99]
    assert hash(spec)


@pytest.mark.parametrize(
    "change",
    [
        {"right": "straddle"},
        {"strike": 0.0},
        {"strike": True},
        {"expiry": "2026/01/16"},
        {"multiplier": 0},
        {"underlying": ""},
        {"dividends": DIVIDENDS[::-1]},
        {"dividends": [DIVIDENDS[0], DIVIDENDS[0]]},
        {"dividends": [{"date": date(2025, 11, 14), "amount": 0.0}]},
        {"dividends": [{"date": date(2025, 11, 14)}]},
        {"dividends": [{"date": date(2025, 11, 14), "amount": 1.0, "kind": "special"}]},
        {"style": "european"},
    ],
)
def test_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        AmericanOptionSpec(**{**TERMS, **change})


def test_every_field_is_documented() -> None:
    assert INSTRUMENT_TYPE.spec is AmericanOptionSpec
    add_descriptions(AmericanOptionSpec)
    assert all(field.description for field in AmericanOptionSpec.model_fields.values())
