"""JSON Schemas: they say what the models take, with the documentation of each field."""

from __future__ import annotations

import json
import re

from tests.bad_inputs.sample_specs import Portfolio

from stresstest.io.fields import Percentage, Spec, TenorField
from stresstest.io.schemas import json_schema, json_schema_text


def test_schema_of_a_portfolio() -> None:
    schema = json_schema(Portfolio, "Portfolio")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "Portfolio"
    assert schema["required"] == ["name", "currency", "positions"]
    assert schema["additionalProperties"] is False
    option = schema["$defs"]["Option"]
    assert option["properties"]["strike"]["description"] == "Strike price in the currency of the underlying."
    assert option["properties"]["strike"]["type"] == "number"
    assert option["properties"]["expiry"] == {
        "description": "Last day on which the option can be exercised.",
        "format": "date",
        "type": "string",
    }
    assert option["properties"]["right"]["enum"] == ["call", "put"]


def test_text_is_json_with_a_last_line_end() -> None:
    text = json_schema_text(Portfolio, "Portfolio")
    assert json.loads(text) == json_schema(Portfolio, "Portfolio")
    assert text.endswith("}\n")


def test_a_field_may_be_called_title() -> None:
    class Titled(Spec):
        title: str
        """Heading."""

    schema = json_schema(Titled, "Titled")
    assert schema["properties"] == {"title": {"description": "Heading.", "type": "string"}}
    assert schema["title"] == "Titled"


def test_patterns_take_what_the_fields_take() -> None:
    class Patterns(Spec):
        percentage: Percentage
        tenor: TenorField

    properties = json_schema(Patterns, "Patterns")["properties"]
    assert re.search(properties["percentage"]["pattern"], "-9.25%")
    assert not re.search(properties["percentage"]["pattern"], "9.25")
    assert re.search(properties["tenor"]["pattern"], "18M")
    assert not re.search(properties["tenor"]["pattern"], "18m")
