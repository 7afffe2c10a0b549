"""Schemas of a new project: with the words of its market, so that an editor completes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from stresstest.cli.files.schemas import schema_text
from stresstest.io.resources import names
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.directory import ATTRIBUTES, FactorDirectory

_Words = Mapping[tuple[str, str], Sequence[str]]
"""Values by definition and field of a schema."""


def project_schemas(market: MarketSnapshot) -> dict[str, str]:
    """Return the schemas of portfolio, scenario and set by kind, with the words that `market` knows."""
    model = market.factor_model
    regimes = [] if model is None else list(model.regimes)
    library = [name for name, _ in names("shocks")]
    directory = FactorDirectory(market)
    known = {("SelectSpec", attribute): _values(directory, attribute) for attribute in ATTRIBUTES}
    scenario = {**known, ("IncludeSpec", "scenario"): library, ("PropagateSpec", "regime"): regimes}
    members = {
        ("MemberSpec", "scenario"): library,
        ("MemberSpec", "regime"): regimes,
        ("SampleSpec", "regime"): regimes,
    }
    return {
        "portfolio": schema_text("portfolio"),
        "scenario": _with_words(schema_text("scenario"), scenario),
        "scenario_set": _with_words(schema_text("scenario_set"), members),
    }


def _values(directory: FactorDirectory, attribute: str) -> list[str]:
    found = {value for kind in directory.kinds for value in directory.of_kind(kind).values(attribute)}
    return sorted(value for value in found if "#" not in value)


def _with_words(text: str, words: _Words) -> str:
    """Return a schema in which fields offer values, and still take others."""
    schema: dict[str, Any] = json.loads(text)
    for (definition, field), values in words.items():
        if values:
            described = schema["$defs"][definition]["properties"][field]
            forms = described.pop("anyOf", None) or [_own_form(described)]
            described["anyOf"] = [{"enum": list(values)}, *(_offering(form, values) for form in forms)]
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _own_form(described: dict[str, Any]) -> dict[str, Any]:
    """Take the type of a field, and what limits it, out of its description."""
    limits = ("type", "minLength", "maxLength", "pattern")
    return {key: described.pop(key) for key in limits if key in described}


def _offering(form: dict[str, Any], values: Sequence[str]) -> dict[str, Any]:
    """Return a form of a field; the entries of a list offer the values too."""
    if form.get("type") != "array":
        return form
    return {**form, "items": {"anyOf": [{"enum": list(values)}, form["items"]]}}
