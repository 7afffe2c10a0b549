"""Strict pydantic models over document data; every error as a problem with its place and likely meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stresstest.errors import Location, Problem, ProblemList, nearest
from stresstest.io.document import DataPath, Locate
from stresstest.io.model_fields import FieldDoc, Form, example_at, fields_at, mapping_form, other_words_at
from stresstest.io.scalars import plain_scalar
from stresstest.quantity import QuantityError, quoted, shown

ModelT = TypeVar("ModelT", bound=BaseModel)

_EXPECTED_TYPES: dict[str, str] = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date like 2026-01-16",
    "dict_type": "a mapping like {a: 1, b: 2}",
    "mapping_type": "a mapping like {a: 1, b: 2}",
    "list_type": "a list like [a, b]",
    "tuple_type": "a list like [a, b]",
    "model_type": "a mapping like {a: 1, b: 2}",
    "model_attributes_type": "a mapping like {a: 1, b: 2}",
    "none_required": "nothing",
}
_BOUNDS: dict[str, tuple[str, str]] = {
    "greater_than": ("a value above", "gt"),
    "greater_than_equal": ("a value of at least", "ge"),
    "less_than": ("a value below", "lt"),
    "less_than_equal": ("a value of at most", "le"),
    "too_short": ("at least this many entries:", "min_length"),
    "too_long": ("at most this many entries:", "max_length"),
    "string_too_short": ("at least this many characters:", "min_length"),
    "string_too_long": ("at most this many characters:", "max_length"),
    "multiple_of": ("a multiple of", "multiple_of"),
}
_MAPPINGS = ("dict_type", "mapping_type", "model_type", "model_attributes_type")
_LISTS = ("list_type", "tuple_type")
_AFTER_COMMA = re.compile(r"[0-9]+(%|bp|vol|pp|abs)?")
_BOOLEANS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_SHOWN_FIELDS = 16


@dataclass(frozen=True, slots=True)
class _Context:
    """What is validated, against which model, and where its parts stand."""

    model: type[BaseModel]
    data: Any
    locate: Locate

    def fields(self, path: DataPath) -> tuple[FieldDoc, ...]:
        """Return the fields that the mapping at `path` may have."""
        return fields_at(self.model, path, self.at(path))

    def other_words(self, path: DataPath, node: object) -> dict[str, str]:
        """Return words that people use for fields, or the kind, of the mapping `node` at `path`."""
        return other_words_at(self.model, path, node)

    def at(self, path: DataPath) -> Any:
        """Return the data at `path`."""
        node = self.data
        for part in path:
            node = node[part]
        return node


def validate(model: type[ModelT], data: object, locate: Locate, problems: ProblemList) -> ModelT | None:
    """Return the instance of `model` that `data` describes; else add every problem and return None.

    Parameters
    ----------
    locate
        Gives the place of the value at a path below `data`: `document.locator("positions", 3)`.
    """
    try:
        return model.model_validate(data)
    except ValidationError as errors:
        placed = [(_path_in(data, error), error) for error in errors.errors(include_url=False)]
    parents = {path[:length] for path, _ in placed for length in range(len(path))}
    found: list[Problem] = []
    for path, error in placed:
        problem = _problem(_Context(model, data, locate), path, error)
        # One member of a union may have failed inside the value that another refused as a whole.
        if problem.code != "ST152" or path not in parents:
            found.append(problem)
    problems.extend(sorted(_merged(found), key=lambda p: (p.location.line, p.location.column)))
    return None


def _merged(found: list[Problem]) -> list[Problem]:
    """Return the problems with those that differ only in what was expected made one (members of a union)."""
    merged: dict[tuple[str, Location], Problem] = {}
    for problem in found:
        same = merged.setdefault((problem.got, problem.location), problem)
        if problem.expected not in same.expected:
            expected = f"{same.expected} or {problem.expected}"
            suggestion = same.suggestion or problem.suggestion
            merged[problem.got, problem.location] = replace(same, expected=expected, suggestion=suggestion)
    return list(merged.values())


def _problem(context: _Context, path: DataPath, error: ErrorDetails) -> Problem:
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_field(context, path)
    if kind in ("missing", "union_tag_not_found"):
        return _missing_field(context, path, error)
    if kind == "union_tag_invalid":
        return _unknown_tag(context, path, error)
    where = context.locate(path)
    if kind in ("literal_error", "enum"):
        return _not_a_choice(error, where)
    if kind in _MAPPINGS:
        form = mapping_form(context.model, path, error["input"])
        example = example_at(context.model, path)
        if form is None and isinstance(example, Mapping):
            form = Form(f"a mapping like {_flow(example)}")
        if form is not None:
            return Problem("ST152", shown(error["input"]), form.expected, where, form.suggestion)
    return _wrong_value(error, where)


def _wrong_value(error: ErrorDetails, where: Location) -> Problem:
    kind, limits, got = error["type"], error.get("ctx", {}), shown(error["input"])
    cause = limits.get("error")
    if isinstance(cause, QuantityError):
        return cause.problem(where)
    if kind in _EXPECTED_TYPES:
        return _wrong_type(error["input"], kind, where)
    if kind in _BOUNDS:
        words, name = _BOUNDS[kind]
        return Problem("ST153", got, f"{words} {_limit(limits[name], error['input'])}", where)
    if kind == "finite_number":
        return Problem("ST121", got, "a finite number", where)
    return (
        Problem("ST169", got, error["msg"], where)
        if cause is None
        else Problem("ST169", str(cause), "", where)
    )


def _flow(value: object) -> str:
    """Return an example as it is written on one line: `{cut: {value: 50%, range: [10%, 80%]}}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    return f"[{', '.join(map(_flow, value))}]" if isinstance(value, list) else str(value)


def _limit(limit: float, value: object) -> str:
    """Return a bound as the value is written: in percent where that is."""
    percent = isinstance(value, str) and value.strip().endswith("%")
    return f"{100.0 * limit:g}%" if percent else f"{limit:g}"


def _path_in(data: object, error: ErrorDetails) -> DataPath:
    """Return the error's path without the parts that pydantic adds for unions, functions and keys."""
    path: list[str | int] = []
    node: Any = data
    parts = error["loc"]
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        inside = part in node if isinstance(node, Mapping) else _is_index(node, part)
        if inside:
            node = node[part]
            path.append(part)
        elif last and error["type"] == "missing":
            path.append(part)
    return tuple(path)


def _is_index(node: object, part: str | int) -> bool:
    return isinstance(node, list | tuple) and isinstance(part, int) and 0 <= part < len(node)


def _unknown_field(context: _Context, path: DataPath) -> Problem:
    name = str(path[-1])
    known = [field.name for field in context.fields(path[:-1])]
    place = context.locate(path, key=True)
    if context.at(path) is None and _AFTER_COMMA.fullmatch(name):
        got = f"{name!r} after a comma"
        return Problem("ST150", got, "a decimal point in the number before it: 5.4, not 5,4", place)
    listed = ", ".join(known[:_SHOWN_FIELDS]) + (", …" if len(known) > _SHOWN_FIELDS else "")
    words = context.other_words(path[:-1], context.at(path[:-1]))
    close = words.get(name.casefold()) or nearest(name, known)
    return Problem("ST150", f"unknown field {name[:64]!r}", f"one of {listed}", place, close)


def _missing_field(context: _Context, path: DataPath, error: ErrorDetails) -> Problem:
    if error["type"] == "union_tag_not_found":
        name, parent = str(error["ctx"]["discriminator"]).strip("'"), path
    else:
        name, parent = str(path[-1]), path[:-1]
    field = next((field for field in context.fields(parent) if field.name == name), FieldDoc(name, ""))
    expected = f"{name}: {field.doc}" if field.doc else ""
    close = f"{name}: {field.only_value}" if field.only_value and len(error["loc"]) == 1 else ""
    node = context.at(parent)
    for key in node if isinstance(node, Mapping) else ():
        if context.other_words(parent, None).get(str(key).casefold()) == name and isinstance(node[key], str):
            close = f"{name}: {node[key]}"
    return Problem("ST151", f"missing field {name!r}", expected, context.locate(parent), close)


def _unknown_tag(context: _Context, path: DataPath, error: ErrorDetails) -> Problem:
    limits = error["ctx"]
    tag, tag_field = str(limits["tag"]), str(limits["discriminator"]).strip("'")
    choices = [choice.strip(" '") for choice in str(limits["expected_tags"]).split(",")]
    got, where = f"{tag_field} {tag[:64]!r}", context.locate((*path, tag_field))
    word = context.other_words(path, None).get(tag.casefold(), "")
    close = word if word in choices else nearest(tag, choices)
    return Problem("ST154", got, f"one of {', '.join(choices)}", where, close)


def _not_a_choice(error: ErrorDetails, where: Location) -> Problem:
    words = str(error["ctx"]["expected"])
    choices = [choice.strip("'") for choice in words.replace(" or ", ", ").split(", ")]
    value = error["input"]
    if len(choices) == 1:
        expected = f"{choices[0]} without quotes" if value == choices[0] else choices[0]
        return Problem("ST154", shown(value), expected, where)
    suggestion = nearest(value, choices) if isinstance(value, str) else ""
    return Problem("ST154", shown(value), f"one of {', '.join(choices)}", where, suggestion)


def _wrong_type(value: object, kind: str, where: Location) -> Problem:
    """Return the problem with how to write `value` in the type wanted: `"12"` as text, `true` for `True`."""
    expected, suggestion = _EXPECTED_TYPES[kind], ""
    if kind == "string_type" and isinstance(value, bool | int | float | date):
        suggestion = quoted(value)
    elif kind in _LISTS:
        if value is None or isinstance(value, Mapping):
            expected = "a list: each entry on a line that begins with -"
        suggestion = f"[{value.replace('..', ', ')}]" if isinstance(value, str) and value else ""
    elif kind == "bool_type" and isinstance(value, str):
        suggestion = _BOOLEANS.get(value.lower(), "")
    elif (
        kind in ("int_type", "float_type")
        and isinstance(value, str)
        and not isinstance(plain_scalar(value), str)
    ):
        expected += " without quotes"
    return Problem("ST152", shown(value), expected, where, suggestion)


def json_mismatch(model: type[BaseModel], content: bytes) -> str:
    """Return the first thing in which a JSON document is not as `model` says, with its place; or nothing."""
    try:
        model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        return f"{where}: {first['msg'][:1].lower()}{first['msg'][1:]}"
    return ""
