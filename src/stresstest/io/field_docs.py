"""Descriptions of spec fields, read from the strings under them when somebody asks: reading costs time.

pydantic can read them when a class is made (`use_attribute_docstrings`), which parses the source of every
spec at every start: a fifth of a second for what only a message or a schema needs.
"""

from __future__ import annotations

import ast
import inspect
from textwrap import dedent

from pydantic import BaseModel

_described: set[type[BaseModel]] = set()


def add_descriptions(model: type[BaseModel]) -> None:
    """Fill the descriptions of the fields of `model` from its source and that of its bases; once."""
    if model in _described:
        return
    _described.add(model)
    docs: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            docs |= _docs(base)
    for name, field in model.model_fields.items():
        if field.description is None:
            field.description = docs.get(name)


def _docs(model: type[BaseModel]) -> dict[str, str]:
    """Return the string below each annotated name of a class; none where there is no source."""
    try:
        (node,) = ast.parse(dedent(inspect.getsource(model))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return {}
    if not isinstance(node, ast.ClassDef):
        return {}
    found = {}
    for statement, below in zip(node.body, node.body[1:], strict=False):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[statement.target.id] = inspect.cleandoc(str(below.value.value))
    return found
