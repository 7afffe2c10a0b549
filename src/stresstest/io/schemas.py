"""JSON Schemas from the spec models, for `stresstest schema` and for editors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from stresstest.io.field_docs import add_descriptions
from stresstest.io.fields import Spec

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    """Return the JSON Schema of the files that `model` describes, with the documentation of every field."""
    parts = [*_below(Spec), model]
    for part in parts:
        add_descriptions(part)
    for part in parts:
        part.model_rebuild(force=True)
    schema = _without_titles(model.model_json_schema(by_alias=True, mode="validation"))
    _add_examples(schema, parts, model)
    return {"$schema": _DIALECT, **schema, "title": title}


def json_schema_text(model: type[BaseModel], title: str) -> str:
    """Return the JSON Schema as indented text that ends with a line feed."""
    return json.dumps(json_schema(model, title), indent=2, ensure_ascii=False) + "\n"


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield every class derived from `model`: annotations do not show all that a field may hold."""
    for derived in model.__subclasses__():
        yield derived
        yield from _below(derived)


def _add_examples(schema: dict[str, Any], parts: Iterable[type[BaseModel]], root: type[BaseModel]) -> None:
    """Add the examples that models give to the properties that they describe; `root` is the whole file's."""
    for part in parts:
        described = schema if part is root else schema.get("$defs", {}).get(part.__name__, {})
        for name, examples in getattr(part, "examples", {}).items():
            if name in described.get("properties", {}):
                described["properties"][name]["examples"] = list(examples)


def _without_titles(schema: Any) -> Any:
    """Return the schema without the titles that pydantic makes from field names: they say nothing more."""
    if isinstance(schema, dict):
        return {
            key: {name: _without_titles(inner) for name, inner in value.items()}
            if key in ("properties", "$defs")
            else _without_titles(value)
            for key, value in schema.items()
            if key != "title"
        }
    return [_without_titles(item) for item in schema] if isinstance(schema, list) else schema
