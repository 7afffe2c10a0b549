"""Fields of the model that describes a part of a document, by its path: for suggestions and descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stresstest.io.document import DataPath
from stresstest.io.field_docs import add_descriptions

_LISTED = 8
"""Fields of a mapping that a message names."""


@dataclass(frozen=True, slots=True)
class FieldDoc:
    """A field as files write it, the first sentence of its description, and its value if there is but one."""

    name: str
    doc: str
    only_value: str = ""


class Form(NamedTuple):
    """How a mapping is written: in words, and the one that a single value was likely meant for, if any."""

    expected: str
    suggestion: str = ""


def fields_at(model: type[BaseModel], path: DataPath, node: object) -> tuple[FieldDoc, ...]:
    """Return the fields that the mapping `node` at `path` may have, each once.

    All members of a union count whose literal fields do not contradict `node`.
    """
    models = _models_at(model, path, node)
    for candidate in models:
        add_descriptions(candidate)
    found: dict[str, FieldDoc] = {}
    for name, field in (item for candidate in models for item in candidate.model_fields.items()):
        written = written_name(name, field)
        found.setdefault(written, FieldDoc(written, _sentence(field), _only_value(field)))
    return tuple(found.values())


def other_words_at(model: type[BaseModel], path: DataPath, node: object) -> dict[str, str]:
    """Return words that people use for fields of the mapping `node` at `path`, with the field."""
    words: dict[str, str] = {}
    for candidate in _models_at(model, path, node):
        words |= getattr(candidate, "other_words", {})
    return words


def mapping_form(model: type[BaseModel], path: DataPath, value: object) -> Form | None:
    """Return how the mapping at `path` is written, for which `value` was given; None where nobody knows."""
    for candidate in _annotations_at(model, path):
        for one in alternatives(candidate):
            form = _form_of(one, value)
            if form is not None:
                return form
    return None


def example_at(model: type[BaseModel], path: DataPath) -> object:
    """Return an example of the value at `path` that its model gives, or None."""
    for candidate in _models_at(model, path[:-1], None) if path else ():
        examples = getattr(candidate, "examples", {}).get(path[-1], ())
        if examples:
            return examples[0]
    return None


def _form_of(annotation: Any, value: object) -> Form | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.items()
        names = [written_name(name, field) for name, field in fields]
        listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
        shorthand = getattr(annotation, "shorthand", "")
        scalar = isinstance(value, str | int | float) and not isinstance(value, bool)
        return Form(f"a mapping with {listed}", f"{{{shorthand}: {value}}}" if shorthand and scalar else "")
    if get_origin(annotation) is dict and isinstance(value, str | float):
        text = f"{100.0 * value:g}%" if isinstance(value, float) else value
        keys = [key for key in alternatives(get_args(annotation)[0]) if get_origin(key) is Literal]
        if keys:
            return Form("a mapping like {" + ", ".join(f"{key}: {text}" for key in get_args(keys[0])) + "}")
    return None


def _annotations_at(model: type[BaseModel], path: DataPath) -> list[Any]:
    annotations: list[Any] = [model]
    for part in path:
        annotations = [inner for outer in annotations for inner in _below(outer, part)]
    return annotations


def _models_at(model: type[BaseModel], path: DataPath, node: object) -> list[type[BaseModel]]:
    return [candidate for outer in _annotations_at(model, path) for candidate in _models(outer, node)]


def _only_value(field: FieldInfo) -> str:
    """Return the one value that a field may have, or nothing."""
    values = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    return str(values[0]) if len(values) == 1 else ""


def written_name(name: str, field: FieldInfo) -> str:
    """Return a field's name in files: its alias where it has one (`from`)."""
    return field.validation_alias if isinstance(field.validation_alias, str) else field.alias or name


def alternatives(annotation: Any) -> Iterator[Any]:
    """Yield the members of a union, of an annotation or of a type alias; anything else as it is."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from alternatives(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for member in get_args(annotation):
            yield from alternatives(member)
    else:
        yield annotation


def _below(annotation: Any, part: str | int) -> Iterator[Any]:
    for candidate in alternatives(annotation):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            fields = candidate.model_fields.items()
            yield from (field.annotation for name, field in fields if written_name(name, field) == part)
        elif arguments := get_args(candidate):
            # A list's element is its first argument, a mapping's value its last.
            yield arguments[-1] if isinstance(part, str) else arguments[0]


def _models(annotation: Any, node: object) -> Iterator[type[BaseModel]]:
    for candidate in alternatives(annotation):
        if (
            isinstance(candidate, type)
            and issubclass(candidate, BaseModel)
            and not _contradicts(candidate, node)
        ):
            yield candidate


def _contradicts(model: type[BaseModel], node: object) -> bool:
    """Tell whether `node` has another value for a mandatory literal field, the tag of a union."""
    return isinstance(node, Mapping) and any(
        node.get(written_name(name, field)) not in get_args(field.annotation)
        for name, field in model.model_fields.items()
        if get_origin(field.annotation) is Literal
        and field.is_required()
        and len(get_args(field.annotation)) == 1
        and written_name(name, field) in node
    )


def _sentence(field: FieldInfo) -> str:
    text = " ".join((field.description or "").split())
    return text.split(". ", 1)[0].rstrip(".")
