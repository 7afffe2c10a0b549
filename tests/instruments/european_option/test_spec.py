"""Contract terms that are accepted and refused."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from stresstest.instruments.european_option import INSTRUMENT_TYPE
from stresstest.instruments.european_option.spec import EuropeanOptionSpec
from stresstest.io.field_docs import add_descriptions

TERMS = {"underlying": "NVDA", "right": "put", "strike": 160, "expiry": date(2026, 1, 16)}


def test_defaults() -> None:
    spec = EuropeanOptionSpec(**TERMS)
    assert (spec.multiplier, spec.curve, spec.strike) == (1.0, None, 160.0)
    assert spec == EuropeanOptionSpec(**TERMS)
    assert hash(spec) == hash(EuropeanOptionSpec(**TERMS))


@pytest.mark.parametrize(
    "change",
    [
        {"right": "straddle"},
        {"strike": 0.0},
        {"strike": -1.0},
        {"strike": "160"},
        {"strike": True},
        {"strike": float("nan")},
        {"expiry": "2026/01/16"},
        {"multiplier": 0},
        {"underlying": ""},
        {"style": "american"},
    ],
)
def test_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        EuropeanOptionSpec(**{**TERMS, **change})


def test_every_field_is_documented() -> None:
    assert INSTRUMENT_TYPE.spec is EuropeanOptionSpec
    add_descriptions(EuropeanOptionSpec)
    assert all(field.description for field in EuropeanOptionSpec.model_fields.values())
