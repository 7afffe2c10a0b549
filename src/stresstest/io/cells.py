"""Specs from the text cells of a table, by the same models that check documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel

from stresstest.errors import Location, ProblemList
from stresstest.io.document import DataPath, Locate
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
    spec = validate(model, values_from_cells(model, cells), locate or _nowhere, found)
    if problems is None:
        found.raise_if_any()
    return spec


def values_from_cells(model: type[BaseModel], cells: Mapping[str, str]) -> dict[str, object]:
    """Return the cells as document values: numbers and booleans where the field has them, text elsewhere."""
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
        if not marked and _wants_scalar(field.annotation):
            readers[written_name(name, field)] = _typed
    return readers


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


def _nowhere(path: DataPath, key: bool = False) -> Location:  # noqa: ARG001 (the protocol of Locate)
    return Location()
