"""Specs from the text cells of a table, by the same models that check documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel

from stresstest.errors import InputError, Location, ProblemList
from stresstest.io.document import DataPath, Locate, parse_document
from stresstest.io.model_fields import alternatives, written_name
from stresstest.io.scalars import plain_scalar
from stresstest.io.validation import validate

ModelT = TypeVar("ModelT", bound=BaseModel)


class TextCell:
    """Marks a field type that is written as text in documents too, so that a cell is passed as it is."""


def spec_from_cells(
    model: type[ModelT],
    cells: Mapping[str, str],
    locate: Locate | None = None,
    problems: ProblemList | None = None,
) -> ModelT | None:
    """Return the instance of `model` that a row of text cells describes; a blank cell is an absent field.

    Without `problems` every problem is raised; with it they are added and None is returned.

    Raises
    ------
    InputError
        With every problem of the row, if `problems` is not given.
    """
    found = ProblemList() if problems is None else problems
    at = locate or _nowhere
    values = values_from_cells(model, cells)
    for name, value in values.items():
        if isinstance(value, InputError):
            found.extend(problem.at(at((name,))) for problem in value.problems)
    malformed = any(isinstance(value, InputError) for value in values.values())
    spec = None if malformed else validate(model, values, at, found)
    if problems is None:
        found.raise_if_any()
    return spec


def values_from_cells(model: type[BaseModel], cells: Mapping[str, str]) -> dict[str, object]:
    """Return the cells as document values: numbers and booleans where the field has them, text elsewhere.

    A field that is a list or a mapping is written in its cell as documents write it on one line:
    `[{date: 2027-06-01, price: 102}]`. Where that is malformed the value is the error.
    """
    readers = _readers(model)
    return {
        name: readers[name](cell) if name in readers else cell for name, cell in cells.items() if cell != ""
    }


@cache
def _readers(model: type[BaseModel]) -> dict[str, Callable[[str], object]]:
    """Return, by written name, how cells of the fields that are not text are read."""
    readers: dict[str, Callable[[str], object]] = {}
    for name, field in model.model_fields.items():
        marked = any(isinstance(item, TextCell) for item in field.metadata)
        if not marked and _is_nested(field.annotation):
            readers[written_name(name, field)] = _nested
        elif not marked and _wants_scalar(field.annotation):
            readers[written_name(name, field)] = _typed
    return readers


def _is_nested(annotation: Any) -> bool:
    """Tell whether a field is a list or a mapping: in every form that it may have, but for nothing."""
    members = [member for member in alternatives(annotation) if member is not type(None)]
    return all(
        get_origin(member) in (tuple, list, dict)
        or (isinstance(member, type) and issubclass(member, BaseModel))
        for member in members
    )


def _wants_scalar(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated and any(isinstance(m, TextCell) for m in get_args(annotation)[1:]):
        return False
    members = get_args(annotation) if get_origin(annotation) is not Literal else ()
    if members and not isinstance(annotation, type):
        return any(_wants_scalar(member) for member in members if member is not type(None))
    return any(
        member in (int, float, bool) or _is_numeric_literal(member) for member in alternatives(annotation)
    )


def _is_numeric_literal(annotation: Any) -> bool:
    return get_origin(annotation) is Literal and not any(isinstance(v, str) for v in get_args(annotation))


def _typed(cell: str) -> object:
    value = plain_scalar(cell)
    return value if isinstance(value, bool | int | float) else cell


def _nested(cell: str) -> object:
    """Return the list or mapping of a cell, an error where it is malformed; other text stays as it is."""
    if cell[0] not in "[{":
        return cell
    try:
        return parse_document(cell, "").data
    except InputError as error:
        return error


def _nowhere(path: DataPath, key: bool = False) -> Location:  # noqa: ARG001 (the protocol of Locate)
    return Location()
