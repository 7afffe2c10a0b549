from __future__ import annotations

import json
import re

import pytest

from stresstest.io.field_docs import add_descriptions
from stresstest.scenarios.basis_spec import BasisSpec
from stresstest.scenarios.directory import ATTRIBUTES
from stresstest.scenarios.scenario import COMBINATIONS
from stresstest.scenarios.select_spec import SelectSpec
from stresstest.scenarios.spec import ScenarioSpec, ShockSpec

SCHEMA = ScenarioSpec.model_json_schema()


def test_a_selector_has_the_attributes_of_the_directory_in_their_order() -> None:
    assert tuple(SelectSpec.model_fields) == ATTRIBUTES


def test_the_ways_to_combine_are_one_list() -> None:
    assert tuple(SCHEMA["properties"]["combine"]["enum"]) == COMBINATIONS


@pytest.mark.parametrize("model", [ScenarioSpec, ShockSpec, SelectSpec, BasisSpec])
def test_every_field_is_described(model: type[ScenarioSpec]) -> None:
    add_descriptions(model)
    for name, field in model.model_fields.items():
        assert field.description, name


def test_the_schema_is_plain_json_and_knows_what_is_mandatory() -> None:
    json.dumps(SCHEMA, allow_nan=False)
    assert SCHEMA["required"] == ["version", "name", "horizon"]
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["$defs"]["ShockSpec"]["required"] == ["select", "factor", "shift"]
    assert SCHEMA["$defs"]["BasisSpec"]["required"] == ["class"]


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("-60%", True),
        ("+150bp", True),
        ("+1_500bp", True),
        ("x0.4", True),
        ("=120", True),
        ("=-25bp", True),
        ("=4.5%", True),
        ("0%", True),
        ("0", False),
        ("-60", False),
        ("60%", False),
        ("x0.4%", False),
        ("=1abs", False),
    ],
)
def test_the_pattern_of_a_shift_is_that_of_the_reader(text: str, matches: bool) -> None:
    shift = SCHEMA["$defs"]["ShockSpec"]["properties"]["shift"]
    patterns = [part["pattern"] for part in shift["oneOf"] if "pattern" in part]
    assert len(patterns) == 1
    assert bool(re.search(patterns[0], text)) is matches


@pytest.mark.parametrize(
    ("definition", "field"), [("SelectSpec", "theme"), ("SelectSpec", "tenor"), ("ShockSpec", "source")]
)
def test_the_schema_takes_one_value_as_well_as_a_list(definition: str, field: str) -> None:
    schema = SCHEMA["$defs"][definition]["properties"][field]
    forms = {form["type"]: form for form in schema["anyOf"]}
    assert forms["string"]["minLength"] == 1
    assert forms["array"]["items"]["type"] == "string"
