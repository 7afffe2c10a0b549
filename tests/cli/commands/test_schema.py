from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.cli.runner import ROOT, run

from stresstest.catalog import instrument_types


@pytest.mark.parametrize(
    "kind", ["portfolio", "scenario", "market", "result", "hedge", "network_show", "reverse", "sweep"]
)
def test_the_schema_is_the_one_that_shipped_files_name(kind: str) -> None:
    code, out, _ = run("schema", kind)
    assert code == 0
    assert json.loads(out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert out == (ROOT / "docs" / "schemas" / f"{kind}.json").read_text(encoding="utf-8"), "make schemas"


def test_the_portfolio_schema_knows_every_instrument_type_and_its_fields() -> None:
    schema = json.loads(run("schema", "portfolio").out)
    members = schema["properties"]["positions"]["anyOf"][0]["items"]["discriminator"]["mapping"]
    assert set(members) == set(instrument_types())
    for tag, type_ in instrument_types().items():
        fields = schema["$defs"][members[tag].rpartition("/")[2]]["properties"]
        assert {"id", "type", "quantity", "weight", *type_.spec.model_fields} <= set(fields)
        assert all(field.get("description") or "$ref" in field for field in fields.values())


_SHOWS = ("enum", "const", "examples", "$ref", "boolean", '"format": "date"')


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, definition in {"file": schema, **schema["$defs"]}.items():
        for field, described in definition.get("properties", {}).items():
            yield f"{name}.{field}", described


@pytest.mark.parametrize("kind", ["scenario", "scenario_set"])
def test_every_field_of_a_scenario_is_described_and_shows_a_value(kind: str) -> None:
    found = dict(properties(json.loads(run("schema", kind).out)))
    assert len(found) > 20
    for name, described in found.items():
        assert described.get("description"), name
        assert any(word in json.dumps(described) for word in _SHOWS), name
