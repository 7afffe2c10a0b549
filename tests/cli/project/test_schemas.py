"""Schemas of a new project offer the words of its market, and still take any other."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from stresstest.cli.project.schemas import project_schemas
from stresstest.market.loading import load_market


@cache
def schemas() -> dict[str, Any]:
    return {kind: json.loads(text) for kind, text in project_schemas(load_market(["2025-10-03"])).items()}


@pytest.mark.parametrize(
    ("kind", "definition", "field", "word"),
    [
        ("scenario", "SelectSpec", "theme", "ai_accelerators"),
        ("scenario", "SelectSpec", "sector", "information_technology"),
        ("scenario", "SelectSpec", "issuer", "NVDA"),
        ("scenario", "SelectSpec", "curve", "USD_SOFR"),
        ("scenario", "SelectSpec", "tenor", "10Y"),
        ("scenario", "PropagateSpec", "regime", "stressed"),
        ("scenario", "IncludeSpec", "scenario", "time_bomb"),
        ("scenario_set", "MemberSpec", "scenario", "time_bomb"),
        ("scenario_set", "SampleSpec", "regime", "calm"),
    ],
)
def test_fields_offer_the_words_that_exist(kind: str, definition: str, field: str, word: str) -> None:
    described = schemas()[kind]["$defs"][definition]["properties"][field]
    offered, *others = described["anyOf"]
    assert word in offered["enum"]
    assert any(form.get("type") == "string" for form in others)
    assert described["description"]
    for form in others:
        if form.get("type") == "array":
            assert word in form["items"]["anyOf"][0]["enum"]


def test_the_kinds_of_factors_are_offered() -> None:
    factor = schemas()["scenario"]["$defs"]["ShockSpec"]["properties"]["factor"]
    assert {"spot", "zero_rate", "credit_spread", "implied_vol"} <= set(factor["anyOf"][0]["enum"])
